"""DecoderBlock: its cases and variants. Its mistakes are in files of their own."""

import copy

import torch
from torch import Generator, cat, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.block.feed_forward import weights as feedforward
from autograder.exercises.block.layer_norm import weights as norm_weights
from autograder.judge import Unmoved
from autograder.stand_ins import AttentionLayer, Past, TorchPart
from autograder.trial import Trial, build
from gradus import decoder_block as layer
from gradus.attention import MultiHeadAttention
from gradus.decoder_block import DecoderBlock
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm

decoder_block = Exercise(layer.DecoderBlock, instead_of=[nn.TransformerDecoderLayer])


def attention(rng, d_model):
    """Random weights at unit scale for one attention layer."""
    names = ("query", "key", "value", "out")
    state = {f"{n}.weight": randn(d_model, d_model, generator=rng) / d_model**0.5 for n in names}
    return state | {f"{n}.bias": randn(d_model, generator=rng) / 2 for n in names}


def weights(rng, d_model, d_ff):
    """Random weights at unit scale for all six parts."""
    parts = {
        "attention": attention(rng, d_model),
        "cross": attention(rng, d_model),
        "feedforward": feedforward(rng, d_model, d_ff),
    }
    parts |= {f"{part}_norm": norm_weights(rng, d_model) for part in list(parts)}
    return {f"{part}.{n}": w for part, state in parts.items() for n, w in state.items()}


def _silenced(state):
    """The same block, with three parts that always say 0."""
    last = ("attention.out", "cross.out", "feedforward.down")
    return {n: w * 0 if n.startswith(last) else w for n, w in state.items()}


def _causal(seq):
    return torch.ones(seq, seq, dtype=torch.bool).tril()


@decoder_block.case(
    "three parts that add 10, 100 and 1000, by hand",
    hint="The last layers of all three have weights 0; only their biases are left.",
)
def by_hand(rng: Generator) -> ByHand:
    state = _silenced(weights(rng, 2, 3))
    state |= {
        "attention.out.bias": tensor([10.0, 20]),
        "cross.out.bias": tensor([100.0, 200]),
        "feedforward.down.bias": tensor([1000.0, 2000]),
    }
    x, memory = tensor([[[1.0, 2], [3, 5]]]), tensor([[[7.0, 8]]])
    trial = build(2, 1, 3).load(state).call(x, memory)
    return ByHand(trial, tensor([[[1111.0, 2222], [1113, 2225]]]))


@decoder_block.case("pre-norm", 2)
def pre_norm(rng: Generator) -> Trial:
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return trial.call(randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng))


@decoder_block.case("post-norm", 2)
def post_norm(rng: Generator) -> Trial:
    trial = build(6, 3, 10, pre_norm=False).load(weights(rng, 6, 10))
    return trial.call(randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng))


@decoder_block.case(
    "post-norm, when there is nothing to add",
    0.5,
    hint="What is left: the stream, normalised three times, each time with other weights.",
)
def nothing_to_add(rng: Generator) -> Trial:
    trial = build(6, 3, 10, pre_norm=False).load(_silenced(weights(rng, 6, 10)))
    return trial.call(randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng))


@decoder_block.case(
    "with a causal mask, the future has no say, but all of the memory has",
    judge=Unmoved(
        "Position 1 may read positions 0 and 1 of x only, so changing position 3 must not change "
        "it.",
        lambda output: output[:, :2],
    ),
    hint="x and the memory are equally long here, so that one mask would fit both.",
)
def masked(rng: Generator) -> list[Trial]:
    x, memory = randn(2, 5, 6, generator=rng), randn(2, 5, 6, generator=rng)
    changed = cat([x[:, :3], x[:, 3:] + 2], dim=1)
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return [trial.call(y, memory, mask=_causal(5)) for y in (x, changed)]


@decoder_block.case(
    "padding of the memory has no say",
    judge=Unmoved(
        "`memory_mask` hides places 3 and 4 of the memory of text 0, so changing them must not "
        "change the output.",
        lambda output: output[0],
    ),
)
def memory_masked(rng: Generator) -> list[Trial]:
    x, memory = randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng)
    padding = tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]).bool()[:, None, None]
    changed = cat([memory[:, :3], memory[:, 3:] + 2], dim=1)
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return [trial.call(x, m, mask=_causal(4), memory_mask=padding) for m in (memory, changed)]


@decoder_block.case(
    "two new tokens with a cache", 0.5, hint="The cache belongs to one of the two attentions."
)
def with_cache(rng: Generator) -> Trial:
    past = Past(randn(2, 3, 4, 2, generator=rng), randn(2, 3, 4, 2, generator=rng))
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    x, memory = randn(2, 2, 6, generator=rng), randn(2, 5, 6, generator=rng)
    return trial.call(x, memory, cache=past)


@decoder_block.case(
    "dropout in training, and none afterwards",
    0.5,
    hint="With p = 1, nothing is added to the stream; the stream itself is never thinned.",
)
def thinned(rng: Generator) -> list[Trial]:
    x, memory = randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng)
    state = weights(rng, 6, 10)
    trials = [build(6, 3, 10, pre, 1.0).load(state) for pre in (True, False)]
    training = [trial.then("train").call(x, memory) for trial in trials]
    return [*training, build(6, 3, 10, dropout=0.9).load(state).call(x, memory)]


@decoder_block.case(
    "parts that are given",
    0.5,
    hint="Two attentions, a plain linear layer as feed-forward, an RMSNorm as norm.",
)
def other_parts(rng: Generator) -> Trial:
    first, second = attention(rng, 6), attention(rng, 6)
    linear = {"weight": randn(6, 6, generator=rng), "bias": randn(6, generator=rng)}
    parts = {"attention": first, "cross": second, "feedforward": linear}
    state = {f"{part}.{n}": w for part, named in parts.items() for n, w in named.items()}
    for part in parts:
        state[f"{part}_norm.weight"] = randn(6, generator=rng)
    trial = build(
        *(6, 1, 10),
        attention=AttentionLayer(2, first),
        cross=AttentionLayer(3, second),
        feedforward=TorchPart("Linear", (6, 6)),
        norm=TorchPart("RMSNorm", (6, 0.1)),
    ).load(state)
    return trial.call(randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng))


@decoder_block.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    heads, d_head, seq, source = randint(2, 5, (4,), generator=rng).tolist()
    d_model, d_ff = heads * d_head, seq + 7
    x = randn(2, seq, d_model, generator=rng)
    memory = randn(2, seq + source, d_model, generator=rng)
    padding = torch.arange(seq + source)[None, None, None] < tensor([seq, 2]).view(2, 1, 1, 1)
    state = weights(rng, d_model, d_ff)
    return [
        build(d_model, heads, d_ff, pre_norm=pre)
        .load(state)
        .call(x, memory, mask=_causal(seq), memory_mask=padding)
        .with_gradients()
        for pre in (True, False)
    ]


@decoder_block.house_rules()
def typical(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 1, 1, 1], [0, 1, 1, 0, 1]]).bool()[:, None, None]
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    x, memory = randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng)
    return trial.call(x, memory, mask=_causal(4), memory_mask=padding)


@decoder_block.variant
class WithBranches(DecoderBlock):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        for name in ("attention", "cross", "feedforward"):
            part, norm = getattr(self, name), getattr(self, f"{name}_norm")
            y = norm(x) if self.pre_norm else x
            if name == "attention":
                y = part(y, None, mask, cache)
            elif name == "cross":
                y = part(y, memory, memory_mask)
            else:
                y = part(y)
            x = x + nn.functional.dropout(y, self.dropout, self.training)
            if not self.pre_norm:
                x = norm(x)
        return x


@decoder_block.variant
class WithModules(DecoderBlock):
    def __init__(
        self, d_model, heads, d_ff, pre_norm=True, dropout=0.0,
        attention=None, cross=None, feedforward=None, norm=None,
    ):  # fmt: skip
        nn.Module.__init__(self)
        norms = [copy.deepcopy(norm) if norm else LayerNorm(d_model) for _ in range(3)]
        self.feedforward_norm, self.cross_norm, self.attention_norm = norms
        self.feedforward = feedforward or FeedForward(d_model, d_ff)
        self.cross = cross or MultiHeadAttention(d_model, heads)
        self.attention = attention or MultiHeadAttention(d_model, heads)
        self.drop = nn.Dropout(dropout)
        self.pre_norm = pre_norm

    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        steps = (
            (self.attention_norm, lambda y: self.attention(y, mask=mask, cache=cache)),
            (self.cross_norm, lambda y: self.cross(y, memory=memory, mask=memory_mask)),
            (self.feedforward_norm, self.feedforward),
        )
        for norm, part in steps:
            change = self.drop(part(norm(x) if self.pre_norm else x))
            x = x + change if self.pre_norm else norm(x + change)
        return x


@decoder_block.variant
class TwoForwards(DecoderBlock):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        extra = {"mask": mask, "cache": cache}
        if self.pre_norm:
            a = self._thin(self.attention(self.attention_norm(x), **extra))
            b = self._thin(self.cross(self.cross_norm(x + a), memory, mask=memory_mask))
            c = self._thin(self.feedforward(self.feedforward_norm(x + a + b)))
            return torch.stack([x, a, b, c]).sum(0)
        y = self.attention_norm(self._thin(self.attention(x, **extra)) + x)
        y = self.cross_norm(self._thin(self.cross(y, memory, mask=memory_mask)) + y)
        return self.feedforward_norm(self._thin(self.feedforward(y)) + y)

    def _thin(self, y):
        return nn.functional.dropout(y, self.dropout, self.training)
