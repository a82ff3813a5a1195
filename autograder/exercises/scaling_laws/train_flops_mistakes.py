"""What goes wrong in train_flops."""

from autograder.exercises.scaling_laws.train_flops import train_flops


def _flops(given: list[float], weights: float = 6, attention: float = 12) -> float:
    """So many FLOPs for each parameter and token, and for each layer · seq · d_model and token."""
    missing = [1.0, 0, 0, 0][len(given) - 2 :]
    params, tokens, epochs, layers, d_model, seq = [*given, *missing]
    return (weights * params + attention * layers * seq * d_model) * tokens * epochs


@train_flops.mistake(
    "Only the way forward is counted: 2 for each parameter and token.",
    "What does training do after the loss is known, and what does that cost?",
)
def forward_only(*given):
    return _flops(given, 2, 4)


@train_flops.mistake(
    "A multiplication and an addition are counted as one operation: half of everything.",
    "How many operations are x · w + y?",
)
def one_operation(*given):
    return _flops(given, 3, 6)


@train_flops.mistake(
    "The way back is counted as costly as the way forward: 4 for each parameter and token.",
    "For how many things does the way back need a gradient, at each product x · w?",
)
def back_as_forward(*given):
    return _flops(given, 4, 8)


@train_flops.mistake(
    "It counts 8 for each parameter and token, as if the way forward were gone twice.",
    "How often is each layer computed on the way forward?",
)
def recomputed(*given):
    return _flops(given, 8, 16)


@train_flops.mistake(
    "The work of attention is left out.", "Which products in a block have no parameters?"
)
def no_attention(*given):
    return _flops(given, attention=0)


@train_flops.mistake(
    "The work of attention is counted for the way forward only.",
    "Does the way back pass through attention, too?",
)
def attention_forward(*given):
    return _flops(given, attention=4)


@train_flops.mistake(
    "Of the work of attention, only half is counted.",
    "How many products are there? How many operations are x · w + y? And what of the mask?",
)
def half_attention(*given):
    return _flops(given, attention=6)


@train_flops.mistake(
    "Attention is counted at twice its work.",
    "How many products of vectors as long as d_model does a token make with each of the others?",
)
def double_attention(*given):
    return _flops(given, attention=24)


@train_flops.mistake(
    "The work of attention is counted once, not for every layer.", "How many layers look back?"
)
def one_layer(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return _flops((params, tokens, epochs, min(layers, 1), d_model, seq))


@train_flops.mistake(
    "The work of attention grows with the square of the length, for each token.",
    "With how many others is *one* token compared?",
)
def square_of_length(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return _flops((params, tokens, epochs, layers, d_model, seq * seq))


@train_flops.mistake(
    "The work of attention is not multiplied by the tokens: it is that of one.",
    "How many tokens look back?",
)
def once_for_all(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return 6 * params * tokens * epochs + 12 * layers * seq * d_model


@train_flops.mistake(
    "The work of attention is that of one sequence, not of all tokens.",
    "How many sequences do the tokens make?",
)
def one_sequence(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return 6 * params * tokens * epochs + 12 * layers * seq * seq * d_model


@train_flops.mistake(
    "Tokens are taken for sequences: their number is multiplied by the length.",
    "What is `tokens` a number of?",
)
def of_sequences(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return _flops((params, tokens * max(seq, 1), epochs, layers, d_model, seq))


@train_flops.mistake("`epochs` is not used.", "What does reading the data again cost?")
def epochs_ignored(params, tokens, epochs=1.0, *shape):
    return _flops((params, tokens, 1.0, *shape))


@train_flops.mistake(
    "The work of attention is not repeated with the epochs.",
    "When a text is read again, what is done again?",
)
def attention_once(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    return 6 * params * tokens * epochs + 12 * layers * seq * d_model * tokens


@train_flops.mistake(
    "The data is divided among the epochs.", "After 4 epochs, how often was each token read?"
)
def divided(params, tokens, epochs=1.0, *shape):
    return _flops((params, tokens, 1 / epochs, *shape))


@train_flops.mistake(
    "Only whole epochs count.", "BloombergGPT read 0.8 of its data. How much work was that?"
)
def whole_epochs(params, tokens, epochs=1.0, *shape):
    return _flops((params, tokens, max(int(epochs), 1), *shape))


@train_flops.mistake(
    "The number of parameters is squared, and the tokens are not used.",
    "Does training on twice as much data take twice as long?",
)
def squared(params, tokens, epochs=1.0, *shape):
    return _flops((params, params, epochs, *shape))


@train_flops.mistake(
    "It is in petaFLOP/s-days.", "Which unit does the task name? What is 10 parameters, 7 tokens?"
)
def in_days(*given):
    return _flops(given) / 8.64e19
