"""What goes wrong in train_bpe: the text, the pairs, the order, the size."""

import re
from collections import Counter
from itertools import pairwise

from autograder.exercises.tokenizer.train_bpe import train_bpe
from autograder.exercises.tokenizer.training import cut_out, learn, smallest, words_of
from gradus.bpe import merge_pair, pair_counts
from gradus.splitting import split_words

# The text.


@train_bpe.mistake(
    "The text is not cut into words, so merges reach across spaces.",
    "May a token hold the end of one word and the beginning of the next?",
)
def whole_text(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, split=lambda piece: [piece] if piece else [])


@train_bpe.mistake(
    "The text is cut with str.split, which drops the spaces.",
    "Joined, are your words still the text?",
)
def str_split(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, split=str.split)


@train_bpe.mistake(
    "Every word loses the space before it.", "Is ' low' the same word as 'low' here?"
)
def words_stripped(text, vocab_size, specials=()):
    return learn(
        text, vocab_size, specials, split=lambda p: [w.strip() or w for w in split_words(p)]
    )


@train_bpe.mistake(
    "The text loses the spaces at its ends.", "Does the task say that spaces may be dropped?"
)
def text_stripped(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, split=lambda p: split_words(p.strip()))


@train_bpe.mistake(
    "Spaces are words of their own; they should go with the word that follows.",
    "What does split_words make of 'to be'?",
)
def spaces_apart(text, vocab_size, specials=()):
    pattern = r"'(?:[sdmt]|ll|ve|re)|[^\W\d_]+|\d+|(?:[^\w\s]|_)+|\s+"
    return learn(text, vocab_size, specials, split=re.compile(pattern).findall)


@train_bpe.mistake(
    "Letters and digits go into one word, as \\w+ cuts them.",
    "Is a digit a letter for split_words?",
)
def letters_with_digits(text, vocab_size, specials=()):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\w+| ?[^\w\s]+|\s+(?!\S)|\s+"
    return learn(text, vocab_size, specials, split=re.compile(pattern).findall)


@train_bpe.mistake(
    "Of several spaces, the last one does not go with the word that follows.",
    "What does split_words make of two spaces and a word?",
)
def all_spaces_together(text, vocab_size, specials=()):
    pattern = r"'(?:[sdmt]|ll|ve|re)|\s\s+| ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+"
    return learn(text, vocab_size, specials, split=re.compile(pattern).findall)


@train_bpe.mistake("The text is turned into lower case.", "Are 'Low' and 'low' the same bytes?")
def lower(text, vocab_size, specials=()):
    return learn(text.lower(), vocab_size, specials)


@train_bpe.mistake(
    "Only the letters A to Z count as letters, so 'naïve' is cut in three.",
    "What does [A-Za-z] make of ï?",
)
def ascii_letters(text, vocab_size, specials=()):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]+| ?\d+| ?[^\sA-Za-z\d]+|\s+(?!\S)|\s+"
    return learn(text, vocab_size, specials, split=re.compile(pattern).findall)


@train_bpe.mistake(
    'Contractions are cut wrongly: "don\'t" should become "don" and "\'t".',
    "Which sign stands before the t, and which word gets it?",
)
def contractions(text, vocab_size, specials=()):
    pattern = r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+"
    return learn(text, vocab_size, specials, split=re.compile(pattern).findall)


@train_bpe.mistake(
    "It works with characters (ord), not with UTF-8 bytes.",
    "How many bytes has é, and can an id below 256 stand for 日?",
)
def characters(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, spell=lambda word: tuple(map(ord, word)))


@train_bpe.mistake(
    "It encodes as latin-1, not as UTF-8.", "What does .encode() do when you name no encoding?"
)
def latin_1(text, vocab_size, specials=()):
    return learn(
        text, vocab_size, specials, spell=lambda word: tuple(word.encode("latin-1", "replace"))
    )


# The specials.


@train_bpe.mistake(
    "The specials are learned from like any text.", "What did you do with the specials in the text?"
)
def specials_as_text(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, pieces=lambda text, specials: [text])


@train_bpe.mistake(
    "The specials are cut out, and what stood on their two sides is joined.",
    "After `text.replace(special, '')`, which letters are neighbours?",
)
def sides_joined(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, pieces=lambda t, s: ["".join(cut_out(t, s))])


@train_bpe.mistake(
    "The specials are used as a pattern as they are, where | means 'or'.",
    "Which signs have a meaning in a regular expression, and how are they made plain?",
)
def not_escaped(text, vocab_size, specials=()):
    def pieces(text, specials):
        return [p for p in re.split("|".join(specials), text) if p] if specials else [text]

    return learn(text, vocab_size, specials, pieces)


@train_bpe.mistake("Only the first special is looked for.", "How many specials may there be?")
def first_special(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, pieces=lambda t, s: cut_out(t, s[:1]))


@train_bpe.mistake(
    "It learns only from the text after the last special.",
    "The text has several pieces. What do you do with each before you go on to the next?",
)
def last_piece(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, pieces=lambda t, s: cut_out(t, s)[-1:])


# The counts.


@train_bpe.mistake(
    "Every distinct word counts once, however often it occurs.",
    "Where do you keep how often a word occurs?",
)
def distinct_words(text, vocab_size, specials=()):
    return learn(
        text, vocab_size, specials, count=lambda words: pair_counts(dict.fromkeys(words, 1))
    )


@train_bpe.mistake(
    "A pair that stands twice in one word is counted once.",
    "How often does 'ab' stand in 'abab'?",
)
def once_a_word(text, vocab_size, specials=()):
    def count(words):
        counts: Counter[tuple[int, int]] = Counter()
        for word, times in words.items():
            counts.update(dict.fromkeys(pairwise(word), times))
        return counts

    return learn(text, vocab_size, specials, count=count)


@train_bpe.mistake(
    "The pairs are counted once, at the beginning, and never again.",
    "After a merge there are new pairs. When are they counted?",
)
def counted_once(text, vocab_size, specials=()):
    learn("", vocab_size, specials)  # refuses what has to be refused
    counts = pair_counts(words_of(text, specials))
    return sorted(counts, key=lambda p: (-counts[p], p))[: vocab_size - 256 - len(specials)]


@train_bpe.mistake(
    "The words stay as they were: the merges are noted but never made.",
    "After a merge, do your words hold the new id?",
)
def never_merged(text, vocab_size, specials=()):
    learn("", vocab_size, specials)
    counts = pair_counts(words_of(text, specials))
    wanted = vocab_size - 256 - len(specials)
    return [smallest(counts, [])] * wanted if counts else []


@train_bpe.mistake(
    "Counts are carried on, but those of the old neighbours are not lowered after a merge.",
    "After 'a' and 'b' are merged in 'xab', how often is there still an 'xa'?",
)
def stale_counts(text, vocab_size, specials=()):
    wanted = len(learn(text, vocab_size, specials))
    words = words_of(text, specials)
    counts = pair_counts(words)
    merges: list[tuple[int, int]] = []
    while len(merges) < wanted and counts:
        new = 256 + len(merges)
        merges.append(smallest(counts, []))
        words = {tuple(merge_pair(w, merges[-1], new)): n for w, n in words.items()}
        counts.pop(merges[-1])
        counts |= {p: n for p, n in pair_counts(words).items() if new in p}
    return merges


@train_bpe.mistake(
    "Counts are carried on, and lowered twice where a pair stands twice in one word.",
    "If a word holds the pair twice, how often do you take its old pairs away?",
)
def lowered_twice(text, vocab_size, specials=()):
    wanted = vocab_size - 256 - len(specials)
    learn("", vocab_size, specials)
    words = words_of(text, specials)
    counts: Counter[tuple[int, int]] = Counter(pair_counts(words))
    merges: list[tuple[int, int]] = []
    while len(merges) < wanted and +counts:
        pair, after = smallest(counts, []), {}
        for word, n in words.items():
            merged = tuple(merge_pair(word, pair, 256 + len(merges)))
            for _ in range(len(word) - len(merged)):
                counts.subtract(pair_counts({word: n}))
            if merged != word:
                counts.update(pair_counts({merged: n}))
            after[merged] = n
        merges.append(pair)
        words = after
    return merges
