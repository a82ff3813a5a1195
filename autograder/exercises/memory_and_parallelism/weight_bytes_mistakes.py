"""What people get wrong in weight_bytes."""

from autograder.exercises.memory_and_parallelism.refusing import mistakes_of
from autograder.exercises.memory_and_parallelism.weight_bytes import weight_bytes
from gradus.memory.weights import weight_bytes as right

mistake = mistakes_of(weight_bytes)
BITS = {"fp32": 32, "tf32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "int4": 4}


def _stored(params, dtype, **bits):
    """With other bits for some dtypes."""
    return right(params, dtype) if dtype not in bits else params * bits[dtype] / 8


@mistake("It counts bits, not bytes.", "The names of dtypes tell their bits. What is asked?")
def bits(params, dtype):
    return params * BITS[dtype]


@mistake(
    "It is in gigabytes (of 10^9 bytes), not in bytes.", "Which unit does the function's name say?"
)
def gigabytes(params, dtype):
    return right(params, dtype) / 1e9


@mistake("It is in GiB (2^30 bytes), not in bytes.", "Which unit does the function's name say?")
def gibibytes(params, dtype):
    return right(params, dtype) / 2**30


@mistake("It is in thousands of bytes.", "Which unit does the function's name say?")
def kilobytes(params, dtype):
    return right(params, dtype) / 1e3


@mistake("It is in units of 1024 bytes.", "Which unit does the function's name say?")
def kibibytes(params, dtype):
    return right(params, dtype) / 1024


@mistake(
    "The parameters are taken to come in billions.",
    "What does `params` hold for a model of a billion: 1, or 1,000,000,000?",
)
def billions(params, dtype):
    return right(params, dtype) * 10**9


@mistake(
    "GB are turned into bytes with 2^30 where the parameters were counted with 10^9.",
    "Does any conversion of units belong into this function?",
)
def two_gigabytes(params, dtype):
    return right(params, dtype) / 1e9 * 2**30


@mistake(
    "bf16 is counted like fp32.",
    "bf16 reaches as far as fp32 does. Does it have as many bits?",
)
def bf16_is_wide(params, dtype):
    return _stored(params, dtype, bf16=32)


@mistake("int8 and fp8 are counted as 2 bytes.", "What does the 8 in the name stand for?")
def eight_is_two(params, dtype):
    return _stored(params, dtype, int8=16, fp8=16)


@mistake(
    "The 8 of int8 and fp8 is read as bytes.", "What does the 8 in the name stand for, and the 16?"
)
def eight_is_eight(params, dtype):
    return _stored(params, dtype, int8=64, fp8=64)


@mistake(
    "tf32 is counted by the 19 bits that it multiplies with.",
    "In which dtype does a matrix lie in memory before it is multiplied as tf32?",
)
def nineteen_bits(params, dtype):
    return _stored(params, dtype, tf32=19)


@mistake(
    "tf32 is counted as 2 bytes.", "Is tf32 a dtype in memory, or a way to multiply another one?"
)
def tf32_is_half(params, dtype):
    return _stored(params, dtype, tf32=16)


@mistake("An int4 number gets a byte of its own.", "How many numbers of 4 bits fit into one byte?")
def int4_is_a_byte(params, dtype):
    return _stored(params, dtype, int4=8)


@mistake(
    "The odd int4 number is lost: half a byte is rounded down.",
    "Where is the seventh of seven numbers, if they take 3 bytes?",
)
def odd_one_lost(params, dtype):
    return params * BITS[dtype] // 8


@mistake("Half a byte is returned.", "Can memory be had by half bytes?")
def half_a_byte(params, dtype):
    return params * BITS[dtype] / 8


@mistake(
    "One byte too many where int4 numbers fill their bytes.",
    "How many bytes do 10 numbers of 4 bits fill, and does your rounding change an even count?",
)
def always_one_more(params, dtype):
    return params // 2 + 1 if dtype == "int4" else right(params, dtype)


@mistake("Every dtype is counted as 4 bytes.", "Where in your code does `dtype` appear?")
def always_four(params, dtype):
    return 4 * params


@mistake("Every dtype is counted as 2 bytes.", "Where in your code does `dtype` appear?")
def always_two(params, dtype):
    return 2 * params


@weight_bytes.mistake(
    "A dtype that does not exist is taken for fp32.",
    "What should happen when somebody misspells a dtype?",
)
def unknown_is_fp32(params, dtype):
    return right(params, dtype) if dtype in BITS else 4 * params


@weight_bytes.mistake(
    "For a dtype that does not exist it returns None or 0 instead of raising an error.",
    "How will the caller find out that the dtype was misspelt?",
)
def unknown_is_nothing(params, dtype):
    return right(params, dtype) if dtype in BITS else 0
