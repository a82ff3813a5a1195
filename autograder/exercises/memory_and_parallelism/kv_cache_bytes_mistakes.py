"""What people get wrong in kv_cache_bytes."""

from autograder.exercises.memory_and_parallelism.kv_cache_bytes import kv_cache_bytes
from autograder.exercises.memory_and_parallelism.refusing import mistakes_of
from gradus.memory.caching import kv_cache_bytes as right

mistake = mistakes_of(kv_cache_bytes)


def wrong(name, look):
    """Add a mistake: the decorated function gets sizes by name, and returns the bytes."""

    def add(count):
        def answer(
            batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None
        ):
            shared = heads if kv_heads is None else kv_heads
            kept = seq if window is None else min(seq, window)
            return count(
                b=batch, s=seq, kept=kept, layers=layers, h=d_model, a=heads, kv=shared,
                wide=d_model // heads, size=bytes_per_number, window=window,
            )  # fmt: skip

        answer.__name__ = count.__name__
        mistake(name, look)(answer)
        return count

    return add


@wrong("Only keys or only values are counted.", "Which two things are kept of every token?")
def one_of_two(b, s, kept, layers, h, a, kv, wide, size, window):
    return layers * kv * wide * kept * b * size


@wrong("Queries are kept besides keys and values.", "Is the query of an old token ever used again?")
def with_queries(b, s, kept, layers, h, a, kv, wide, size, window):
    return layers * (2 * kv + a) * wide * kept * b * size


@wrong(
    "Every head for queries gets keys and values of its own.",
    "Eight heads share two keys. How many keys are kept of a token?",
)
def all_heads(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * h * kept * b * size


@wrong(
    "The heads are counted twice: d_model is all of them already.",
    "How are d_model, the number of heads and the width of a head related?",
)
def heads_twice(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * h * kept * b * size


@wrong(
    "One head is counted.", "How many heads keep a key and a value, and how wide are they together?"
)
def one_head(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * wide * kept * b * size


@wrong("The width of a head is left out.", "What is a key: a number, or a vector? How long is it?")
def no_width(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * kept * b * size


@wrong(
    "It grows with the square of the tokens, as the scores do.",
    "Does the cache hold scores, or one key and one value of each token?",
)
def squared(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * kept**2 * b * size


@wrong("It is what one token takes.", "How many tokens does a text have?")
def one_token(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * b * size * bool(kept)


@wrong("It is what one text takes.", "How many texts are written at the same time?")
def one_text(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * kept * size * bool(b)


@wrong("It is what one layer takes.", "How many layers keep keys and values?")
def one_layer(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * kv * wide * kept * b * size


@wrong("It counts numbers, not bytes.", "How many bytes is a number?")
def numbers(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * kept * b


@wrong(
    "Two bytes are counted for each number, whatever `bytes_per_number` says.",
    "Where in your code does `bytes_per_number` appear?",
)
def always_half(b, s, kept, layers, h, a, kv, wide, size, window):
    return 4 * layers * kv * wide * kept * b


@wrong(
    "The 2 of keys and values is added to the bytes of a number, not multiplied.",
    "There are two factors of 2 here. What does each stand for?",
)
def added(b, s, kept, layers, h, a, kv, wide, size, window):
    return (2 + size) * layers * kv * wide * kept * b


@wrong("It counts bits, not bytes.", "Which unit does the function's name say?")
def bits(b, s, kept, layers, h, a, kv, wide, size, window):
    return 16 * layers * kv * wide * kept * b * size


@wrong("It is in gigabytes, not in bytes.", "Which unit does the function's name say?")
def gigabytes(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * kept * b * size / 1e9


@wrong("It is in GiB, not in bytes.", "Which unit does the function's name say?")
def gibibytes(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * kept * b * size / 2**30


@wrong("The window is ignored.", "What is dropped when a text is longer than its window?")
def no_window(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * s * b * size


@wrong(
    "A window is always full, even where the text is shorter.",
    "How much is kept of 50 tokens when the window is 90?",
)
def full_window(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * (s if window is None else window) * b * size


@wrong(
    "The larger one of text and window is kept, not the smaller one.",
    "How much is kept of 50 tokens when the window is 20?",
)
def larger_one(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * max(s, window or 0) * b * size


@wrong(
    "The window is what is dropped, not what is kept.", "A window of 20: which tokens stay in it?"
)
def outside_the_window(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * (s if window is None else max(0, s - window)) * b * size


@wrong(
    "One token too few is counted.", "Does the newest token have a key and a value in the cache?"
)
def one_too_few(b, s, kept, layers, h, a, kv, wide, size, window):
    return 2 * layers * kv * wide * max(0, kept - 1) * b * size


@mistake(
    "Without `kv_heads`, all heads share one key and value.",
    "What does the docstring say for a model whose heads share nothing?",
)
def one_shared(batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None):
    return right(batch, seq, layers, d_model, heads, kv_heads or 1, bytes_per_number, window)


@kv_cache_bytes.mistake(
    "Heads that do not fit are not refused.", "How wide is a head, with 10 numbers and 3 heads?"
)
def any_heads(batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None):
    kept = seq if window is None else min(seq, window)
    return 2 * layers * (kv_heads or heads) * (d_model // heads) * kept * batch * bytes_per_number
