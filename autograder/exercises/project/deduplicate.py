"""deduplicate: which documents to keep, of those that say the same."""

from itertools import pairwise
from typing import Any

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import letters
from autograder.exercises.project.tellings import Tellings
from autograder.trial import Trial, ask
from gradus.curation import duplicates as reference

deduplicate = Exercise(reference.deduplicate)


def kept(got: Any, expected: Any) -> str | None:
    """Say which document should have been kept or dropped."""
    if not isinstance(got, list | tuple) or not all(type(i) is int for i in got):
        what = "texts" if isinstance(got, list | tuple | set) else repr(got)[:60]
        return f"a list of indices is asked, such as {expected}; got {what}."
    for i in sorted({*got} ^ {*expected}):
        other = "kept; it was dropped" if i in expected else "dropped; it was kept"
        return f"document {i} should be {other} (expected {expected}, got {list(got)})."
    return f"each once, and in order: expected {expected}, got {list(got)}."


def judge(*tellings: str) -> Tellings:
    """Name what is in the documents."""
    return Tellings(tellings, kept)


@deduplicate.case(
    "four short documents, by hand",
    0.5,
    judge=judge(),
    hint="In 'a b c d' stand the shingles ab, bc, cd. With 'a b c e' it shares 2 of 4.",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(["a b c d", "x y", "a b c e", "a b c d"], 0.5, 2), [0, 1])


@deduplicate.case("copies, near and far", judge=judge("One copied twice", "Two copied in turn"))
def copies(rng: Generator) -> list[Trial]:
    wide = "the sea was wide and green that day"
    old, new = "an old road went up the hill", "rain fell all through the night"
    return [
        ask([new, wide, old, wide, new + " and day", wide], 1.0, 3),
        ask([wide, old, wide, old, new], 0.9, 2),
    ]


@deduplicate.case(
    "what is the same word",
    judge=judge("Capitals", "Tabs, line ends and two spaces", "Commas are not white space"),
)
def same_word(rng: Generator) -> list[Trial]:
    return [
        ask(["one two three", "One TWO three", "one two four"], 0.9, 2),
        ask(["one two three four", " one\ttwo\n\nthree  four\n", "one twothree four"], 0.9, 2),
        ask(["one, two three", "one two three"], 0.9, 2),
    ]


@deduplicate.case(
    "just at the threshold, and just below it",
    judge=judge("They share 2 of 4 shingles, threshold 0.5", "The same, threshold 0.51"),
)
def threshold(rng: Generator) -> list[Trial]:
    pair = ["one two three four", "one two three five"]
    return [ask(pair, 0.5, 2), ask(pair, 0.51, 2)]


@deduplicate.case(
    "phrases that come again and again",
    judge=judge("The same three shingles, more often in one", "A refrain"),
    hint="Different shingles count, not how often each stands there.",
)
def repeated(rng: Generator) -> list[Trial]:
    refrain = "row on row on "
    return [
        ask(["so it goes so it goes so it goes so it", "so it goes so it"], 1.0, 2),
        ask([refrain * 2 + "home again", refrain * 6 + "away now", "home again"], 0.6, 2),
    ]


@deduplicate.case(
    "shared shingles, divided by what?",
    judge=judge(
        "A short document inside a long one",
        "They share 3 of 5 shingles, threshold 0.7",
        "Equal documents, threshold 1",
    ),
)
def divided(rng: Generator) -> list[Trial]:
    long = "one two three four five six seven eight nine ten"
    return [
        ask([long, "three four five six"], 0.5, 2),
        ask(["one two three four five", "one two three four six"], 0.7, 2),
        ask(["one two three", "four five six", "one two three"], 1.0, 2),
    ]


def chain(words: list[str]) -> list[str]:
    """Three documents, each like the one before it, but the third not like the first."""
    return [" ".join(words[at : at + 8]) for at in (0, 2, 4)]


@deduplicate.case(
    "a chain: each is like the one before",
    judge=judge("Document 1 is like 0; document 2 is like 1, not like 0", "Two chains in turn"),
    hint="Document 1 is gone. Whom is document 2 compared with?",
)
def chained(rng: Generator) -> list[Trial]:
    words = "red orange yellow green blue indigo violet white grey black brown pink".split()
    other = [word[::-1] for word in words]
    both = [text for pair in zip(chain(words), chain(other), strict=True) for text in pair]
    return [ask(chain(words), 0.5, 2), ask(both, 0.5, 2)]


@deduplicate.case(
    "few words, and none",
    judge=judge(
        "Shorter than a shingle, twice", "Two empty documents", "Two with a part in common"
    ),
)
def few(rng: Generator) -> list[Trial]:
    return [
        ask(["one two", "One two", "one", "two one", "one two three four"], 0.8, 3),
        ask(["", "one", " \n", "", "one"], 0.5, 2),
        ask(["one two", "one twos", "one two three"], 0.5, 4),
    ]


@deduplicate.case(
    "what a shingle is",
    judge=judge(
        "The same words in another order",
        "A word added in front",
        "Letters that join otherwise",
        "Another last word",
        "Words alike in letters",
    ),
)
def shingles(rng: Generator) -> list[Trial]:
    return [
        ask(["one two three four", "four three two one", "two one four three"], 0.5, 2),
        ask(["one two three four five six", "oh one two three four five six"], 0.7, 2),
        ask(["no one here", "no one", "noone"], 0.6, 2),
        ask(["one two three", "one two four"], 0.8, 3),
        ask(["there where here were", "where there were here"], 0.5, 2),
    ]


@deduplicate.case("what makes no sense is refused", 0.5, judge=judge("Threshold 0", "Shingle 0"))
def refused(rng: Generator) -> list[Trial]:
    return [
        ask(["one two", "three"], 0.0, 2),
        ask(["one two", "three"], 0.5, 0),
        ask(["one two", "three"], 1.5, 2),
    ]


@deduplicate.case("hidden", hidden=True, judge=judge())
def hidden(rng: Generator) -> list[Trial]:
    words = letters(rng, 24)
    texts = [*chain(words[:12]), " ".join(words[12:20]), *chain(words[12:])]
    texts.append(texts[0].upper())
    long = [words[int(i)] for i in randint(6, (60,), generator=rng)]
    pieces = [" ".join(long[a:b]) for a, b in pairwise(range(0, 60, 12))]
    return [ask(texts, 0.5, 2), ask(pieces, 0.3, 1)]


@deduplicate.house_rules(0.5, judge=judge())
def typical(rng: Generator) -> Trial:
    return ask(["one two three", "four five", "one two three"], 0.5, 2)


def parts(document, shingle):
    """The set of a document's shingles."""
    words = document.lower().split()
    if len(words) < shingle:
        return {tuple(words)} if words else set()
    return {tuple(words[i : i + shingle]) for i in range(len(words) - shingle + 1)}


def refuse(threshold, shingle):
    """Raise where the reference does."""
    if threshold <= 0 or threshold > 1 or shingle <= 0:
        raise ValueError("out of range")


@deduplicate.variant
def all_pairs(documents, threshold, shingle):
    refuse(threshold, shingle)
    found = []
    for i, document in enumerate(documents):
        mine = parts(document, shingle)
        for _, theirs in found:
            if mine and len(mine & theirs) >= threshold * len(mine | theirs):
                break
        else:
            found.append((i, mine))
    return [i for i, _ in found]


@deduplicate.variant
def sorted_lists(documents, threshold, shingle):
    refuse(threshold, shingle)

    def shared(a, b):
        i = j = same = 0
        while i < len(a) and j < len(b):
            same += a[i] == b[j]
            i, j = i + (a[i] <= b[j]), j + (b[j] <= a[i])
        return same

    lists = [sorted(parts(document, shingle)) for document in documents]
    kept_ones = []
    for i, one in enumerate(lists):
        pairs = [(shared(one, lists[j]), lists[j]) for j in kept_ones]
        if not any(n and n / (len(one) + len(other) - n) >= threshold for n, other in pairs):
            kept_ones.append(i)
    return kept_ones


@deduplicate.variant
def min_hash_for_candidates(documents, threshold, shingle):
    """Documents that share a smallest hash are looked at; chance misses none that share much."""
    import zlib

    refuse(threshold, shingle)
    result, sets, buckets = [], {}, {}
    for i, document in enumerate(documents):
        mine = sets[i] = parts(document, shingle)
        texts = [repr(one) for one in mine]
        keys = [(k, min(zlib.crc32(f"{k}{t}".encode()) for t in texts)) for k in range(64) if texts]
        near = {j for key in keys for j in buckets.get(key, ())}
        if any(len(mine & sets[j]) / len(mine | sets[j]) >= threshold for j in near):
            continue
        result.append(i)
        for key in keys:
            buckets.setdefault(key, []).append(i)
    return result
