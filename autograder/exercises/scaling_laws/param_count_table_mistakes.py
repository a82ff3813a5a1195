"""What goes wrong in param_count: the tables, units, and what is not checked."""

from autograder.exercises.scaling_laws.param_count import param_count
from gradus.scaling.size import param_count as right


def _tables(options):
    return options.get("embeddings", True)


@param_count.mistake(
    "`embeddings` works the wrong way round.", "Which count is larger, with embeddings or without?"
)
def inverted(*shape, embeddings=True, **options):
    return right(*shape, embeddings=not embeddings, **options)


@param_count.mistake(
    "Embeddings are counted even where they should be left out.", "Where is `embeddings` used?"
)
def always_embedded(*shape, embeddings=True, **options):
    return right(*shape, **options)


@param_count.mistake(
    "The word vectors are never counted.", "How many numbers does a table of all words hold?"
)
def never_embedded(vocab, *shape, **options):
    return right(0, *shape, **options)


@param_count.mistake(
    "Without embeddings, the table of positions still counts.",
    "Which tables are left out where embeddings are?",
)
def positions_stay(vocab, d_model, *shape, **options):
    stays = 0 if _tables(options) else options.get("positions", 0) * d_model
    return right(vocab, d_model, *shape, **options) + stays


@param_count.mistake(
    "Without embeddings, the matrix for the scores still counts.",
    "What has that matrix to do with the vocabulary?",
)
def head_stays(vocab, d_model, *shape, **options):
    stays = vocab * d_model * (not _tables(options) and not options.get("tied", True))
    return right(vocab, d_model, *shape, **options) + stays


@param_count.mistake(
    "A shared table is counted twice: as the embedding, and again for the scores.",
    "How many tensors are there, when both are one?",
)
def tied_twice(*shape, tied=True, **options):
    return right(*shape, tied=False, **options)


@param_count.mistake(
    "The matrix for the scores is forgotten where it is not shared.",
    "What do the scores of the words come from, when the embedding is not used for it?",
)
def never_untied(*shape, tied=True, **options):
    return right(*shape, **options)


@param_count.mistake("`tied` works the wrong way round.", "What does tied mean?")
def tied_inverted(*shape, tied=True, **options):
    return right(*shape, tied=not tied, **options)


@param_count.mistake("Positions are not counted.", "Is a table of positions learned?")
def no_positions(*shape, positions=0, **options):
    return right(*shape, **options)


@param_count.mistake(
    "Each position counts as one number, not as a vector.", "How wide is a row of that table?"
)
def thin_positions(vocab, d_model, *shape, positions=0, **options):
    return right(vocab, d_model, *shape, **options) + positions * _tables(options)


@param_count.mistake(
    "It is in billions.", "Which unit does the task name? How many parameters has GPT-2?"
)
def in_billions(*shape, **options):
    return right(*shape, **options) / 1e9


@param_count.mistake("It is in millions.", "Which unit does the task name?")
def in_millions(*shape, **options):
    return right(*shape, **options) / 1e6


@param_count.mistake(
    "Only one block is counted.", "How often does a block come, and does it share its weights?"
)
def one_block(vocab, d_model, layers, heads, d_ff, **options):
    return right(vocab, d_model, min(layers, 1), heads, d_ff, **options)


@param_count.mistake(
    "Shapes that do not fit are accepted.",
    "What is a third of a head? Which two divisions must come out even?",
)
def not_checked(vocab, d_model, layers, heads, d_ff, *, kv_heads=None, **options):
    try:
        return right(vocab, d_model, layers, heads, d_ff, kv_heads=kv_heads, **options)
    except ValueError:
        return right(vocab, d_model, layers, 1, d_ff, **options)
