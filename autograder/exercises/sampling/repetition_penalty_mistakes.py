"""What people get wrong in repetition_penalty."""

import torch
from torch import where, zeros_like

from autograder.exercises.sampling.kept import INF
from autograder.exercises.sampling.repetition_penalty import repetition_penalty


def _counts(logits, ids, padding=None):
    """How often each token stands in each row's text."""
    real = torch.ones_like(ids) if padding is None else padding
    return zeros_like(logits).scatter_add(-1, ids, real.to(logits.dtype))


def _change(logits, penalty):
    return where(logits > 0, logits / penalty, logits * penalty)


def mistake(name, look):
    """Add a mistake that refuses what makes no sense."""

    def add(wrong):
        def answer(logits, ids, penalty, padding=None):
            if penalty <= 0:
                raise ValueError("the penalty must be positive")
            return wrong(logits, ids, penalty, padding)

        answer.__name__ = wrong.__name__
        repetition_penalty.mistake(name, look)(answer)
        return wrong

    return add


@mistake(
    "Negative logits are divided too, which makes these tokens likelier.",
    "-4 divided by 2 is -2. Is that more likely or less?",
)
def always_divides(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 0, logits / penalty, logits)


@mistake(
    "Positive logits are multiplied too, which makes these tokens likelier.",
    "4 times 2 is 8. Is that more likely or less?",
)
def always_multiplies(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 0, logits * penalty, logits)


@mistake(
    "Multiplication and division are exchanged: repeating is rewarded.",
    "For which sign does a division make a number smaller?",
)
def exchanged(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 0, _change(logits, 1 / penalty), logits)


@mistake("The penalty is subtracted.", "What should a penalty of 1 do? What does yours do with it?")
def subtracts(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 0, logits - penalty, logits)


@mistake(
    "The penalty is applied once for every time the token stands there.",
    "Does the task count how often, or only whether?",
)
def each_time(logits, ids, penalty, padding):
    counts = _counts(logits, ids, padding)
    return where(logits > 0, logits / penalty**counts, logits * penalty**counts)


@mistake(
    "Tokens are penalised in all rows if they stand in any.",
    "Does one text of the batch know what another one says?",
)
def batch_mixed(logits, ids, penalty, padding):
    seen = (_counts(logits, ids, padding) > 0).any(0, keepdim=True)
    return where(seen, _change(logits, penalty), logits)


@mistake("Only the last token of each text is penalised.", "How far back does your code look?")
def last_only(logits, ids, penalty, padding):
    padding = padding if padding is None else padding[:, -1:]
    return where(_counts(logits, ids[:, -1:], padding) > 0, _change(logits, penalty), logits)


@mistake("Padding is penalised as if it were text.", "Where in your code does `padding` appear?")
def padding_too(logits, ids, penalty, padding):
    return where(_counts(logits, ids) > 0, _change(logits, penalty), logits)


@mistake(
    "Only padding is penalised: True and False are exchanged.",
    "What does True mean in `padding`?",
)
def padding_only(logits, ids, penalty, padding):
    padding = padding if padding is None else ~padding
    return where(_counts(logits, ids, padding) > 0, _change(logits, penalty), logits)


@mistake(
    "A token that is padding somewhere is spared everywhere.",
    "May the id of the padding be a real token in the same text?",
)
def spared(logits, ids, penalty, padding):
    seen = _counts(logits, ids) > 0
    if padding is not None:
        seen = seen & ~(_counts(logits, ids, ~padding) > 0)
    return where(seen, _change(logits, penalty), logits)


@mistake(
    "The tokens that do not stand there are penalised.", "Which tokens shall become less likely?"
)
def unseen(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 0, logits, _change(logits, penalty))


@mistake(
    "A token must stand there twice before it is penalised.",
    "When is a token repeated: the second time it stands there, or the second time it comes?",
)
def from_twice(logits, ids, penalty, padding):
    return where(_counts(logits, ids, padding) > 1, _change(logits, penalty), logits)


@mistake("Log-probabilities are penalised, not logits.", "What goes in, and what should come out?")
def log_probabilities(logits, ids, penalty, padding):
    logs = logits.log_softmax(-1)
    return where(_counts(logits, ids, padding) > 0, logs * penalty, logs)


@mistake(
    "What stands in the text is ruled out altogether.",
    "How likely is a token with logit -inf, and how likely should it be?",
)
def ruled_out(logits, ids, penalty, padding):
    seen = (_counts(logits, ids, padding) > 0) & (penalty != 1)
    return where(seen, -INF, logits)


@mistake(
    "Position in the text and token are mixed up: the logit of position i is penalised.",
    "What do the numbers in `ids` mean, and what are the columns of `logits`?",
)
def by_position(logits, ids, penalty, padding):
    places = torch.arange(ids.shape[-1], device=ids.device).expand_as(ids)
    return where(_counts(logits, places, padding) > 0, _change(logits, penalty), logits)


@repetition_penalty.mistake(
    "A penalty of 0 or less is not refused.", "What does a penalty of -1 do to the signs?"
)
def takes_anything(logits, ids, penalty, padding=None):
    return where(_counts(logits, ids, padding) > 0, _change(logits, penalty), logits)


@repetition_penalty.mistake(
    "It writes into the logits that it was given.", "Is there an `=` behind a `logits[...]`?"
)
def in_place(logits, ids, penalty, padding=None):
    if penalty <= 0:
        raise ValueError("the penalty must be positive")
    right = where(_counts(logits, ids, padding) > 0, _change(logits, penalty), logits)
    with torch.no_grad():
        logits.copy_(right)
    return right
