"""What goes wrong in bpe_encode: the text, its words, its bytes and its specials."""

import re
import unicodedata

from autograder.exercises.tokenizer.bpe_encode import bpe_encode
from autograder.exercises.tokenizer.encoding import encode, in_bytes, lowest_rank
from gradus.splitting import split_specials, split_words

# Words.


@bpe_encode.mistake(
    "The text is not cut into words, so pairs are merged across them.",
    "Which pairs could the trainer never see, because they reach across two words?",
)
def whole_text(text, merges, specials=()):
    return encode(text, merges, specials, split=lambda piece: [piece])


@bpe_encode.mistake(
    "The text is cut with str.split, which drops the spaces.",
    "Could the text be put together again from these words?",
)
def str_split(text, merges, specials=()):
    return encode(text, merges, specials, split=str.split)


@bpe_encode.mistake("Spaces at the ends of the text are dropped.", "Is there a strip in your code?")
def stripped(text, merges, specials=()):
    return encode(text, merges, specials, split=lambda piece: split_words(piece.strip()))


@bpe_encode.mistake(
    "Spaces at the end of the text are dropped.", "Is there an rstrip in your code?"
)
def stripped_at_the_end(text, merges, specials=()):
    return encode(text, merges, specials, split=lambda piece: split_words(piece.rstrip()))


@bpe_encode.mistake(
    "A space is put in front of the text.", "Does the task say that a text begins with a space?"
)
def space_in_front(text, merges, specials=()):
    return encode(text, merges, specials, split=lambda piece: split_words(" " + piece))


@bpe_encode.mistake(
    "Words are remembered without their space: ' a' gets the ids of 'a', or 'a' those of ' a'.",
    "By what do you look up the ids of a word that you have met before?",
)
def cached_without_space(text, merges, specials=()):
    cache: dict[str, str] = {}

    def spell(word):
        return in_bytes(cache.setdefault(word.strip() or word, word))

    return encode(text, merges, specials, spell=spell)


@bpe_encode.mistake("The text is turned into lower case.", "Are 'A' and 'a' the same byte?")
def lower(text, merges, specials=()):
    return encode(text, merges, specials, split=lambda piece: split_words(piece.lower()))


# Characters.


@bpe_encode.mistake(
    "An empty text gets an id.", "How many tokens does a text without a character have?"
)
def something_for_nothing(text, merges, specials=()):
    return encode(text, merges, specials) or [0]


@bpe_encode.mistake(
    "It works with characters (ord), not with UTF-8 bytes.",
    "How many bytes has é? And which id would ord give to an emoji?",
)
def characters(text, merges, specials=()):
    return encode(text, merges, specials, spell=lambda word: [*map(ord, word)])


@bpe_encode.mistake(
    "It encodes as latin-1, not as UTF-8.", "What does .encode() do when you name no encoding?"
)
def latin_1(text, merges, specials=()):
    return encode(text, merges, specials, spell=lambda word: [*word.encode("latin-1", "replace")])


@bpe_encode.mistake("Characters outside ASCII are left out.", "What does errors='ignore' do?")
def ascii_only(text, merges, specials=()):
    return encode(text, merges, specials, spell=lambda word: [*word.encode("ascii", "ignore")])


@bpe_encode.mistake(
    "The text is normalised first: e and an accent become one character.",
    "Will decoding give the very same characters back?",
)
def normalised(text, merges, specials=()):
    return encode(unicodedata.normalize("NFC", text), merges, specials)


@bpe_encode.mistake(
    "A byte order mark at the beginning is dropped.", "Is U+FEFF a character like others?"
)
def mark_dropped(text, merges, specials=()):
    return encode(text.removeprefix("\ufeff"), merges, specials)


@bpe_encode.mistake(
    "Line ends are changed: \\r\\n becomes \\n.", "Is there a splitlines in your code?"
)
def line_ends(text, merges, specials=()):
    return encode(text.replace("\r\n", "\n"), merges, specials)


@bpe_encode.mistake(
    "Bytes that no merge knows are left out; every byte has an id of its own.",
    "Which ids stand for the 256 bytes, known to a merge or not?",
)
def unknown_left_out(text, merges, specials=()):
    known = {token for pair in merges for token in pair}
    return [token for token in encode(text, merges, specials) if token > 255 or token in known]


@bpe_encode.mistake(
    "Bytes that no merge knows become one unknown token.",
    "Why does a byte-level tokenizer need no unknown token?",
)
def unknown_token(text, merges, specials=()):
    known = {token for pair in merges for token in pair}
    return [t if t > 255 or t in known else 0 for t in encode(text, merges, specials)]


# Specials.


@bpe_encode.mistake("Specials are encoded like any text.", "Which id stands for the whole special?")
def specials_as_text(text, merges, specials=()):
    return encode(text, merges)


@bpe_encode.mistake(
    "A special gets its id, and is then encoded as text as well.",
    "After the id of a special is added, what does your loop go on to do with it?",
)
def specials_twice(text, merges, specials=()):
    ids = []
    for piece in split_specials(text, specials):
        if piece in specials:
            ids.append(256 + len(merges) + specials.index(piece))
        ids += encode(piece, merges)
    return ids


@bpe_encode.mistake(
    "Specials are dropped.", "re.split without a group in the pattern: what does it keep?"
)
def specials_dropped(text, merges, specials=()):
    top = 256 + len(merges)
    return [token for token in encode(text, merges, specials) if token < top]


def _pattern(pattern, specials):
    """Cut at a pattern that someone made of the specials."""

    def cut(text, specials):
        return [p for p in re.split(f"({pattern})", text) if p] if specials else [text]

    return cut


@bpe_encode.mistake(
    "Of specials that begin alike, the first in the list is found, not the longest.",
    "In a pattern a|b, which alternative is tried first?",
)
def in_given_order(text, merges, specials=()):
    pattern = "|".join(map(re.escape, specials))
    return encode(text, merges, specials, cut=_pattern(pattern, specials))


@bpe_encode.mistake(
    "The specials are used as a pattern as they are, where | means 'or'.",
    "Which signs have a meaning in a regular expression, and how are they made plain?",
)
def not_escaped(text, merges, specials=()):
    return encode(text, merges, specials, cut=_pattern("|".join(specials), specials))


@bpe_encode.mistake(
    "Only the first special of the list is found.", "How many specials may there be?"
)
def first_special(text, merges, specials=()):
    pattern = "|".join(map(re.escape, specials[:1]))
    return encode(text, merges, specials, cut=_pattern(pattern, specials))


@bpe_encode.mistake(
    "Words are joined across a special before they are merged.",
    "Are the words on both sides of a special neighbours?",
)
def joined_around_specials(text, merges, specials=()):
    """The specials are found, but put at the end."""
    top, ids = 256 + len(merges), encode(text, merges, specials)
    rest = [token for token in encode(text, [], specials) if token < 256]
    rank = {pair: i for i, pair in enumerate(merges)}
    words = split_words(bytes(rest).decode())
    tail = [token for token in ids if token >= top]
    return [token for word in words for token in lowest_rank(in_bytes(word), rank)] + tail
