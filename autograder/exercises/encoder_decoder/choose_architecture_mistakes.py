"""What goes wrong in choose_architecture."""

from autograder.exercises.encoder_decoder.choose_architecture import choose_architecture
from gradus import choose_architecture as layer


def _right(wants, rewrites, live, pairs):
    return layer.choose_architecture("", wants, rewrites, live, pairs)


E, D, B = ("encoder", "masked"), ("decoder", "causal"), ("encoder-decoder", "denoising")


@choose_architecture.mistake(
    "It goes by the name of the task: whatever is about translating or summing up gets both "
    "halves.",
    "Is there anything to be written in 'say whether a translation is good'?",
)
def by_name(task, wants, rewrites=False, live=False, pairs=0):
    if any(word in task for word in ("translat", "summar", "English")):
        return B
    return _right(wants, rewrites, live, pairs)


@choose_architecture.mistake(
    "It holds that a decoder cannot translate or sum up: with few pairs, too, it takes both "
    "halves.",
    "From five pairs, what can two halves learn? What could you write into a prompt?",
)
def decoders_cannot(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live, 10**6 if rewrites else pairs)


@choose_architecture.mistake(
    "It never takes both halves: T5 and BART are taken for decoders.",
    "Which half of T5 reads the source, and in which directions?",
)
def no_both(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, False, live, pairs)


@choose_architecture.mistake(
    "It lets an encoder carry on texts: BERT is thought to write from left to right.",
    "What has an encoder seen when it guesses a word? Is that there while one writes?",
)
def encoders_write(task, wants, rewrites=False, live=False, pairs=0):
    right = _right(wants, rewrites, live, pairs)
    return E if right == D and wants == "text" and not rewrites and not live else right


@choose_architecture.mistake(
    "The encoder is thought to learn to guess the next token.",
    "If every position sees the whole text, what is left of guessing the next token?",
)
def causal_encoder(task, wants, rewrites=False, live=False, pairs=0):
    family, objective = _right(wants, rewrites, live, pairs)
    return family, "causal" if family == "encoder" else objective


@choose_architecture.mistake(
    "The decoder is thought to learn from masked tokens.", "What does GPT guess, and from what?"
)
def masked_decoder(task, wants, rewrites=False, live=False, pairs=0):
    family, objective = _right(wants, rewrites, live, pairs)
    return family, "masked" if family == "decoder" else objective


@choose_architecture.mistake(
    "The encoder-decoder is thought to learn from the next token alone.",
    "In pre-training, what does the encoder of T5 read?",
)
def causal_both(task, wants, rewrites=False, live=False, pairs=0):
    family, objective = _right(wants, rewrites, live, pairs)
    return family, "causal" if family == "encoder-decoder" else objective


@choose_architecture.mistake(
    "The encoder-decoder is thought to guess masked tokens where they stand.",
    "In span corruption, where is written what was hidden?",
)
def masked_both(task, wants, rewrites=False, live=False, pairs=0):
    family, objective = _right(wants, rewrites, live, pairs)
    return family, "masked" if family == "encoder-decoder" else objective


@choose_architecture.mistake(
    "The objectives of encoder and decoder are exchanged.",
    "Which of the two sees what comes after?",
)
def objectives_exchanged(task, wants, rewrites=False, live=False, pairs=0):
    family, objective = _right(wants, rewrites, live, pairs)
    other = {"masked": "causal", "causal": "masked"}
    return family, other.get(objective, objective)


@choose_architecture.mistake(
    "A label for each token is taken for a text to be written.",
    "Are there as many labels as tokens? Must one be known before the next?",
)
def labels_are_text(task, wants, rewrites=False, live=False, pairs=0):
    return _right(
        "text" if wants == "labels" else wants, rewrites or wants == "labels", live, pairs
    )


@choose_architecture.mistake(
    "A vector for a text is taken from a decoder.",
    "Which vectors know the whole text: those of an encoder, or those of a decoder?",
)
def vectors_of_decoders(task, wants, rewrites=False, live=False, pairs=0):
    return D if wants == "vector" else _right(wants, rewrites, live, pairs)


@choose_architecture.mistake(
    "`live` is ignored: it reads in both directions what is not there yet.",
    "After each new word, how much would an encoder have to compute anew?",
)
def live_ignored(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, False, pairs)


@choose_architecture.mistake(
    "`live` counts only where a text is to be written.",
    "May a label that is wanted at once depend on what comes later?",
)
def live_for_text(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live and wants == "text", pairs)


@choose_architecture.mistake(
    "`live` counts only where labels are wanted.",
    "Who interprets a speech: somebody who first listens to the end of it?",
)
def live_for_labels(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live and wants != "text", pairs)


@choose_architecture.mistake(
    "It takes a decoder for everything.", "What can a decoder's first word know of the last one?"
)
def always_decoder(task, wants, rewrites=False, live=False, pairs=0):
    _right(wants, rewrites, live, pairs)
    return D


@choose_architecture.mistake(
    "Many pairs are enough for it to take both halves, also where a text is carried on.",
    "In a conversation, what would be the source, and what the target?",
)
def pairs_decide(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, True, live, pairs)


@choose_architecture.mistake(
    "With few pairs it takes a decoder even where a label is wanted.",
    "For what does the task ask for 1000 pairs?",
)
def few_labels(task, wants, rewrites=False, live=False, pairs=0):
    right = _right(wants, rewrites, live, pairs)
    return D if pairs < 1000 else right


@choose_architecture.mistake(
    "Whether the source is rewritten is asked before what comes out: a label is written by both "
    "halves.",
    "In `rewrites=True, wants='label'`, what does the second half write?",
)
def rewrites_first(task, wants, rewrites=False, live=False, pairs=0):
    right = _right(wants, rewrites, live, pairs)
    return B if rewrites and not live and pairs >= 1000 else right


@choose_architecture.mistake("1000 pairs are not enough for it.", "Is 1000 at least 1000?")
def more_than_1000(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live, pairs - 1)


@choose_architecture.mistake(
    "Only the family is returned, without the objective.", "How many things does the task ask for?"
)
def family_only(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live, pairs)[0]


@choose_architecture.mistake(
    "Family and objective are returned in the other order.", "Which of the two comes first?"
)
def other_order(task, wants, rewrites=False, live=False, pairs=0):
    return _right(wants, rewrites, live, pairs)[::-1]


@choose_architecture.mistake("An unknown `wants` is not refused.", "Which family paints pictures?")
def refuses_nothing(task, wants, rewrites=False, live=False, pairs=0):
    known = ("label", "labels", "vector", "text")
    return _right(wants if wants in known else "text", rewrites, live, pairs)


@choose_architecture.mistake(
    "An unknown `wants` is refused only where the task is not live.",
    "Which question does your code ask first?",
)
def refuses_late(task, wants, rewrites=False, live=False, pairs=0):
    return D if live else _right(wants, rewrites, live, pairs)
