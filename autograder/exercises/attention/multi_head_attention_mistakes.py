"""What goes wrong in MultiHeadAttention: projections, heads and scores."""

from autograder.exercises.attention.multi_head_attention import multi_head_attention
from autograder.exercises.attention.multi_head_attention_steps import Steps
from gradus.attention import attend
from gradus.heads import merge_heads


@multi_head_attention.mistake(
    "The out projection is never applied.", "What mixes what the heads have read?"
)
class OutForgotten(Steps):
    def finish(self, mixed):
        merged = merge_heads(mixed)
        return merged[..., : self.out.out_features]


@multi_head_attention.mistake(
    "The out projection is applied without its bias.", "What does calling a Linear do besides @?"
)
class OutWeightOnly(Steps):
    def finish(self, mixed):
        return merge_heads(mixed) @ self.out.weight.mT


@multi_head_attention.mistake(
    "Heads are cut from the numbers as they lie in memory, so they mix positions.",
    "Does head 0 of position 1 hold numbers that came from position 1?",
)
class Scrambled(Steps):
    def split(self, x, heads):
        batch, seq, width = x.shape
        return x.reshape(batch, heads, seq, width // heads)


@multi_head_attention.mistake(
    "Heads are merged as they lie in memory, so they mix positions.",
    "Does row 0 of what goes into `out` hold position 0 of every head?",
)
class ScrambledAtTheEnd(Steps):
    def finish(self, mixed):
        batch, heads, seq, d_head = mixed.shape
        return self.out(mixed.reshape(batch, seq, heads * d_head))


@multi_head_attention.mistake(
    "Heads take turns number by number instead of getting neighbouring numbers.",
    "Which rows of query.weight make head 0?",
)
class TakingTurns(Steps):
    def split(self, x, heads):
        return x.unflatten(-1, (-1, heads)).permute(0, 3, 1, 2)


@multi_head_attention.mistake(
    "There is only one head: the full width is compared at once.",
    "Where is the width cut into heads?",
)
class OneHead(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        if cache is not None or self.heads != self.kv_heads:
            return super().forward(x, memory, mask, cache)
        q, k, v = self.project(*self.sources(x, memory))
        if mask is not None and mask.dim() == 4:
            mask = mask[:, 0]
        return self.out(attend(q, k, v, mask)[0])


@multi_head_attention.mistake(
    "The scores are scaled by the width of the model, not of one head.",
    "How many products does one score add up?",
)
class ScaledByModel(Steps):
    def read(self, q, k, v, mask):
        return attend(q * (q.shape[-1] / self.query.in_features) ** 0.5, k, v, mask)[0]


@multi_head_attention.mistake(
    "The scores are not scaled.", "What keeps the scores around 1 when heads are wide?"
)
class Unscaled(Steps):
    def read(self, q, k, v, mask):
        return attend(q * q.shape[-1] ** 0.5, k, v, mask)[0]


@multi_head_attention.mistake(
    "Queries and keys are scaled each: the scores are divided by d_head.",
    "If attend scales already, what is left for the layer to do?",
)
class ScaledTwice(Steps):
    def read(self, q, k, v, mask):
        return attend(q / q.shape[-1] ** 0.5, k, v, mask)[0]


@multi_head_attention.mistake(
    "All heads use the first head's queries and keys.", "What makes the heads differ?"
)
class SameHeads(Steps):
    def read(self, q, k, v, mask):
        return attend(q[:, :1].expand_as(q), k[:, :1].expand_as(k), v, mask)[0]


@multi_head_attention.mistake(
    "The heads are averaged; each should keep its own place.",
    "How wide is what goes into `out`?",
)
class Averaged(Steps):
    def finish(self, mixed):
        return self.out(merge_heads(mixed.mean(1, keepdim=True).expand_as(mixed)))


@multi_head_attention.mistake(
    "The heads share one attention pattern: their scores are averaged.",
    "May two heads look at different positions?",
)
class SharedPattern(Steps):
    def read(self, q, k, v, mask):
        weights = attend(q, k, v, mask)[1].mean(1, keepdim=True)
        return weights.expand(-1, q.shape[1], -1, -1) @ v


@multi_head_attention.mistake(
    "The keys are also used as values.", "Which projection is never called?"
)
class KeysAsValues(Steps):
    def project(self, x, keys, values):
        return self.query(x), self.key(keys), self.key(values)


@multi_head_attention.mistake(
    "The key projection makes the queries.", "Which projection is never called?"
)
class KeyMakesQueries(Steps):
    def project(self, x, keys, values):
        q = self.key(x)
        return q.repeat(1, 1, self.heads // self.kv_heads), self.key(keys), self.value(values)


@multi_head_attention.mistake(
    "Keys and values have changed places.", "What is compared with the queries?"
)
class KeysForValues(Steps):
    def project(self, x, keys, values):
        return self.query(x), self.value(keys), self.key(values)
