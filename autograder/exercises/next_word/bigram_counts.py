"""bigram_counts: how often each token follows each other one."""

import torch
from torch import Generator, diag, ones, randint, tensor, zeros
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.next_word.judges import AnyDtype
from autograder.trial import Trial, ask
from gradus import ngram

bigram_counts = Exercise(ngram.bigram_counts)


def _refuse(ids, vocab):
    """The part of the task that most of these mistakes get right."""
    if not ids.is_meta and not ((ids >= 0) & (ids < vocab)).all():
        raise ValueError("no such token")


def _table(token, following, vocab, ids):
    """Count pairs that were taken apart already."""
    _refuse(ids, vocab)
    hot = [F.one_hot(t.reshape(-1), vocab).double() for t in (token, following)]
    return (hot[0].mT @ hot[1]).long()


def _counts(ids, vocab):
    return _table(ids[..., :-1], ids[..., 1:], vocab, ids)


@bigram_counts.case("banana, by hand", judge=AnyDtype())
def banana(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([0, 1, 2, 1, 2, 1]), 3), tensor([[0, 1, 0], [0, 0, 2], [0, 2, 0]]))


@bigram_counts.case("a longer text, and a token that never comes", 2, judge=AnyDtype())
def longer(rng: Generator) -> Trial:
    return ask(randint(5, (60,), generator=rng), 6)


@bigram_counts.case(
    "each row is a text of its own",
    hint="Every row is counted, and no pair reaches from the end of one row into the next.",
    judge=AnyDtype(),
)
def rows(rng: Generator) -> list[Trial]:
    return [ask(tensor([[0, 1], [2, 3]]), 4), ask(randint(5, (2, 3, 7), generator=rng), 5)]


@bigram_counts.case("texts too short for a pair", judge=AnyDtype())
def short(rng: Generator) -> list[Trial]:
    return [ask(tensor([2]), 4), ask(tensor([[1], [3]]), 4), ask(zeros(0, dtype=torch.int64), 4)]


@bigram_counts.case("the same pair 2,500 times, counted in whole numbers")
def many(rng: Generator) -> Trial:
    return ask(ones(2_501, dtype=torch.int64), 2)


@bigram_counts.case(
    "an id that is not in the vocabulary is refused",
    hint="`check_ids(ids, vocab)`, from the first cell of the lesson, does this.",
    judge=AnyDtype(),
)
def refused(rng: Generator) -> list[Trial]:
    return [ask(tensor([0, -1, 2]), 4), ask(tensor([0, 1, 4]), 4)]


@bigram_counts.case("hidden cases", hidden=True, judge=AnyDtype())
def hidden(rng: Generator) -> Trial:
    return ask(randint(7, (3, 40), generator=rng), 7)


@bigram_counts.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randint(4, (2, 30), generator=rng), 4)


@bigram_counts.mistake(
    "The table lies on its side: entry [a, b] counts how often a comes after b.",
    "In `banana`, which comes first, the b or the a? Which of them is the row?",
)
def transposed(ids, vocab):
    return _counts(ids, vocab).mT.contiguous()


@bigram_counts.mistake(
    "The last token of a text is paired with its first.",
    "What comes after the last token? How many pairs have five tokens?",
)
def wraps(ids, vocab):
    return _table(ids, ids.roll(-1, -1), vocab, ids)


@bigram_counts.mistake(
    "Pairs reach from the end of one text to the start of the next.",
    "Of two texts of three tokens each, how many pairs are there? Do you flatten first?",
)
def across_texts(ids, vocab):
    flat = ids.reshape(-1)
    return _table(flat[:-1], flat[1:], vocab, ids)


@bigram_counts.mistake(
    "The counts are kept in a dtype that cannot count that far.",
    "What is the largest number that your dtype counts up to exactly?",
)
def half_precision(ids, vocab):
    return _counts(ids, vocab).clamp(max=2048)


@bigram_counts.mistake(
    "The counts are kept in 8 bits, and start again from 0 at 256.",
    "What is the largest number that your dtype can hold?",
)
def eight_bits(ids, vocab):
    return _counts(ids, vocab).to(torch.uint8).long()


@bigram_counts.mistake(
    "The last pair of a text is left out.",
    "How many pairs have five tokens? At which does your count stop?",
)
def last_pair_missing(ids, vocab):
    return _table(ids[..., :-2], ids[..., 1:-1], vocab, ids)


@bigram_counts.mistake(
    "The first pair of a text is left out.",
    "How many pairs have five tokens? At which does your count start?",
)
def first_pair_missing(ids, vocab):
    return _table(ids[..., 1:-1], ids[..., 2:], vocab, ids)


@bigram_counts.mistake(
    "It counts single tokens, not pairs.", "Which two tokens make up one entry of the table?"
)
def unigrams(ids, vocab):
    _refuse(ids, vocab)
    return diag(F.one_hot(ids.reshape(-1), vocab).sum(0))


@bigram_counts.mistake(
    "Every pair is counted in both orders.", "Does `ba` in a text say that b follows a?"
)
def both_orders(ids, vocab):
    return _counts(ids, vocab) + _counts(ids, vocab).mT


@bigram_counts.mistake(
    "A pair that comes several times is counted once.",
    "What does `counts[first, second] += 1` do if a pair comes twice in first and second?",
)
def only_once(ids, vocab):
    return _counts(ids, vocab).clamp(max=1)


@bigram_counts.mistake(
    "It looks two tokens ahead instead of one.", "Between which neighbours lies a pair?"
)
def two_ahead(ids, vocab):
    return _table(ids[..., :-2], ids[..., 2:], vocab, ids)


@bigram_counts.mistake(
    "The text is cut into pairs that share no token, so every other pair is missing.",
    "In `ban`, is `an` a pair too?",
)
def every_other(ids, vocab):
    size = ids.shape[-1] // 2 * 2
    return _table(ids[..., :size:2], ids[..., 1:size:2], vocab, ids)


@bigram_counts.mistake(
    "It returns numbers with a decimal point.", "What dtype does the task ask for?"
)
def as_floats(ids, vocab):
    return _counts(ids, vocab).float()


@bigram_counts.mistake(
    "The table is only as large as the largest id that comes, not as the vocabulary.",
    "How many tokens are there, whether they come in this text or not?",
)
def as_large_as_needed(ids, vocab):
    size = int(ids.max()) + 1 if ids.numel() else vocab
    return _counts(ids, vocab)[:size, :size]


@bigram_counts.mistake(
    "A negative id is not refused: it counts from the end of the table.",
    "What does table[-1] mean in Python? Should token -1 have a row?",
)
def from_the_end(ids, vocab):
    return _counts(ids % vocab, vocab)


@bigram_counts.mistake(
    "The first token of each text is counted as following token 0.",
    "What stands before the first token? Is that a pair?",
)
def starts_after_zero(ids, vocab):
    return _table(F.pad(ids, (1, 0))[..., :-1], ids, vocab, ids)


@bigram_counts.variant
def with_bincount(ids, vocab):
    _refuse(ids, vocab)
    pairs = (ids[..., :-1] * vocab + ids[..., 1:]).reshape(-1)
    return torch.bincount(pairs, minlength=vocab * vocab).view(vocab, vocab)


@bigram_counts.variant
def pair_by_pair(ids, vocab):
    counts = zeros(vocab, vocab, dtype=torch.int64)
    for text in ids.reshape(-1, max(ids.shape[-1], 1)).tolist():
        for token, following in zip(text, text[1:], strict=False):
            if not (0 <= token < vocab and 0 <= following < vocab):
                raise ValueError("no such token")
            counts[token, following] += 1
    return counts


@bigram_counts.variant
def with_scatter(ids, vocab):
    _refuse(ids, vocab)
    pairs = ids.unfold(-1, 2, 1).reshape(-1, 2) if ids.shape[-1] > 1 else ids.new_zeros(0, 2)
    counts = zeros(vocab * vocab, dtype=torch.int64, device=ids.device)
    places = pairs[:, 0] * vocab + pairs[:, 1]
    return counts.scatter_add(0, places, torch.ones_like(places)).view(vocab, vocab)
