"""What goes wrong in wordpiece_encode."""

import re
import unicodedata

from autograder.exercises.tokenizer.wordpiece_encode import _encode, wordpiece_encode


@wordpiece_encode.mistake(
    "It takes the shortest piece that fits, not the longest.",
    "Which end do you try first: the next letter, or the end of the word?",
)
def shortest(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, longest_word, ends=lambda s, n: range(s + 1, n + 1))


@wordpiece_encode.mistake(
    "The longest piece of the vocabulary that stands anywhere is taken first, not from the left.",
    "Where in the word does the first piece have to begin?",
)
def longest_anywhere(word, vocab, unknown="[UNK]", longest_word=100):
    def cut(start, end):
        for size in range(end - start, 0, -1):
            for at in range(start, end - size + 1):
                piece = ("##" if at else "") + word[at : at + size]
                if piece in vocab:
                    left, right = cut(start, at), cut(at + size, end)
                    return None if left is None or right is None else [*left, piece, *right]
        return [] if start == end else None

    found = None if len(word) > longest_word else cut(0, len(word))
    return [unknown] if found is None else found


@wordpiece_encode.mistake(
    "Pieces inside a word are looked up, and returned, without ##.",
    "Is a piece at the start of a word the same as one inside it?",
)
def no_mark(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, longest_word, mark=lambda piece, start: piece)


@wordpiece_encode.mistake(
    "The first piece of the word gets ##, too.", "Which piece of a word goes without ##?"
)
def always_marked(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, longest_word, mark=lambda piece, start: "##" + piece)


@wordpiece_encode.mistake(
    "Pieces are looked up with ##, but returned without it.",
    "What do the pieces in the docstring look like?",
)
def mark_lost(word, vocab, unknown="[UNK]", longest_word=100):
    pieces = _encode(word, vocab, unknown, longest_word)
    return [*pieces[:1], *(piece[2:] for piece in pieces[1:])]


@wordpiece_encode.mistake(
    "Pieces inside a word are looked up without ##, and get it afterwards.",
    "Which form of the piece stands in the vocabulary?",
)
def marked_afterwards(word, vocab, unknown="[UNK]", longest_word=100):
    pieces = _encode(word, vocab, unknown, longest_word, mark=lambda piece, start: piece)
    return [piece if i == 0 or piece == unknown else "##" + piece for i, piece in enumerate(pieces)]


@wordpiece_encode.mistake(
    "The mark ## is put behind a piece, not in front.", "On which side does ## stand in ##ing?"
)
def mark_behind(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(
        word, vocab, unknown, longest_word, mark=lambda p, start: p if start == 0 else p + "##"
    )


@wordpiece_encode.mistake(
    "Where no piece fits, the pieces before it are kept, and only the rest is unknown.",
    "If the last letter is unknown, what should become of the whole word?",
)
def pieces_kept(word, vocab, unknown="[UNK]", longest_word=100):
    return _go_on(word, vocab, unknown, longest_word, lambda pieces, start: None)


@wordpiece_encode.mistake(
    "A letter that no piece fits becomes unknown, and the rest of the word is encoded.",
    "If one letter is unknown, what should become of the whole word?",
)
def unknown_letter(word, vocab, unknown="[UNK]", longest_word=100):
    return _go_on(word, vocab, unknown, longest_word, lambda pieces, start: start + 1)


@wordpiece_encode.mistake(
    "A letter that no piece fits is skipped without a trace.",
    "Can the reader of the pieces see that something is missing?",
)
def letter_skipped(word, vocab, unknown="[UNK]", longest_word=100):
    pieces = _go_on(word, vocab, None, longest_word, lambda pieces, start: start + 1)
    return [unknown if longest_word < len(word) else p for p in pieces if p or len(pieces) == 1]


def _go_on(word, vocab, unknown, longest_word, after):
    """Encode with an unknown piece where nothing fits; `after` says where to go on."""
    if len(word) > longest_word:
        return [unknown]
    pieces, start = [], 0
    while start is not None and start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocab:
                pieces.append(piece)
                start = end
                break
        else:
            pieces.append(unknown)
            start = after(pieces, start)
    return pieces


@wordpiece_encode.mistake(
    "If the longest piece leads nowhere, it tries a shorter one; WordPiece never goes back.",
    "Once a piece is taken, does the algorithm reconsider it?",
)
def goes_back(word, vocab, unknown="[UNK]", longest_word=100):
    def cut(start):
        if start == len(word):
            return []
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocab and (rest := cut(end)) is not None:
                return [piece, *rest]
        return None

    found = None if len(word) > longest_word else cut(0)
    return [unknown] if found is None else found


@wordpiece_encode.mistake(
    "The limit on the length of a word is ignored.", "What is `longest_word` for?"
)
def no_limit(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, len(word))


@wordpiece_encode.mistake(
    "A word that stands in the vocabulary as a whole is taken before its length is looked at.",
    "Which words does the docstring call unknown, whatever the vocabulary holds?",
)
def whole_word_first(word, vocab, unknown="[UNK]", longest_word=100):
    return [word] if word in vocab else _encode(word, vocab, unknown, longest_word)


@wordpiece_encode.mistake(
    "A word of exactly the longest length counts as too long.",
    "Is a word of 100 characters longer than 100 characters?",
)
def limit_off_by_one(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, longest_word - 1)


@wordpiece_encode.mistake(
    "The limit is always 100, whatever `longest_word` says.", "Is there a 100 in your code?"
)
def limit_fixed(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, 100)


@wordpiece_encode.mistake(
    "The length of a word is counted in bytes, not in characters.",
    "How long is 'é', as text and as UTF-8?",
)
def limit_in_bytes(word, vocab, unknown="[UNK]", longest_word=100):
    return [unknown] if len(word.encode()) > longest_word else _encode(word, vocab, unknown)


@wordpiece_encode.mistake(
    "A word that is too long is cut off; it should be unknown.",
    "What does the docstring say of words of more than `longest_word` characters?",
)
def cut_off(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word[:longest_word], vocab, unknown)


@wordpiece_encode.mistake(
    "The unknown token is always [UNK], whatever `unknown` says.",
    "Is there an '[UNK]' in your code?",
)
def unknown_fixed(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, "[UNK]", longest_word)


@wordpiece_encode.mistake(
    "The word is turned into lower case.", "Is 'A' in the vocabulary because 'a' is?"
)
def lower(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word.lower(), vocab, unknown, longest_word)


@wordpiece_encode.mistake(
    "The word is cut at punctuation first; here it is one word already.",
    "Does the task say that the word may be cut anywhere before pieces are looked up?",
)
def punctuation(word, vocab, unknown="[UNK]", longest_word=100):
    parts = re.findall(r"\w+|[^\w#]|#+\w*", word)
    return [piece for part in parts for piece in _encode(part, vocab, unknown, longest_word)]


@wordpiece_encode.mistake(
    "Accents are dropped from the word.", "Is 'ä' in the vocabulary because 'a' is?"
)
def accents_dropped(word, vocab, unknown="[UNK]", longest_word=100):
    letters = unicodedata.normalize("NFD", word)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return _encode(plain, vocab, unknown, longest_word)


@wordpiece_encode.mistake(
    "An empty word is unknown; it has no pieces.", "How many pieces does an empty word have?"
)
def empty_unknown(word, vocab, unknown="[UNK]", longest_word=100):
    return _encode(word, vocab, unknown, longest_word) or [unknown]


@wordpiece_encode.mistake(
    "The unknown token is returned by itself, not in a list.",
    "Of what type is the answer, for a known word and for an unknown one?",
)
def unknown_bare(word, vocab, unknown="[UNK]", longest_word=100):
    pieces = _encode(word, vocab, unknown, longest_word)
    return unknown if pieces == [unknown] else pieces


@wordpiece_encode.mistake(
    "Only a piece that is the whole word is looked up.",
    "What if the word is not in the vocabulary as a whole?",
)
def whole_words(word, vocab, unknown="[UNK]", longest_word=100):
    return [word] if word in vocab else [unknown] if word else []
