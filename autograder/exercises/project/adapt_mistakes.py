"""Wrong answers for adapt: what is measured, and how it is reported."""

import math
from copy import deepcopy

from autograder.exercises.project.adapt import adapt
from autograder.exercises.project.adapting import exchange
from gradus.training.loop import evaluate


def add(name, look, **parts):
    """Add a mistake that is the usual answer with some parts exchanged."""
    return adapt.mistake(name, look)(exchange(**parts))


add(
    "The texts are measured on what the model trains on, not on what is held out.",
    "What does a loss say on a text that the model has just learned?",
    measure=lambda model, text, seq: (
        evaluate(model, text[0], seq) * len(text[1]) / text[2] / math.log(2)
    ),
)
add(
    "The loss is in nats, not in bits.",
    "How many nats has a bit?",
    measure=lambda model, text, seq: evaluate(model, text[1], seq) * len(text[1]) / text[2],
)
add(
    "The loss is that of a token, not that of a byte.",
    "A tokenizer with longer tokens has fewer of them. Is its model worse for that?",
    measure=lambda model, text, seq: evaluate(model, text[1], seq) / math.log(2),
)
add(
    "Bytes per token, where tokens per byte are needed.",
    "A loss for each token, and three bytes in a token: more or less for each byte?",
    measure=lambda model, text, seq: (
        evaluate(model, text[1], seq) / math.log(2) * text[2] / len(text[1])
    ),
)
add(
    "The tokens that are trained on are divided by the bytes that are held out.",
    "Of which text do you know the bytes?",
    measure=lambda model, text, seq: (
        evaluate(model, text[1], seq) * len(text[0]) / text[2] / math.log(2)
    ),
)
add(
    "Only the domain is reported.",
    "How would you see that the model forgets?",
    report=lambda before, after: {"domain": (before["domain"], after[1])},
)
add(
    "After comes first, before second.",
    "In which order is the pair asked?",
    report=lambda before, after: {
        name: (late, bits) for (name, bits), late in zip(before.items(), after, strict=True)
    },
)
add(
    "The first measurement is returned twice.",
    "What was measured after the last step?",
    report=lambda before, after: {name: (bits, bits) for name, bits in before.items()},
)
add(
    "What is measured is the change, not before and after.",
    "Which two numbers are asked for each text?",
    report=lambda before, after: {
        name: (bits, late - bits) for (name, bits), late in zip(before.items(), after, strict=True)
    },
)
add(
    "The two texts are exchanged in the report.",
    "Which text got better by training on the domain?",
    report=lambda before, after: {
        "general": (before["domain"], after[1]),
        "domain": (before["general"], after[0]),
    },
)


@adapt.mistake(
    "A copy is trained; the model that was given has learned nothing.",
    "Who shall have learned something afterwards?",
)
def copied(model, *args, **kwargs):
    return exchange()(deepcopy(model), *args, **kwargs)


@adapt.mistake(
    "Both measurements are made after the training.", "When is the time to measure what was before?"
)
def too_late(model, general, domain, fraction, **settings):
    report = exchange()(model, general, domain, fraction, **settings)
    return {name: (after, after) for name, (_, after) in report.items()}


@adapt.mistake(
    "A fraction that is not from 0 to 1 is not refused.", "What would a fraction of 30 mean?"
)
def not_refused(model, general, domain, fraction, **settings):
    answer = exchange(check=lambda fraction: None)
    return answer(model, general, domain, min(max(fraction, 0.0), 1.0), **settings)
