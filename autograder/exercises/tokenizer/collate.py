"""collate: texts of different lengths in one tensor."""

from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor, arange, full, nn, randint, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked
from autograder.observation import Observation
from autograder.trial import Trial, ask
from autograder.words import Words
from gradus import collate as reference

collate = Exercise(reference.collate, returns=("the ids", "the mask"))


@dataclass
class OrNumbers(Asked):
    """A mask of 0 and 1 does here: that its dtype is wrong costs points once, not in every case."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Compare the truth of the mask."""
        match one.outputs[-1]:
            case (ids, Tensor() as mask):
                one = replace(one, outputs=[(ids, mask.bool())])
        return super().outputs(one, right, words)


BY_HAND = ask([[5, 6, 7], [8]], 9)
LEFT = [
    ask([[5, 6, 7], [8], [4, 3]], 9, "left"),
    ask([[1, 2, 3, 4], [5, 6]], 0, "left", 3),
    ask([[1], [2, 3]], 0, max_len=5, side="left"),
]
PADDING = [ask([[5, 0, 7], [8]], -1), ask([[3], [4, 5]], 300)]
REAL = [ask([[2, 9], [9, 9, 2], [9]], 9), ask([[0, 0], [0]], 0)]
CUT = [
    ask([[1, 2, 3, 4], [5], [6, 7]], 0, "right", 2),
    ask([[1, 2, 3], [4]], 0, "right", 3),
    ask([[1], [2, 3]], 0, max_len=5),
]
EMPTY = [ask([[], [1, 2]], 7), ask([[1], []], 7), ask([[]], 7), ask([[4, 5]], 7)]
REFUSED = [
    ask([], 0),
    ask([[1, 2], [3]], 0, "top"),
    ask([[1, 2], [3]], 0, "right", 0),
    ask([[1, 2], [3]], 0, "left", -1),
]


@collate.case("two texts, by hand", 0.5, judge=Asked([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    mask = [[True, True, True], [True, False, False]]
    return ByHand(BY_HAND, (tensor([[5, 6, 7], [8, 9, 9]]), tensor(mask)))


@collate.case("padding on the left", judge=OrNumbers(LEFT))
def left(rng: Generator) -> list[Trial]:
    return LEFT


@collate.case("any id may be the padding", 0.5, judge=OrNumbers(PADDING))
def padding(rng: Generator) -> list[Trial]:
    return PADDING


@collate.case(
    "a real id equal to the padding",
    judge=OrNumbers(REAL),
    hint="GPT-2 pads with the very id that ends a text. The end of a text is to be read.",
)
def real(rng: Generator) -> list[Trial]:
    return REAL


@collate.case("texts that are too long", judge=OrNumbers(CUT))
def cut(rng: Generator) -> list[Trial]:
    return CUT


@collate.case("empty texts, and one text", 0.5, judge=OrNumbers(EMPTY))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@collate.case("what makes no sense is refused", 0.5, judge=Asked(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@collate.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    def batch() -> list[list[int]]:
        lengths = [1, 7, *randint(1, 7, (3,), generator=rng).tolist()]
        return [randint(10, 40, (length,), generator=rng).tolist() for length in lengths]

    return [
        ask([[7, 3], *batch(), [7]], 7),
        ask(batch(), 41, "left"),
        ask(batch(), 3, "left", 4),
        ask(batch(), 5, "right", 4),
    ]


@collate.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask([[5, 6, 7], [8, 2]], 9)


@collate.variant
def with_lists(batch, pad_id, side="right", max_len=None):
    if len(batch) == 0 or side not in {"left", "right"} or (max_len is not None and max_len <= 0):
        raise ValueError("this makes no sense")
    cut = [list(text)[:max_len] for text in batch]
    seq = max(len(text) for text in cut)
    rows, masks = [], []
    for text in cut:
        fill = [pad_id] * (seq - len(text))
        real = [True] * len(text)
        none = [False] * len(fill)
        rows.append(text + fill if side == "right" else fill + text)
        masks.append(real + none if side == "right" else none + real)
    return torch.tensor(rows, dtype=torch.long), torch.tensor(masks, dtype=torch.bool)


@collate.variant
def with_pad_sequence(batch, pad_id, side="right", max_len=None):
    if not batch or side not in ("left", "right") or (max_len or 1) < 1 or max_len == 0:
        raise ValueError("refused")
    texts = [tensor(text[:max_len], dtype=torch.int64) for text in batch]
    pad = nn.utils.rnn.pad_sequence
    ids = pad(texts, batch_first=True, padding_value=pad_id, padding_side=side)
    ones = [torch.ones(len(text), dtype=torch.bool) for text in texts]
    return ids, pad(ones, batch_first=True, padding_value=False, padding_side=side)


@collate.variant
def with_lengths(batch, pad_id, side="right", max_len=None):
    if not batch:
        raise ValueError("nothing to collate")
    if side != "left" and side != "right":
        raise ValueError(side)
    if max_len is not None and max_len < 1:
        raise ValueError(max_len)
    lengths = tensor([len(text[:max_len]) for text in batch])
    seq = int(lengths.max())
    place = arange(seq)[None, :]
    mask = place < lengths[:, None] if side == "right" else place >= seq - lengths[:, None]
    ids = full((len(batch), seq), pad_id)
    ids[mask] = tensor([token for text in batch for token in text[:max_len]], dtype=torch.long)
    return ids, mask


@collate.variant
def masked_at_last(batch, pad_id, side="right", max_len=None):
    if not batch or side not in ("left", "right") or (max_len is not None and max_len < 1):
        raise ValueError("refused")
    seq = max(len(text[:max_len]) for text in batch)
    ids, mask = zeros(len(batch), seq, dtype=torch.long), zeros(len(batch), seq, dtype=torch.bool)
    for row, text in enumerate(batch):
        for i, token in enumerate(text[:max_len]):
            at = i if side == "right" else seq - len(text[:max_len]) + i
            ids[row, at], mask[row, at] = token, True
    return ids.masked_fill(~mask, pad_id), mask
