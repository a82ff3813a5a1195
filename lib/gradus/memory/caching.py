"""The cache of keys and values: what texts take while they are being written."""


def kv_cache_bytes(
    batch: int,
    seq: int,
    layers: int,
    d_model: int,
    heads: int,
    kv_heads: int | None = None,
    bytes_per_number: int = 2,
    window: int | None = None,
) -> int:
    """Return the bytes of all keys and values of `batch` texts, each of `seq` tokens.

    Every layer keeps a key and a value of every token, for each of its heads. A head is
    d_model / heads numbers wide. Where several heads for queries share one for keys and values,
    `kv_heads` says how many of these there are; without it, every head has its own. With a
    `window`, each text keeps its last `window` tokens at most.

    Raises ValueError if d_model does not share out over the heads, or these over the kv_heads.
    """
    kv_heads = heads if kv_heads is None else kv_heads
    if d_model % heads or heads % kv_heads:
        raise ValueError(f"{d_model} numbers, {heads} heads and {kv_heads} kv_heads do not fit")
    kept = seq if window is None else min(seq, window)
    return 2 * layers * kv_heads * (d_model // heads) * kept * batch * bytes_per_number
