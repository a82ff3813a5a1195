"""The size of a transformer, from its shape alone."""


def param_count(
    vocab: int,
    d_model: int,
    layers: int,
    heads: int,
    d_ff: int,
    *,
    kv_heads: int | None = None,
    gated: bool = False,
    bias: bool = True,
    positions: int = 0,
    tied: bool = True,
    cross: bool = False,
    embeddings: bool = True,
) -> int:
    """Return how many parameters a stack of pre-norm transformer blocks has, without building it.

    A block has two norms, an attention (query, key, value, out) and a feed-forward network; after
    the last block comes one more norm.

    - `kv_heads`: heads of keys and values, where they are fewer than `heads`; a head is
      d_model / heads wide.
    - `gated`: the feed-forward network has three matrices (SwiGLU), not two.
    - `bias`: every projection has a bias and every norm a scale and a shift; without, there are no
      biases, and a norm has its scale alone.
    - `positions`: rows of a learned table of positions.
    - `tied`: the scores of the words are read off with the embedding's own weight; otherwise there
      is another matrix for it, without a bias.
    - `cross`: each block has a second attention, to an encoder, and a norm before it. It is as
      large as the first one.
    - `embeddings`: False leaves out whatever has to do with the vocabulary or with positions: both
      tables, and the matrix of the scores.

    Raises ValueError when d_model is no multiple of heads, or heads none of kv_heads.
    """
    kv_heads = heads if kv_heads is None else kv_heads
    if d_model % heads or heads % kv_heads:
        raise ValueError(f"{d_model} must be a multiple of {heads}, and {heads} of {kv_heads}")
    kv_width = d_model // heads * kv_heads
    attention = 2 * d_model * d_model + 2 * d_model * kv_width
    attention += (2 * d_model + 2 * kv_width) * bias
    matrices = 3 if gated else 2
    feed_forward = matrices * d_model * d_ff + ((matrices - 1) * d_ff + d_model) * bias
    norm = d_model * (1 + bias)

    attentions = 2 if cross else 1
    block = attentions * (attention + norm) + feed_forward + norm
    stack = layers * block + norm
    tables = vocab * d_model * (1 if tied else 2) + positions * d_model
    return stack + (tables if embeddings else 0)


def in_words(count: int | float) -> str:
    """Write a number of parameters or tokens as people say it: 6.74B, 1.4T, 124M."""
    for unit, size in (("T", 1e12), ("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= 0.9995 * size:
            return (
                f"{count / size:.3g}{unit}"
                if count < 999.5 * size
                else f"{count / size:,.0f}{unit}"
            )
    return f"{count:.3g}"
