"""cache_bytes: how much memory the keys and values of one long text take.

Llama-2 7B: 32 layers, 32 heads of keys and values, d_head 128, 4096 positions, 2 bytes a number.
Touvron et al. 2023, https://arxiv.org/abs/2307.09288
"""

from autograder.exercise import ByHand, Exercise
from autograder.trial import ask

LAYERS, HEADS, D_HEAD, POSITIONS, BYTES = 32, 32, 128, 4096, 2
D_MODEL = HEADS * D_HEAD
RIGHT = 2 * LAYERS * HEADS * D_HEAD * POSITIONS * BYTES

cache_bytes = Exercise(RIGHT, name="cache_bytes")


@cache_bytes.case("keys and values of 4096 positions, in bytes", 2)
def by_hand(rng) -> ByHand:
    return ByHand(ask(), 2_147_483_648)


@cache_bytes.mistake(
    "Only keys or only values are counted, not both.", "What two things does the cache hold?"
)
def one_of_two():
    return RIGHT // 2


@cache_bytes.mistake(
    "It counts numbers, not bytes.", "How many bytes does one number take in half precision?"
)
def numbers():
    return RIGHT // BYTES


@cache_bytes.mistake(
    "It counts the numbers of keys alone: both the 2 for keys and values and the 2 bytes of each "
    "number are missing.",
    "There are two factors of 2. What does each stand for?",
)
def keys_in_numbers():
    return RIGHT // 4


@cache_bytes.mistake("It is in bits.", "Which unit does the task name?")
def bits():
    return RIGHT * 8


@cache_bytes.mistake("It is in KiB.", "Which unit does the task name?")
def kib():
    return RIGHT / 2**10


@cache_bytes.mistake("It is in MiB.", "Which unit does the task name?")
def mib():
    return RIGHT / 2**20


@cache_bytes.mistake("It is in GiB.", "Which unit does the task name?")
def gib():
    return RIGHT / 2**30


@cache_bytes.mistake("It is in GB.", "Which unit does the task name?")
def gb():
    return RIGHT / 1e9


@cache_bytes.mistake("It is in MB.", "Which unit does the task name?")
def mb():
    return RIGHT / 1e6


@cache_bytes.mistake("Only one layer is counted.", "How many layers keep a cache?")
def one_layer():
    return RIGHT // LAYERS


@cache_bytes.mistake("Only one head is counted.", "How wide are all heads together?")
def one_head():
    return RIGHT // HEADS


@cache_bytes.mistake(
    "Only one layer and one head are counted.", "How many layers and heads keep a cache?"
)
def one_layer_and_head():
    return RIGHT // LAYERS // HEADS


@cache_bytes.mistake("Only one position is counted.", "How long is the text?")
def one_position():
    return RIGHT // POSITIONS


@cache_bytes.mistake(
    "The heads are counted twice: d_model is all of them already.",
    "How are d_model, the number of heads and d_head related?",
)
def heads_twice():
    return RIGHT // D_HEAD * D_MODEL


@cache_bytes.mistake(
    "It grows with the square of the number of positions, as the scores do.",
    "Does the cache hold scores, or one key and one value for each position?",
)
def squared():
    return RIGHT * POSITIONS


@cache_bytes.mistake(
    "It is the size of the scores of all pairs of positions, not of keys and values.",
    "Which tensors does the cache hold?",
)
def scores():
    return LAYERS * HEADS * POSITIONS**2 * BYTES


@cache_bytes.mistake(
    "Four bytes are counted for each number.", "How wide is a number in half precision?"
)
def float32():
    return RIGHT * 2


@cache_bytes.mistake(
    "Queries are counted besides keys and values.", "Is the query of an old token ever used again?"
)
def with_queries():
    return RIGHT // 2 * 3


@cache_bytes.mistake(
    "One position too few is counted.", "How many positions have a key and a value?"
)
def one_too_few():
    return RIGHT // POSITIONS * (POSITIONS - 1)


@cache_bytes.variant
def power_of_two():
    return 2**31


@cache_bytes.variant
def floating():
    return 2.0 * LAYERS * D_MODEL * POSITIONS * 16 / 8
