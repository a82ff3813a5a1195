"""Activations: what the forward pass keeps for the backward pass.

Korthikanti et al. 2022, equations 1 to 4 and table 2, https://arxiv.org/abs/2205.05198
"""


def activation_bytes(
    batch: int,
    seq: int,
    d_model: int,
    heads: int,
    layers: int,
    recompute: str = "none",
    vocab: int = 0,
    ranks: int = 1,
    sequence_parallel: bool = False,
) -> int:
    """Return the bytes of activations that one GPU keeps, numbers in 16 bits, dropout in bytes.

    Let s, b, h and a be seq, batch, d_model and heads. Each layer keeps 34sbh bytes, and in the
    attention 5as^2b more. `recompute` says what is forgotten and computed again when needed:

    - none: nothing is
    - selective: the 5as^2b bytes of the attention's weights are not kept
    - full: only each layer's input is kept, 2sbh bytes

    With `vocab`, the ends of the model are counted too, once: 5sbh bytes for the dropout after the
    embedding, the last norm and the head, and the logits of every position in fp32.

    `ranks` GPUs may share every layer (tensor parallelism). Each then keeps 10 of the 34sbh whole,
    and 1/ranks of the rest, of the attention's 5as^2b and of the logits; the 5sbh at the ends are
    whole too. With `sequence_parallel` nothing of all this is whole: each keeps 1/ranks. Only what
    full recomputation keeps is whole either way.

    Raises ValueError for another recompute, and for heads or a vocab that do not share out.
    """
    if recompute not in ("none", "selective", "full"):
        raise ValueError(f"recompute is none, selective or full, not {recompute!r}")
    if heads % ranks or d_model % heads or vocab % ranks:
        raise ValueError(f"{d_model=}, {heads=} and {vocab=} do not share out over {ranks} ranks")
    stream = seq * batch * d_model
    attention = 5 * heads * seq**2 * batch if recompute == "none" else 0
    whole, at_the_ends = (0, 0) if sequence_parallel else (10 * stream, 5 * stream)
    layer = whole + (34 * stream - whole + attention) // ranks
    if recompute == "full":
        layer = 2 * stream
    ends = at_the_ends + (5 * stream - at_the_ends + 4 * seq * batch * vocab) // ranks
    return layers * layer + (ends if vocab else 0)
