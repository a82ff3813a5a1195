"""What goes wrong in param_count: in the blocks."""

from autograder.exercises.scaling_laws.param_count import param_count
from gradus.scaling.size import param_count as right


def _norm(d_model, options):
    return d_model * (1 + options.get("bias", True))


def _tables(options):
    return options.get("embeddings", True)


@param_count.mistake(
    "The feed-forward network is taken to be four times as wide as the model: d_ff is not used.",
    "How wide is the middle of LLaMA's feed-forward network?",
)
def always_four(vocab, d_model, layers, heads, d_ff, **options):
    return right(vocab, d_model, layers, heads, 4 * d_model, **options)


@param_count.mistake(
    "It is the estimate 12 · layers · d_model² (and the table): it leaves out what is small.",
    "Which parameters of a block are in no matrix, and how wide is the middle of the network?",
)
def twelve(vocab, d_model, layers, heads, d_ff, **options):
    right(vocab, d_model, layers, heads, d_ff, **options)
    return 12 * layers * d_model**2 + _tables(options) * vocab * d_model


@param_count.mistake(
    "Keys and values are as wide as the queries, although they have fewer heads.",
    "How many numbers does a key have, over all its heads together?",
)
def no_groups(vocab, d_model, layers, heads, d_ff, kv_heads=None, **options):
    right(vocab, d_model, layers, heads, d_ff, kv_heads=kv_heads, **options)
    return right(vocab, d_model, layers, heads, d_ff, **options)


@param_count.mistake(
    "With fewer heads of keys and values, the whole attention becomes narrower.",
    "Which of query, key, value and out has something to do with kv_heads?",
)
def all_narrow(vocab, d_model, layers, heads, d_ff, kv_heads=None, **options):
    whole = right(vocab, d_model, layers, heads, d_ff, kv_heads=kv_heads, **options)
    kv = d_model // heads * (kv_heads or heads)
    extra = (d_model - kv) * (2 * d_model + options.get("bias", True) * 1)
    return whole - layers * (1 + options.get("cross", False)) * extra


@param_count.mistake(
    "Keys or values, but not both, become narrower with fewer heads.",
    "What is there one of for each head that is read?",
)
def one_narrow(vocab, d_model, layers, heads, d_ff, kv_heads=None, **options):
    narrow = right(vocab, d_model, layers, heads, d_ff, kv_heads=kv_heads, **options)
    return (narrow + right(vocab, d_model, layers, heads, d_ff, **options)) // 2


@param_count.mistake(
    "With fewer heads, the matrices of keys and values become narrower, but not their biases.",
    "How many numbers does the bias of a projection have?",
)
def wide_kv_biases(vocab, d_model, layers, heads, d_ff, **options):
    whole = right(vocab, d_model, layers, heads, d_ff, **options)
    kv = d_model // heads * (options.get("kv_heads") or heads)
    extra = 2 * (d_model - kv) * options.get("bias", True)
    return whole + layers * (1 + options.get("cross", False)) * extra


@param_count.mistake(
    "Biases are never counted.", "How many numbers does a projection add, besides its matrix?"
)
def no_biases(*shape, bias=True, **options):
    layers, d_model = shape[2], shape[1]
    norms = d_model * (layers * (2 + options.get("cross", False)) + 1)
    return right(*shape, bias=False, **options) + (norms if bias else 0)


@param_count.mistake(
    "Biases are counted even where there are none.", "What does bias=False take away?"
)
def always_biased(*shape, bias=True, **options):
    return right(*shape, **options)


@param_count.mistake(
    "A norm has a shift even where there are no biases.",
    "What is left of a norm without biases: how many numbers for each place of the vector?",
)
def shift_stays(*shape, **options):
    layers, d_model = shape[2], shape[1]
    norms = d_model * (layers * (2 + options.get("cross", False)) + 1)
    return right(*shape, **options) + (0 if options.get("bias", True) else norms)


@param_count.mistake(
    "A norm has only one number for each place, even where it has a scale and a shift.",
    "What does a norm with a bias learn?",
)
def scale_only(*shape, **options):
    layers, d_model = shape[2], shape[1]
    norms = d_model * (layers * (2 + options.get("cross", False)) + 1)
    return right(*shape, **options) - (norms if options.get("bias", True) else 0)


@param_count.mistake("The norms are forgotten.", "What stands before each part of a block?")
def no_norms(*shape, **options):
    norms = shape[2] * (2 + options.get("cross", False)) + 1
    return right(*shape, **options) - norms * _norm(shape[1], options)


@param_count.mistake("The norm after the last block is forgotten.", "What comes after the blocks?")
def no_last_norm(*shape, **options):
    return right(*shape, **options) - _norm(shape[1], options)


@param_count.mistake(
    "Each block has only one norm.", "How many parts does a block have, and what is before each?"
)
def one_norm(*shape, **options):
    return right(*shape, **options) - shape[2] * _norm(shape[1], options)


@param_count.mistake(
    "A gated network has two matrices, like any other.",
    "In SwiGLU, what is multiplied with what before the way out?",
)
def two_matrices(*shape, gated=False, **options):
    return right(*shape, **options)


@param_count.mistake(
    "Every feed-forward network has three matrices, gated or not.", "What does the gate need?"
)
def three_matrices(*shape, gated=False, **options):
    return right(*shape, gated=True, **options)


@param_count.mistake(
    "The gate has no bias, although there are biases.", "What does each projection have?"
)
def gate_without_bias(vocab, d_model, layers, heads, d_ff, **options):
    whole = right(vocab, d_model, layers, heads, d_ff, **options)
    return whole - layers * d_ff * (options.get("gated", False) and options.get("bias", True))


@param_count.mistake(
    "The bias into the middle of the feed-forward network is as wide as the model.",
    "How wide is what comes out of the first matrix?",
)
def narrow_bias(vocab, d_model, layers, heads, d_ff, **options):
    whole = right(vocab, d_model, layers, heads, d_ff, **options)
    biases = (1 + options.get("gated", False)) * options.get("bias", True)
    return whole + layers * (d_model - d_ff) * biases


@param_count.mistake(
    "Cross-attention is left out.",
    "How many attentions does a block of a translator's decoder have?",
)
def no_cross(*shape, cross=False, **options):
    return right(*shape, **options)


@param_count.mistake(
    "Cross-attention comes without a norm of its own.", "What stands before each part of a block?"
)
def cross_without_norm(*shape, **options):
    norms = shape[2] * options.get("cross", False)
    return right(*shape, **options) - norms * _norm(shape[1], options)


@param_count.mistake(
    "The out-projection of the attention is forgotten.",
    "What happens after the heads are put side by side?",
)
def no_out(vocab, d_model, layers, *shape, **options):
    out = d_model * (d_model + options.get("bias", True))
    attentions = layers * (1 + options.get("cross", False))
    return right(vocab, d_model, layers, *shape, **options) - attentions * out


@param_count.mistake(
    "Every head has projections as wide as the whole model.",
    "How wide is one head's query, and how wide are those of all heads together?",
)
def wide_heads(vocab, d_model, layers, heads, d_ff, **options):
    whole = right(vocab, d_model, layers, heads, d_ff, **options)
    kv = options.get("kv_heads") or heads
    one = 2 * d_model * d_model + 2 * d_model * (d_model // heads * kv)
    wide = 2 * heads * d_model**2 + 2 * kv * d_model**2
    return whole + layers * (1 + options.get("cross", False)) * (wide - one)
