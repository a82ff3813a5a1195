"""wordpiece_encode: the longest known piece first."""

from torch import Generator

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, letters
from autograder.trial import Trial, ask
from gradus import wordpiece

wordpiece_encode = Exercise(wordpiece.wordpiece_encode)

# Short enough that a message can show them whole.
ABLE = {"una", "un", "##ffa", "##ble"}

BY_HAND = ask("unaffable", ABLE)
LONGEST = [
    ask("abcd", {"a", "ab", "abc", "##d", "##cd"}),
    ask("abcd", {"a", "ab", "##bcd", "##cd"}),
    ask("xabab", {"x", "##a", "##b", "##ab"}),
    ask("aaaa", {"a", "aa", "##a", "##aa"}),
]
MARKED = [
    ask("abab", {"ab", "##ab"}),
    ask("abab", {"ab", "##a", "a", "b"}),
    ask("ab", {"##a", "##ab", "a", "##b"}),
    ask("a##b", {"a", "####", "##b"}),
]
UNKNOWN = [
    ask("abx", {"a", "##b", "##c"}),
    ask("abxab", {"ab", "##ab"}),
    ask("abc", {"ab", "a", "##bc"}),
    ask("xab", {"a", "##ab"}),
    ask("abx", {"ab"}, unknown="<?>"),
]
LONG = [
    ask("aaaa", {"a", "##a"}, longest_word=3),
    ask("aaa", {"a", "##a"}, longest_word=3),
    ask("abcd", {"abcd"}, longest_word=3),
    ask("ééé", {"é", "##é"}, longest_word=3),
    ask("a" * 101, {"a", "##a", "##aaaa"}),
    ask("a" * 100, {"a", "##a", "##aaaa"}),
]
AS_IT_IS = [
    ask("Ab", {"a", "A", "##b"}),
    ask("don't", {"don't", "don", "'", "t"}),
    ask("don't", {"don", "##'", "##t", "'", "t"}),
    ask("na\u0308ive", {"na", "naive", "##\u0308", "##ive"}),
    ask("aB", {"a", "##b"}),
]
EMPTY = [ask("", {"a"}), ask("a", {"a"}), ask("a", set())]


@wordpiece_encode.case("unaffable, by hand", 0.5, judge=Asked([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, ["una", "##ffa", "##ble"])


@wordpiece_encode.case("the longest piece first", judge=Asked(LONGEST))
def longest(rng: Generator) -> list[Trial]:
    return LONGEST


@wordpiece_encode.case("## before all pieces but the first", judge=Asked(MARKED))
def marked(rng: Generator) -> list[Trial]:
    return MARKED


@wordpiece_encode.case("no piece fits: the whole word is unknown", judge=Asked(UNKNOWN))
def unknown(rng: Generator) -> list[Trial]:
    return UNKNOWN


@wordpiece_encode.case("words that are too long", 0.5, judge=Asked(LONG))
def long(rng: Generator) -> list[Trial]:
    return LONG


@wordpiece_encode.case("the word as it is", 0.5, judge=Asked(AS_IT_IS))
def as_it_is(rng: Generator) -> list[Trial]:
    return AS_IT_IS


@wordpiece_encode.case("an empty word, one letter, no vocabulary", 0.25, judge=Asked(EMPTY))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@wordpiece_encode.case("hidden words", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    drawn = "".join(letters(rng, 4))
    words = [
        ("abcd", "a ab abc ##d ##cd"),
        ("abcd", "a ab ##bcd ##cd"),
        ("abab", "ab ##ab"),
        ("abab", "ab ##a a b"),
        ("abd", "a ##b ##c"),
        ("abc", "ab a ##bc"),
    ]
    other = str.maketrans("abcd", drawn)
    return [
        ask(word.translate(other), {*pieces.translate(other).split()}) for word, pieces in words
    ]


@wordpiece_encode.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return BY_HAND


def _encode(
    word,
    vocab,
    unknown="[UNK]",
    longest_word=100,
    mark=lambda piece, start: piece if start == 0 else "##" + piece,
    ends=lambda start, length: range(length, start, -1),
):
    """The right answer, with the mark and the order of the ends left open."""
    if len(word) > longest_word:
        return [unknown]
    pieces, start = [], 0
    while start < len(word):
        known = [e for e in ends(start, len(word)) if mark(word[start:e], start) in vocab]
        if not known:
            return [unknown]
        pieces.append(mark(word[start : known[0]], start))
        start = known[0]
    return pieces


@wordpiece_encode.variant
def with_while(word, vocab, unknown="[UNK]", longest_word=100):
    pieces: list[str] = []
    rest = word
    if len(word) > longest_word:
        return [unknown]
    while rest:
        prefix = "##" if pieces else ""
        end = len(rest)
        while end > 0 and prefix + rest[:end] not in vocab:
            end -= 1
        if end == 0:
            return [unknown]
        pieces.append(prefix + rest[:end])
        rest = rest[end:]
    return pieces


@wordpiece_encode.variant
def recursive(word, vocab, unknown="[UNK]", longest_word=100):
    def cut(rest, prefix):
        if not rest:
            return []
        for end in reversed(range(1, len(rest) + 1)):
            if prefix + rest[:end] in vocab:
                more = cut(rest[end:], "##")
                return None if more is None else [prefix + rest[:end], *more]
        return None

    found = None if len(word) > longest_word else cut(word, "")
    return [unknown] if found is None else found


@wordpiece_encode.variant
def through_the_vocabulary(word, vocab, unknown="[UNK]", longest_word=100):
    if len(word) > longest_word:
        return [unknown]
    pieces: list[str] = []
    marked = word
    while marked not in ("", "##"):
        fitting = [p for p in vocab if marked.startswith(p) and p not in ("", "##")]
        if pieces:
            fitting = [p for p in fitting if p.startswith("##")]
        if not fitting:
            return [unknown]
        best = max(fitting, key=len)
        pieces.append(best)
        marked = "##" + marked[len(best) :]
    return pieces
