"""What goes wrong in bpe_decode."""

from autograder.exercises.tokenizer.bpe_decode import bpe_decode
from autograder.exercises.tokenizer.spelling import vocabulary
from gradus import bpe


def _tokens(ids, merges, specials):
    tokens = vocabulary(merges, specials)
    if any(not 0 <= token < len(tokens) for token in ids):
        raise ValueError("no such token")
    return [tokens[token] for token in ids]


@bpe_decode.mistake(
    "Every token is decoded by itself, which breaks characters that are spread over several.",
    "é is two bytes. If each is a token, what is the first one as text?",
)
def token_by_token(ids, merges, specials=()):
    return "".join(t.decode(errors="replace") for t in _tokens(ids, merges, specials))


@bpe_decode.mistake(
    "Bytes that are no UTF-8 raise an error.",
    "A model may stop in the middle of a character. What should be shown then?",
)
def strict(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode()


@bpe_decode.mistake(
    "Bytes that are no UTF-8 are dropped silently.",
    "Which value of errors= puts U+FFFD in their place?",
)
def ignored(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode(errors="ignore")


@bpe_decode.mistake(
    "Bytes that are no UTF-8 become an escape such as \\xc3.",
    "Which character does the docstring name for them?",
)
def escaped(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode(errors="backslashreplace")


@bpe_decode.mistake(
    "Each byte is turned into a character by itself (chr, or latin-1).",
    "Is the byte C3 the character with the number C3?",
)
def latin_1(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode("latin-1")


@bpe_decode.mistake(
    "The tokens are joined with spaces.", "Where do the spaces of the text come from?"
)
def with_spaces(ids, merges, specials=()):
    return b" ".join(_tokens(ids, merges, specials)).decode(errors="replace")


@bpe_decode.mistake("Spaces at the ends of the text are dropped.", "Is there a strip in your code?")
def stripped(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode(errors="replace").strip()


@bpe_decode.mistake(
    "A byte order mark at the beginning is dropped.",
    "Which encoding do you name: utf-8, or utf-8-sig?",
)
def mark_dropped(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials)).decode("utf-8-sig", errors="replace")


@bpe_decode.mistake("Specials are left out.", "Does the docstring say that specials are dropped?")
def specials_left_out(ids, merges, specials=()):
    _tokens(ids, merges, specials)
    kept = [token for token in ids if token < 256 + len(merges)]
    return b"".join(_tokens(kept, merges, ())).decode(errors="replace")


@bpe_decode.mistake(
    "The specials are put before the merges.",
    "What stands in the vocabulary between the bytes and the specials?",
)
def specials_first(ids, merges, specials=()):
    _tokens(ids, merges, specials)
    plain = vocabulary(merges)
    tokens = [*plain[:256], *(s.encode() for s in specials), *plain[256:]]
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "The two halves of a merged token are joined in the wrong order.",
    "Which id of the pair stands on the left in the text?",
)
def halves_exchanged(ids, merges, specials=()):
    return bpe.bpe_decode(ids, [(right, left) for left, right in merges], specials)


@bpe_decode.mistake(
    "Tokens are taken apart once only: a merge of merges is not followed down to bytes.",
    "A pair may hold an id of 256 or more. What are its bytes?",
)
def one_level(ids, merges, specials=()):
    _tokens(ids, merges, specials)
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [bytes(half % 256 for half in pair) for pair in merges]
    tokens += [special.encode() for special in specials]
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "Ids that are not in the vocabulary are skipped silently.",
    "If a model and a tokenizer do not fit together, would you want to know?",
)
def unknown_skipped(ids, merges, specials=()):
    size = 256 + len(merges) + len(specials)
    kept = [token for token in ids if 0 <= token < size]
    return bpe.bpe_decode(kept, merges, specials)


@bpe_decode.mistake(
    "Ids that are not in the vocabulary become a question mark.",
    "What does the docstring say of such ids?",
)
def unknown_marked(ids, merges, specials=()):
    size = 256 + len(merges) + len(specials)
    return bpe.bpe_decode([t if 0 <= t < size else 63 for t in ids], merges, specials)


@bpe_decode.mistake(
    "A negative id counts from the end of the vocabulary.", "What is vocabulary[-1] in Python?"
)
def negative_from_the_end(ids, merges, specials=()):
    tokens = vocabulary(merges, specials)
    if any(token >= len(tokens) or token < -len(tokens) for token in ids):
        raise ValueError("no such token")
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "An id that is not in the vocabulary raises KeyError; ValueError is promised.",
    "What does the docstring say it raises, and what does a dictionary raise by itself?",
)
def key_error(ids, merges, specials=()):
    tokens = dict(enumerate(vocabulary(merges, specials)))
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "An id that is not in the vocabulary raises IndexError; ValueError is promised.",
    "What does the docstring say it raises, and what does a list raise by itself?",
)
def index_error(ids, merges, specials=()):
    tokens = vocabulary(merges, specials)
    if min(ids, default=0) < 0:
        raise IndexError("negative")
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "An id past the vocabulary raises IndexError, and a negative one is not refused at all.",
    "What does a Python list do with an index that is too large, and with -1?",
)
def plain_list(ids, merges, specials=()):
    tokens = vocabulary(merges, specials)
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


@bpe_decode.mistake(
    "The largest id of the vocabulary is refused, too.",
    "With 3 tokens, which ids are there? Is it < or <=?",
)
def last_refused(ids, merges, specials=()):
    if any(token >= 255 + len(merges) + len(specials) for token in ids):
        raise ValueError("no such token")
    return bpe.bpe_decode(ids, merges, specials)


@bpe_decode.mistake("It returns bytes, not text.", "Of what type is the answer to be?")
def as_bytes(ids, merges, specials=()):
    return b"".join(_tokens(ids, merges, specials))


@bpe_decode.mistake(
    "It returns a list of tokens, not one text.", "Of what type is the answer to be?"
)
def as_list(ids, merges, specials=()):
    return [t.decode(errors="replace") for t in _tokens(ids, merges, specials)]
