"""kv_cache_bytes: keys and values of texts that are being written."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.times_off import TimesOff
from autograder.trial import Trial, ask
from gradus.memory import caching as reference

kv_cache_bytes = Exercise(reference.kv_cache_bytes)

# In order: batch, seq, layers, d_model, heads.
BY_HAND = ask(1, 3, 1, 4, 2)
SIZES = [ask(3, 5, 7, 22, 11), ask(5, 13, 2, 24, 3), ask(2, 1, 1, 10, 5)]
SHARED = [ask(3, 5, 7, 24, 12, kv_heads) for kv_heads in (4, 1, 12)]
PRECISION = [ask(3, 5, 7, 22, 11, bytes_per_number=size) for size in (4, 1)]
WINDOW = [ask(3, 50, 7, 22, 11, window=window) for window in (20, 50, 90)]
LLAMAS = [ask(1, 4096, 32, 4096, 32), ask(1, 4096, 80, 8192, 64, 8), ask(1, 8192, 32, 4096, 32, 8)]
EMPTY = [ask(3, 0, 7, 22, 11), ask(0, 5, 7, 22, 11)]
REFUSED = [ask(1, 3, 1, 10, 3), ask(1, 3, 1, 12, 6, 4)]


@kv_cache_bytes.case("three tokens in one layer, by hand", 0.5, judge=TimesOff([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    # 3 keys and 3 values of 4 numbers each, 2 bytes a number.
    return ByHand(BY_HAND, 48)


@kv_cache_bytes.case("texts, tokens, layers and heads", judge=TimesOff(SIZES))
def sizes(rng: Generator) -> list[Trial]:
    return SIZES


@kv_cache_bytes.case("heads that share keys and values", judge=TimesOff(SHARED))
def shared(rng: Generator) -> list[Trial]:
    return SHARED


@kv_cache_bytes.case("numbers of 4 bytes and of 1", 0.5, judge=TimesOff(PRECISION))
def precision(rng: Generator) -> list[Trial]:
    return PRECISION


@kv_cache_bytes.case("a window", judge=TimesOff(WINDOW))
def window(rng: Generator) -> list[Trial]:
    return WINDOW


@kv_cache_bytes.case("Llama-2 7B, Llama-2 70B and Llama-3 8B", 0.5, judge=TimesOff(LLAMAS))
def llamas(rng: Generator) -> list[Trial]:
    return LLAMAS


@kv_cache_bytes.case("no tokens, and no texts", 0.25, judge=TimesOff(EMPTY))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@kv_cache_bytes.case("heads that do not fit are refused", 0.5, judge=TimesOff(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@kv_cache_bytes.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    batch, seq, layers = (int(n) for n in randint(3, 9, (3,), generator=rng))
    return [
        ask(batch, seq, layers, 60, 10),
        ask(batch, seq, layers, 60, 10, 5, 1),
        ask(batch, seq + 10, layers, 60, 10, 2, 4, 9),
    ]


@kv_cache_bytes.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(3, 7, 2, 20, 4, 2)


@kv_cache_bytes.variant
def a_token_at_a_time(
    batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None
):
    if kv_heads is None:
        kv_heads = heads
    d_head, left = divmod(d_model, heads)
    if left or heads % kv_heads:
        raise ValueError("does not fit")
    each_token = layers * (kv_heads * d_head + kv_heads * d_head) * bytes_per_number
    tokens = min(window, seq) if window is not None else seq
    return sum(each_token for _ in range(batch * tokens))


@kv_cache_bytes.variant
def by_groups(batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None):
    group = heads // (kv_heads or heads)
    if group * (kv_heads or heads) != heads or d_model / heads != d_model // heads:
        raise ValueError(group)
    positions = seq if window is None or seq < window else window
    return 2 * batch * positions * layers * d_model * bytes_per_number / group


@kv_cache_bytes.variant
def in_bits(batch, seq, layers, d_model, heads, kv_heads=None, bytes_per_number=2, window=None):
    kv_heads = kv_heads if kv_heads else heads
    if heads % kv_heads != 0:
        raise ValueError("groups")
    if d_model % heads != 0:
        raise ValueError("heads")
    if window is not None and window < seq:
        seq = window
    bits = batch * seq * kv_heads * (d_model // heads) * 8 * bytes_per_number
    return 2 * layers * bits // 8
