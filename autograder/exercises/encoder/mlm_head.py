"""MlmHead: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import TorchPart
from autograder.trial import Trial, build
from gradus import masked_lm as layers
from gradus.masked_lm import MlmHead
from gradus.norm import LayerNorm

mlm_head = Exercise(layers.MlmHead)


def _weights(rng, vocab=9, d_model=6, scale=1.0):
    return {
        "embedding.weight": randn(vocab, d_model, generator=rng),
        "dense.weight": scale * randn(d_model, d_model, generator=rng),
        "dense.bias": scale * randn(d_model, generator=rng),
        "norm.weight": randn(d_model, generator=rng),
        "norm.bias": randn(d_model, generator=rng),
        "bias": randn(vocab, generator=rng),
    }


def _head(vocab=9, d_model=6, **eps):
    return build(TorchPart("Embedding", (vocab, d_model)), **eps)


@mlm_head.case(
    "three words, by hand",
    hint="The weight of the norm is 0 here: whatever comes in, (1, 2) goes on to the words.",
)
def by_hand(rng: Generator) -> ByHand:
    state = _weights(rng, 3, 2) | {
        "norm.weight": torch.zeros(2),
        "norm.bias": tensor([1.0, 2]),
        "embedding.weight": tensor([[1.0, 0], [0, 1], [1, 1]]),
        "bias": tensor([10.0, 20, 30]),
    }
    trial = _head(3, 2).load(state).call(randn(1, 1, 2, generator=rng))
    return ByHand(trial, tensor([[[11.0, 22, 33]]]))


@mlm_head.case("a score for every word, at every position", 2)
def every_word(rng: Generator) -> Trial:
    return _head().load(_weights(rng)).call(randn(2, 5, 6, generator=rng))


@mlm_head.case("as many words as numbers in a vector", 0.5)
def square(rng: Generator) -> Trial:
    return _head(6, 6).load(_weights(rng, 6)).call(randn(2, 5, 6, generator=rng))


@mlm_head.case("any number of axes before the vectors", 0.5)
def axes(rng: Generator) -> list[Trial]:
    trial = _head().load(_weights(rng))
    return [trial.call(randn(*shape, 6, generator=rng)) for shape in ((), (4,), (2, 3, 4))]


@mlm_head.case("the eps that it is given, and the one that it is not")
def eps(rng: Generator) -> list[Trial]:
    x = randn(2, 5, 6, generator=rng)
    small = _head().load(_weights(rng, scale=1e-3)).call(x)
    return [small, _head(eps=0.5).load(_weights(rng)).call(x)]


@mlm_head.case(
    "the vectors of the words are those of the embedding, and learn with it",
    hint="One parameter in two places, not two parameters with the same numbers.",
)
def shared(rng: Generator) -> Trial:
    return _head().load(_weights(rng)).call(randn(2, 5, 6, generator=rng)).with_gradients()


@mlm_head.case("the bias that it starts with", 0.5)
def starts(rng: Generator) -> Trial:
    return _head().then("bias")


@mlm_head.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, vocab, d_model = (2 + randint(5, (4,), generator=rng)).tolist()
    sizes = vocab + 8, d_model + 1
    trial = _head(*sizes, eps=0.1).load(_weights(rng, *sizes))
    return trial.call(randn(batch, seq, sizes[1], generator=rng)).with_gradients()


@mlm_head.house_rules()
def typical(rng: Generator) -> Trial:
    return _head().load(_weights(rng)).call(randn(2, 5, 6, generator=rng))


@mlm_head.variant
class WithLinear(MlmHead):
    def forward(self, x):
        x = self.norm(F.gelu(self.dense(x)))
        return F.linear(x, self.embedding.weight, self.bias)


@mlm_head.variant
class WithEinsum(MlmHead):
    def __init__(self, embedding, eps=1e-12):
        nn.Module.__init__(self)
        d_model = embedding.weight.size(1)
        self.bias = nn.Parameter(torch.zeros(embedding.weight.size(0)))
        self.norm = nn.LayerNorm(d_model, eps=eps)
        self.dense = nn.Linear(d_model, d_model)
        self.embedding = embedding

    def forward(self, x):
        hidden = self.norm(nn.GELU()(self.dense(x)))
        return torch.einsum("...d,vd->...v", hidden, self.embedding.weight) + self.bias


@mlm_head.variant
class NormByHand(MlmHead):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(embedding)
        self.norm = LayerNorm(embedding.weight.shape[1], eps=eps)
        self.eps = eps

    def forward(self, x):
        x = x @ self.dense.weight.T + self.dense.bias
        x = x * (1 + torch.erf(x / 2**0.5)) / 2
        x = x - x.mean(-1, keepdim=True)
        x = x / (x.pow(2).mean(-1, keepdim=True) + self.eps).sqrt()
        x = x * self.norm.weight + self.norm.bias
        return (x.unsqueeze(-2) * self.embedding.weight).sum(-1) + self.bias
