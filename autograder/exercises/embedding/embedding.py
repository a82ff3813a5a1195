"""Embedding: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.embedding.starts import Starts
from autograder.trial import Trial, build
from gradus import embedding as layers
from gradus.embedding import Embedding
from gradus.ids import check_ids

embedding = Exercise(
    layers.Embedding, instead_of=[F.embedding, torch.embedding, nn.Embedding, F.embedding_bag]
)


def _table(rng, vocab, d_model, padding=None):
    weight = {"weight": randn(vocab, d_model, generator=rng)}
    return build(vocab, d_model, padding).load(weight)


@embedding.case("two tokens, by hand")
def by_hand(rng: Generator) -> ByHand:
    trial = build(3, 2).load({"weight": tensor([[1.0, 2], [3, 4], [5, 6]])})
    return ByHand(trial.call(tensor([2, 0])), tensor([[5.0, 6], [1, 2]]))


@embedding.case(
    "ids of any shape, in 64 bits or 32",
    hint="A vector stands where an id stood: one axis is added.",
)
def shapes(rng: Generator) -> list[Trial]:
    trial = _table(rng, 7, 4)
    ids = [randint(7, s, generator=rng) for s in ((), (5,), (2, 3), (2, 3, 5))]
    return [*(trial.call(i) for i in ids), trial.call(ids[2].int())]


@embedding.case(
    "padding is looked up, but learns nothing",
    2,
    hint="Its vector comes out as it stands in the table. Only its gradient is nothing.",
)
def padding_learns_nothing(rng: Generator) -> list[Trial]:
    ids = tensor([[3, 5, 2, 2], [5, 0, 0, 6]])
    return [_table(rng, 7, 4, p).call(ids).with_gradients() for p in (2, 0, None)]


@embedding.case("the vector that padding starts with", 0.5)
def padding_starts(rng: Generator) -> list[Trial]:
    return [build(6, 4, padding=p).call(tensor([p, p])) for p in (3, 0)]


@embedding.case("the numbers that it starts with", 0.5, judge=Starts(1.0))
def starts(rng: Generator) -> Trial:
    return build(200, 50).then("weight")


@embedding.case(
    "ids that are none",
    hint="Python reads table[-1] from the end and says nothing. Which ids have a row?",
)
def no_ids(rng: Generator) -> list[Trial]:
    trial = _table(rng, 5, 3)
    return [trial.call(tensor(ids)) for ids in ([4, -1], [0, 5], [1, 9])]


@embedding.case("ids that are not whole numbers", 0.5)
def not_whole(rng: Generator) -> list[Trial]:
    trial = _table(rng, 5, 3)
    return [trial.call(tensor([1.0, 2.0])), trial.call(tensor([True, False, True, True, False]))]


@embedding.case("padding that is no token", 0.5)
def no_padding(rng: Generator) -> list[Trial]:
    return [build(5, 3, padding=p).call(tensor([0])) for p in (-1, 5)]


@embedding.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, vocab, d_model = (
        randint(4, 9, (4,), generator=rng) + tensor([0, 0, 6, 0])
    ).tolist()
    ids = randint(vocab, (batch, seq), generator=rng)
    return _table(rng, vocab, d_model, int(ids[0, 0])).call(ids).with_gradients()


@embedding.house_rules()
def typical(rng: Generator) -> Trial:
    return _table(rng, 7, 4, 1).call(tensor([[6, 2, 1], [0, 1, 5]]))


@embedding.variant
class StoppedRow(Embedding):
    """The table without gradient, and zeros in the place of it for the padding."""

    def forward(self, ids):
        if ids.is_floating_point() or ids.dtype == torch.bool:
            raise TypeError
        check_ids(ids, self.weight.shape[0])
        weight = self.weight
        if self.padding is not None:
            learns = torch.ones(len(weight), 1, dtype=weight.dtype, device=weight.device)
            learns[self.padding] = 0
            weight = weight * learns + (weight * (1 - learns)).detach()
        return weight[ids]


@embedding.variant
class OneHot(Embedding):
    def forward(self, ids):
        if ids.dtype not in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
            raise TypeError("no ids")
        check_ids(ids, self.weight.shape[0])
        places = torch.arange(self.weight.shape[0], device=ids.device)
        hot = (ids.unsqueeze(-1) == places).to(self.weight.dtype)
        if self.padding is None:
            return hot @ self.weight
        fixed = self.weight.detach()
        keep = (places == self.padding).unsqueeze(-1)
        return hot @ torch.where(keep, fixed, self.weight)


@embedding.variant
class IndexSelect(Embedding):
    def __init__(self, vocab, d_model, padding=None):
        nn.Module.__init__(self)
        if padding is not None and (padding < 0 or padding >= vocab):
            raise ValueError("padding")
        start = torch.normal(0.0, 1.0, (vocab, d_model))
        if padding is not None:
            start[padding] = 0
        self.weight, self.padding, self.vocab = nn.Parameter(start), padding, vocab

    def forward(self, ids):
        if ids.dtype not in (torch.int64, torch.int32):
            raise TypeError("ids must be integers")
        if not ids.is_meta and ids.numel() and (ids.min() < 0 or ids.max() >= self.vocab):
            raise ValueError("id out of range")
        rows = self.weight.index_select(0, ids.flatten())
        if self.padding is not None:
            real = (ids.flatten() != self.padding)[:, None].to(rows.dtype)
            rows = rows * real + rows.detach() * (1 - real)
        return rows.reshape(*ids.shape, -1)
