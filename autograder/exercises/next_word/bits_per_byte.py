"""bits_per_byte: a loss that can be compared across tokenizers."""

import math

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import ngram

bits_per_byte = Exercise(ngram.bits_per_byte)

LN2 = math.log(2)


def _size(text):
    size = len(text.encode("utf-8"))
    if not size:
        raise ValueError("an empty text")
    return size


@bits_per_byte.case("eight equally likely letters, by hand")
def eight_letters(rng: Generator) -> ByHand:
    return ByHand(ask(math.log(8), 6, "banana"), 3.0)


@bits_per_byte.case("tokens longer than a byte", 2)
def long_tokens(rng: Generator) -> list[Trial]:
    return [ask(2.5, 4, "the next word is"), ask(0.7, 11, "hello world hello world")]


@bits_per_byte.case("letters of more than one byte", 2)
def other_alphabets(rng: Generator) -> list[Trial]:
    return [ask(1.3, 5, "naïve"), ask(2.0, 2, "语言模型"), ask(3.0, 4, "hi 🐢")]


@bits_per_byte.case("an empty text is refused")
def empty(rng: Generator) -> Trial:
    return ask(1.0, 0, "")


@bits_per_byte.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> Trial:
    length = int(randint(20, 60, (), generator=rng))
    letters = [chr(int(c)) for c in randint(200, 900, (length,), generator=rng)]
    return ask(1.5 + length / 40, length // 3, "".join(letters))


@bits_per_byte.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(3.1, 7, "Straße nach Köln")


@bits_per_byte.mistake(
    "The loss stays in nats.", "How many nats are a bit? Which of the two is asked?"
)
def in_nats(nats_per_token, tokens, text):
    return nats_per_token * tokens / _size(text)


@bits_per_byte.mistake(
    "It is the loss for each token, not for each byte.",
    "Into how many bytes is the whole loss to be shared?",
)
def per_token(nats_per_token, tokens, text):
    _size(text)
    return nats_per_token / LN2


@bits_per_byte.mistake(
    "It counts characters, not bytes.",
    "How many bytes has an ï in UTF-8? What does len(text) count?",
)
def per_character(nats_per_token, tokens, text):
    _size(text)
    return nats_per_token * tokens / LN2 / len(text)


@bits_per_byte.mistake(
    "It multiplies by log(2) where it should divide.", "Is a bit more than a nat, or less?"
)
def times_log_two(nats_per_token, tokens, text):
    return nats_per_token * tokens * LN2 / _size(text)


@bits_per_byte.mistake(
    "It divides by log(10): these are decimal digits, not bits.",
    "How many outcomes does one bit tell apart?",
)
def decimal_digits(nats_per_token, tokens, text):
    return nats_per_token * tokens / math.log(10) / _size(text)


@bits_per_byte.mistake(
    "Tokens and bytes are exchanged: it divides by the tokens.",
    "What is the loss of the whole text, and into how many bytes is it shared?",
)
def upside_down(nats_per_token, tokens, text):
    return nats_per_token * _size(text) / LN2 / (tokens or 1)


@bits_per_byte.mistake(
    "The loss of one token is shared among all bytes.",
    "Is the number that you are given the loss of the text, or of one of its tokens?",
)
def one_token(nats_per_token, tokens, text):
    return nats_per_token / LN2 / _size(text)


@bits_per_byte.mistake(
    "It divides by 8 as well: bytes for each byte.", "Which unit stands before `per byte`?"
)
def bytes_per_byte(nats_per_token, tokens, text):
    return nats_per_token * tokens / LN2 / _size(text) / 8


@bits_per_byte.mistake(
    "It counts two bytes for each character, as UTF-16 does.", "Which encoding does the task name?"
)
def as_utf16(nats_per_token, tokens, text):
    _size(text)
    return nats_per_token * tokens / LN2 / len(text.encode("utf-16-le"))


@bits_per_byte.mistake(
    "Letters that are not English are left out of the count.",
    "What does errors='ignore' do, and what does the task count?",
)
def ascii_only(nats_per_token, tokens, text):
    _size(text)
    return nats_per_token * tokens / LN2 / max(len(text.encode("ascii", "ignore")), 1)


@bits_per_byte.mistake(
    "It raises 2 to the result: a perplexity, not bits.", "Which step is one too many?"
)
def perplexity_per_byte(nats_per_token, tokens, text):
    return 2 ** (nats_per_token * tokens / LN2 / _size(text))


@bits_per_byte.mistake(
    "It divides into whole numbers.", "What is 3 // 4? Which sign divides exactly?"
)
def whole_numbers(nats_per_token, tokens, text):
    return nats_per_token * tokens / LN2 // _size(text)


@bits_per_byte.mistake(
    "An empty text gives 0 instead of an error.", "How many bits has each byte of nothing?"
)
def empty_is_zero(nats_per_token, tokens, text):
    return nats_per_token * tokens / LN2 / _size(text) if text else 0.0


@bits_per_byte.variant
def step_by_step(nats_per_token, tokens, text):
    data = bytes(text, "utf-8")
    if len(data) == 0:
        raise ValueError("no text")
    nats = nats_per_token * tokens
    bits = nats * math.log2(math.e)
    return bits / len(data)


@bits_per_byte.variant
def per_byte_first(nats_per_token, tokens, text):
    if text == "":
        raise ValueError("no text")
    tokens_per_byte = tokens / sum(len(letter.encode()) for letter in text)
    return nats_per_token / math.log(2.0) * tokens_per_byte
