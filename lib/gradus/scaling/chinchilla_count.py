"""Chinchilla's own bookkeeping: parameters and FLOPs of the models that the law was fitted to.

Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, appendix F and table A9
"""


def chinchilla_params(
    layers: int, d_model: int, d_ff: int, heads: int, d_head: int, vocab: int = 32_000
) -> int:
    """Return the parameters of one of the models in table A9.

    They have biases, relative positions as in Transformer-XL (two vectors in each layer), a shared
    embedding, and heads that are not always d_model / heads wide. So counted, all 50 rows of the
    table come out to within 1.5 million parameters.
    """
    inner = heads * d_head
    queries_keys_values = 3 * (d_model * inner + inner)
    positions = d_model * inner + 2 * inner
    out = inner * d_model + d_model
    feed_forward = 2 * d_model * d_ff + d_ff + d_model
    norms = 4 * d_model
    block = queries_keys_values + positions + out + feed_forward + norms
    return layers * block + 2 * d_model + vocab * d_model


def chinchilla_flops(
    layers: int,
    d_model: int,
    d_ff: int,
    heads: int,
    d_head: int,
    seq: int = 2048,
    vocab: int = 32_000,
    embeddings: bool = True,
) -> float:
    """Return the training FLOPs of one sequence: forward, and backward at twice as much.

    With `embeddings` as printed in appendix F. The ratios of table A4 come out only without the
    embeddings and the scores of the words, so the paper counted without them.
    """
    inner = heads * d_head
    attention = 2 * 3 * seq * d_model * inner  # query, key, value
    attention += 2 * seq * seq * inner  # query times key
    attention += 3 * heads * seq * seq  # softmax
    attention += 2 * seq * seq * inner  # weights times values
    attention += 2 * seq * inner * d_model  # out
    dense = 2 * seq * 2 * d_model * d_ff
    forward = layers * (attention + dense)
    if embeddings:
        forward += 2 * seq * vocab * d_model * 2  # in, and out
    return 3.0 * forward
