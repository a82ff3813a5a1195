"""LearnedPositions: its cases, variants and first mistakes."""

import torch
from torch import Generator, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.embedding.starts import Starts
from autograder.trial import Trial, build
from gradus import position
from gradus.position import LearnedPositions

learned_positions = Exercise(
    position.LearnedPositions, instead_of=[F.embedding, torch.embedding, nn.Embedding]
)


def _table(rng, max_seq, d_model):
    return build(max_seq, d_model).load({"weight": randn(max_seq, d_model, generator=rng)})


@learned_positions.case("two words, by hand")
def by_hand(rng: Generator) -> ByHand:
    trial = build(3, 2).load({"weight": tensor([[10.0, 20], [30, 40], [50, 60]])})
    return ByHand(trial.call(tensor([[[1.0, 2], [3, 4]]])), tensor([[[11.0, 22], [33, 44]]]))


@learned_positions.case(
    "every text of a batch begins at position 0",
    hint="Any number of axes may stand in front of the positions, also none.",
)
def batch(rng: Generator) -> list[Trial]:
    trial = _table(rng, 9, 4)
    return [trial.call(randn(*s, 5, 4, generator=rng)) for s in ((3,), (), (2, 3))]


@learned_positions.case(
    "a text that goes on, piece by piece",
    2,
    hint="With a cache, only the new words come in. Where does the first of them stand?",
)
def piece_by_piece(rng: Generator) -> Trial:
    trial = _table(rng, 9, 4).call(randn(2, 4, 4, generator=rng))
    trial = trial.call(randn(2, 1, 4, generator=rng), 4).call(randn(2, 1, 4, generator=rng), 5)
    # Then another text, at its beginning.
    return trial.call(randn(2, 3, 4, generator=rng))


@learned_positions.case("a text that fills the table to its end", 0.5)
def full(rng: Generator) -> list[Trial]:
    trial = _table(rng, 6, 4)
    return [trial.call(randn(2, 6, 4, generator=rng)), trial.call(randn(2, 2, 4, generator=rng), 4)]


@learned_positions.case(
    "positions that the table does not have",
    hint="What was never learned cannot be looked up. Should a model go on without a word?",
)
def past_the_end(rng: Generator) -> list[Trial]:
    trial = _table(rng, 6, 4)
    asked = ((7, 0), (2, 5), (1, 6), (1, 9), (2, -1), (2, -3))
    return [trial.call(randn(2, seq, 4, generator=rng), offset) for seq, offset in asked]


@learned_positions.case("the numbers that it starts with", 0.5, judge=Starts(0.02))
def starts(rng: Generator) -> Trial:
    return build(200, 50).then("weight")


@learned_positions.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model, offset = randint(2, 7, (4,), generator=rng).tolist()
    trial = _table(rng, offset + seq + 3, d_model)
    return trial.call(randn(batch, seq, d_model, generator=rng), offset=offset).with_gradients()


@learned_positions.house_rules()
def typical(rng: Generator) -> Trial:
    return _table(rng, 9, 4).call(randn(2, 5, 4, generator=rng), 3)


def _check(table, x, offset):
    if offset < 0 or offset + x.shape[-2] > len(table.weight):
        raise ValueError("no such position")


@learned_positions.variant
class ByIndex(LearnedPositions):
    def forward(self, x, offset=0):
        _check(self, x, offset)
        places = torch.arange(offset, offset + x.shape[-2], device=x.device)
        return self.weight[places] + x


@learned_positions.variant
class Narrowed(LearnedPositions):
    def __init__(self, max_seq, d_model):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.empty(max_seq, d_model).normal_(std=0.02))

    def forward(self, x, offset=0):
        if not 0 <= offset <= self.weight.shape[0] - x.shape[-2]:
            raise ValueError(f"past the table: {offset}")
        return torch.add(x, self.weight.narrow(0, offset, x.shape[-2]).expand_as(x))


@learned_positions.variant
class WordByWord(LearnedPositions):
    def forward(self, x, offset=0):
        _check(self, x, offset)
        words = [x[..., i, :] + self.weight[offset + i] for i in range(x.shape[-2])]
        return torch.stack(words, dim=-2)
