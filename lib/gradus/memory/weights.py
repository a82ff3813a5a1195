"""Weights: what it takes to store a model."""


def weight_bytes(params: int, dtype: str) -> int:
    """Return the bytes that `params` numbers take in memory.

    `dtype` is one of fp32, tf32, fp16, bf16, fp8, int8 and int4, as they are *stored*: tf32 is how
    some chips multiply fp32 numbers, and two int4 numbers share one byte, so that an odd one out
    takes a whole byte. Raises ValueError for another dtype.
    """
    bits = {"fp32": 32, "tf32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "int4": 4}
    if dtype not in bits:
        raise ValueError(f"there is no dtype {dtype!r} here: take one of {', '.join(bits)}")
    return (params * bits[dtype] + 7) // 8
