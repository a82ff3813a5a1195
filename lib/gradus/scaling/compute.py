"""How many floating-point operations training and reading take.

The shape of the estimate: Kaplan et al. 2020, https://arxiv.org/abs/2001.08361, section 2.1
"""


def train_flops(
    params: int | float,
    tokens: int | float,
    epochs: int | float = 1.0,
    layers: int = 0,
    d_model: int = 0,
    seq: int = 0,
) -> int | float:
    """Return the floating-point operations (FLOPs) of training: 6 for each parameter and token.

    A parameter is used in one multiplication and one addition for every token that is read, and
    the way back costs twice as much as the way forward. `tokens` is the size of the data, which is
    read `epochs` times.

    Attention has work without parameters too. Where `layers`, `d_model` and `seq` are given, it is
    added: for every token and layer, 2·seq·d_model FLOPs to compare the query with the keys, and
    as many to mix the values; and the way back. (The mask is not taken into account.)
    """
    weights = 2 * params
    attention = layers * 4 * seq * d_model
    return 3 * (weights + attention) * tokens * epochs


def forward_flops(
    params: int | float, tokens: int | float, layers: int = 0, d_model: int = 0, seq: int = 0
) -> int | float:
    """Return the FLOPs of reading or writing `tokens`: a third of what training on them costs."""
    return train_flops(params, tokens, 1.0, layers, d_model, seq) / 3
