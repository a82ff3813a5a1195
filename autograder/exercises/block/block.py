"""Block: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, cat, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.block import feed_forward as ff
from autograder.exercises.block import layer_norm as ln
from autograder.exercises.block.dropout import dropout
from autograder.judge import Unmoved
from autograder.stand_ins import AttentionLayer, Past, TorchPart
from autograder.trial import Trial, build
from gradus import block as layer
from gradus.attention import MultiHeadAttention
from gradus.block import Block
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm

block = Exercise(
    layer.Block,
    instead_of=[nn.TransformerEncoderLayer],
    uses=[ln.layer_norm, ff.feed_forward, dropout],
)


def _attention(rng, d_model):
    names = ("query", "key", "value", "out")
    state = {f"{n}.weight": randn(d_model, d_model, generator=rng) / d_model**0.5 for n in names}
    return state | {f"{n}.bias": randn(d_model, generator=rng) / 2 for n in names}


def weights(rng, d_model, d_ff):
    """Random weights at unit scale for all four parts."""
    parts = {
        "attention": _attention(rng, d_model),
        "feedforward": ff.weights(rng, d_model, d_ff),
        "attention_norm": ln.weights(rng, d_model),
        "feedforward_norm": ln.weights(rng, d_model),
    }
    return {f"{part}.{n}": w for part, state in parts.items() for n, w in state.items()}


def _silenced(state):
    """The same block, with an attention and a feed-forward layer that always say 0."""
    last = ("attention.out", "feedforward.down")
    return {n: w * 0 if n.startswith(last) else w for n, w in state.items()}


def _causal(seq):
    return torch.ones(seq, seq, dtype=torch.bool).tril()


@block.case(
    "attention that adds 10 and 20, feed-forward that adds 100 and 200, by hand",
    hint="The last layers of both have weights 0; only their biases are left.",
)
def by_hand(rng: Generator) -> ByHand:
    state = _silenced(weights(rng, 2, 3))
    state |= {
        "attention.out.bias": tensor([10.0, 20]),
        "feedforward.down.bias": tensor([100.0, 200]),
    }
    x = tensor([[[1.0, 2], [3, 5]]])
    return ByHand(build(2, 1, 3).load(state).call(x), tensor([[[111.0, 222], [113, 225]]]))


@block.case("pre-norm", 2)
def pre_norm(rng: Generator) -> Trial:
    return build(6, 3, 10).load(weights(rng, 6, 10)).call(randn(2, 4, 6, generator=rng))


@block.case("post-norm", 2)
def post_norm(rng: Generator) -> Trial:
    trial = build(6, 3, 10, pre_norm=False).load(weights(rng, 6, 10))
    return trial.call(randn(2, 4, 6, generator=rng))


@block.case(
    "post-norm, when there is nothing to add",
    hint="What is left: the stream, normalised twice, each time with other weights.",
)
def nothing_to_add(rng: Generator) -> Trial:
    trial = build(6, 3, 10, pre_norm=False).load(_silenced(weights(rng, 6, 10)))
    return trial.call(randn(2, 4, 6, generator=rng))


@block.case(
    "with a causal mask, the future has no say",
    judge=Unmoved(
        "Position 1 may read positions 0 and 1 only, so changing position 3 must not change it.",
        lambda output: output[:, :2],
    ),
)
def masked(rng: Generator) -> list[Trial]:
    x = randn(2, 5, 6, generator=rng)
    changed = cat([x[:, :3], x[:, 3:] + 2], dim=1)
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return [trial.call(y, mask=_causal(5)) for y in (x, changed)]


@block.case("two new tokens with a cache", 0.5)
def with_cache(rng: Generator) -> Trial:
    past = Past(randn(2, 3, 4, 2, generator=rng), randn(2, 3, 4, 2, generator=rng))
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return trial.call(randn(2, 2, 6, generator=rng), cache=past)


@block.case(
    "dropout in training, and none afterwards",
    hint="With p = 1, nothing is added to the stream; the stream itself is never thinned.",
)
def thinned(rng: Generator) -> list[Trial]:
    x, state = randn(2, 4, 6, generator=rng), weights(rng, 6, 10)
    trials = [build(6, 3, 10, pre, 1.0).load(state) for pre in (True, False)]
    training = [trial.then("train").call(x) for trial in trials]
    return [*training, build(6, 3, 10, dropout=0.9).load(state).call(x)]


@block.case(
    "parts that are given",
    0.5,
    hint="An RMSNorm as norm, a plain linear layer as feed-forward, an attention of 2 heads.",
)
def other_parts(rng: Generator) -> list[Trial]:
    x, linear = randn(2, 4, 6, generator=rng), {"weight": randn(6, 6, generator=rng)}
    linear["bias"] = randn(6, generator=rng)
    attention = _attention(rng, 6)
    parts = {"attention": attention, "feedforward": linear}
    state = {f"{part}.{n}": w for part, named in parts.items() for n, w in named.items()}
    for place in ("attention_norm", "feedforward_norm"):
        state[f"{place}.weight"] = randn(6, generator=rng)
    trial = build(6, 3, 10).then(
        "__init__",
        *(6, 3, 10),
        attention=AttentionLayer(2, attention),
        feedforward=TorchPart("Linear", (6, 6)),
        norm=TorchPart("RMSNorm", (6, 0.1)),
    )
    return [trial.then("load_state_dict", state).call(x)]


@block.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    heads, d_head, seq, d_ff = randint(2, 5, (4,), generator=rng).tolist()
    d_model = heads * d_head
    x, state = randn(2, seq + 1, d_model, generator=rng), weights(rng, d_model, d_ff + 1)
    sizes = d_model, heads, d_ff + 1
    return [
        build(*sizes, pre_norm=pre).load(state).call(x, mask=_causal(seq + 1)).with_gradients()
        for pre in (True, False)
    ]


@block.house_rules()
def typical(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 1, 1], [0, 1, 1, 0]]).bool()[:, None, None]
    trial = build(6, 3, 10).load(weights(rng, 6, 10))
    return trial.call(randn(2, 4, 6, generator=rng), mask=padding)


@block.variant
class WithBranches(Block):
    def forward(self, x, mask=None, cache=None):
        stream = x
        y = self.attention_norm(stream) if self.pre_norm else stream
        y = self.attention(y, None, mask, cache)
        stream = stream + nn.functional.dropout(y, self.dropout, self.training)
        if not self.pre_norm:
            stream = self.attention_norm(stream)
        y = self.feedforward_norm(stream) if self.pre_norm else stream
        y = self.feedforward(y)
        stream = stream + nn.functional.dropout(y, self.dropout, self.training)
        return stream if self.pre_norm else self.feedforward_norm(stream)


@block.variant
class WithModules(Block):
    def __init__(
        self, d_model, heads, d_ff, pre_norm=True, dropout=0.0,
        attention=None, feedforward=None, norm=None,
    ):  # fmt: skip
        nn.Module.__init__(self)
        self.feedforward_norm = self._another(norm) if norm is not None else LayerNorm(d_model)
        self.attention_norm = norm if norm is not None else LayerNorm(d_model)
        self.feedforward = feedforward if feedforward is not None else FeedForward(d_model, d_ff)
        self.attention = attention if attention is not None else MultiHeadAttention(d_model, heads)
        self.drop = nn.Dropout(dropout)
        self.pre_norm = pre_norm

    def _another(self, norm):
        import copy

        return copy.deepcopy(norm)

    def forward(self, x, mask=None, cache=None):
        parts = (
            (self.attention_norm, lambda y: self.attention(y, mask=mask, cache=cache)),
            (self.feedforward_norm, self.feedforward),
        )
        for norm, part in parts:
            change = self.drop(part(norm(x) if self.pre_norm else x))
            x = x + change if self.pre_norm else norm(x + change)
        return x


@block.variant
class TwoForwards(Block):
    def forward(self, x, mask=None, cache=None):
        return (self._pre if self.pre_norm else self._post)(x, {"mask": mask, "cache": cache})

    def _thin(self, y):
        if not self.training or not self.dropout:
            return y
        if self.dropout == 1:
            return 0 * y
        return y * (torch.rand_like(y) >= self.dropout) / (1 - self.dropout)

    def _pre(self, x, extra):
        change = self._thin(self.attention(self.attention_norm(x), **extra))
        more = self._thin(self.feedforward(self.feedforward_norm(x + change)))
        return torch.stack([x, change, more]).sum(0)

    def _post(self, x, extra):
        middle = self.attention_norm(self._thin(self.attention(x, **extra)) + x)
        return self.feedforward_norm(self._thin(self.feedforward(middle)) + middle)
