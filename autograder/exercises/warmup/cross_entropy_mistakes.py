"""What people get wrong in cross_entropy: a sentence, a question, and the code."""

import math

from torch import where

from autograder.exercises.warmup.cross_entropy import cross_entropy
from gradus.ids import check_ids


def _ids(logits, targets, counted):
    """What to look up, in a last axis; 0 where ignored. Refuses what is no token, as is asked."""
    ids = targets.masked_fill(~counted, 0)
    check_ids(ids, logits.shape[-1])
    return ids[..., None]


def _losses(logits, targets, ignore_index=-100):
    """The loss at each place (0 where ignored), and which places count: right so far."""
    counted = targets != ignore_index
    losses = -logits.log_softmax(-1).gather(-1, _ids(logits, targets, counted))[..., 0]
    return losses.masked_fill(~counted, 0), counted


def _mean(losses, counted):
    return losses.sum() / counted.sum().clamp(min=1)


@cross_entropy.mistake(
    "It returns the sum of the losses, not their mean.",
    "How many losses did you add up, and by how many do you divide?",
)
def summed(logits, targets, ignore_index=-100):
    return _losses(logits, targets, ignore_index)[0].sum()


@cross_entropy.mistake(
    "The sum is divided by the number of all places, ignored ones included.",
    "How many losses did you add up, and by how many do you divide?",
)
def over_all(logits, targets, ignore_index=-100):
    return _losses(logits, targets, ignore_index)[0].mean()


@cross_entropy.mistake(
    "The sum is divided by the number of texts, not of targets.",
    "How many losses did you add up, and by how many do you divide?",
)
def over_texts(logits, targets, ignore_index=-100):
    return _losses(logits, targets, ignore_index)[0].sum() / max(len(targets), 1)


@cross_entropy.mistake(
    "It takes the mean of each text's mean: a short text weighs as much as a long one.",
    "A text with one target and a text with nine: what share should each target have?",
)
def mean_of_means(logits, targets, ignore_index=-100):
    losses, counted = _losses(logits, targets, ignore_index)
    return (losses.sum(-1) / counted.sum(-1).clamp(min=1)).mean()


@cross_entropy.mistake(
    "It takes the logarithm of the finished softmax, which has rounded small shares to 0.",
    "What is exp(-300) as a float32, and what is the logarithm of that?",
)
def log_of_softmax(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    losses = -logits.softmax(-1).log().gather(-1, _ids(logits, targets, counted))[..., 0]
    return _mean(losses.masked_fill(~counted, 0), counted)


@cross_entropy.mistake(
    "A small number is added to the probabilities, so no loss is larger than that allows.",
    "How small can a probability become, and what is -log(1e-9)?",
)
def small_number(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    losses = -(logits.softmax(-1) + 1e-9).log().gather(-1, _ids(logits, targets, counted))[..., 0]
    return _mean(losses.masked_fill(~counted, 0), counted)


@cross_entropy.mistake(
    "The loss is in bits: the logarithm is to base 2.", "Which logarithm undoes exp?"
)
def in_bits(logits, targets, ignore_index=-100):
    return _mean(*_losses(logits, targets, ignore_index)) / math.log(2)


@cross_entropy.mistake(
    "It is the loss of the likeliest token, whatever the targets are.",
    "For which token do you look the probability up?",
)
def of_the_likeliest(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    return _mean((-logits.log_softmax(-1).amax(-1)).masked_fill(~counted, 0), counted)


@cross_entropy.mistake(
    "The softmax runs over the positions instead of the vocabulary.",
    "What sums to 1: the tokens that could stand at one place, or one token at all places?",
)
def over_positions(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    losses = -logits.log_softmax(-2).gather(-1, _ids(logits, targets, counted))[..., 0]
    return _mean(losses.masked_fill(~counted, 0), counted)


@cross_entropy.mistake(
    "Ignored places count as if their target were token 0.",
    "When you look for ignore_index, has it already been replaced by something else?",
)
def ignored_as_zero(logits, targets, ignore_index=-100):
    return _losses(logits, targets.masked_fill(targets == ignore_index, 0), -100)[0].mean()


@cross_entropy.mistake(
    "Token 0 is ignored too, as if it were padding.",
    "Which targets does the task say do not count?",
)
def zero_ignored(logits, targets, ignore_index=-100):
    ids = targets.masked_fill(targets == ignore_index, 0)
    return _mean(*_losses(logits, ids, 0))


@cross_entropy.mistake(
    "It always ignores -100, whatever `ignore_index` is.",
    "Where in your code does `ignore_index` appear?",
)
def fixed_index(logits, targets, ignore_index=-100):
    return _mean(*_losses(logits, targets, -100))


@cross_entropy.mistake(
    "Targets outside the vocabulary are clamped: an id that does not exist becomes another.",
    "What becomes of a target of -1 that is not to be ignored? Who would notice?",
)
def clamped(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    ids = targets.clamp(0, logits.shape[-1] - 1)
    return _mean(_losses(logits, ids)[0].masked_fill(~counted, 0), counted)


@cross_entropy.mistake(
    "Ignored targets are looked up like any other id.",
    "Is there a token -100? What do you look up in its place, and who leaves it out again?",
)
def nothing_ignored(logits, targets, ignore_index=-100):
    return -logits.log_softmax(-1).gather(-1, targets[..., None]).mean()


@cross_entropy.mistake(
    "The sign is turned: a better model gets a larger loss.",
    "What sign has the logarithm of a probability?",
)
def positive(logits, targets, ignore_index=-100):
    return -_mean(*_losses(logits, targets, ignore_index))


@cross_entropy.mistake(
    "The softmax is taken twice.",
    "What goes into your log_softmax: logits, or probabilities already?",
)
def softmax_twice(logits, targets, ignore_index=-100):
    return _mean(*_losses(logits.softmax(-1), targets, ignore_index))


@cross_entropy.mistake(
    "The result is cut off from the gradient.",
    "Is there a detach, an item() or a no_grad on the way?",
)
def detached(logits, targets, ignore_index=-100):
    return _mean(*_losses(logits.detach(), targets, ignore_index))


@cross_entropy.mistake(
    "A tenth of every target is spread over the whole vocabulary (label smoothing).",
    "Does the task speak of any token but the target?",
)
def smoothed(logits, targets, ignore_index=-100):
    losses, counted = _losses(logits, targets, ignore_index)
    spread = -logits.log_softmax(-1).mean(-1).masked_fill(~counted, 0)
    return _mean(0.9 * losses + 0.1 * spread, counted)


@cross_entropy.mistake(
    "Where nothing counts it divides 0 by 0.", "By what do you divide when every target is ignored?"
)
def nan_for_nothing(logits, targets, ignore_index=-100):
    losses, counted = _losses(logits, targets, ignore_index)
    return losses.sum() / counted.sum()


@cross_entropy.mistake("It returns exp of the loss, the perplexity.", "Which step is one too many?")
def perplexity(logits, targets, ignore_index=-100):
    return _mean(*_losses(logits, targets, ignore_index)).exp()


@cross_entropy.mistake(
    "It averages the probabilities, without the logarithm.",
    "What should a prediction with probability 1/2 cost? And one with 1/4?",
)
def without_logarithm(logits, targets, ignore_index=-100):
    losses, counted = _losses(logits, targets, ignore_index)
    return -_mean(where(counted, (-losses).exp(), 0), counted)


@cross_entropy.mistake(
    "It averages the probabilities first and takes the logarithm of the mean.",
    "Which comes first, the logarithm or the mean?",
)
def logarithm_of_mean(logits, targets, ignore_index=-100):
    losses, counted = _losses(logits, targets, ignore_index)
    return -_mean(where(counted, (-losses).exp(), 0), counted).log()


@cross_entropy.mistake(
    "It shifts the targets by one: row i is held against target i + 1.",
    "With which target does row 0 of the logits go in this task?",
)
def next_target(logits, targets, ignore_index=-100):
    if targets.dim() < 1 or targets.shape[-1] < 2:
        return _mean(*_losses(logits, targets, ignore_index))
    return _mean(*_losses(logits[..., :-1, :], targets[..., 1:], ignore_index))


@cross_entropy.mistake("It returns one loss for each place.", "What shape does the task ask for?")
def not_averaged(logits, targets, ignore_index=-100):
    return _losses(logits, targets, ignore_index)[0]


@cross_entropy.mistake(
    "It takes the logits of the targets as they are, without a softmax.",
    "What makes the probabilities sum to 1?",
)
def raw_logits(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    return _mean(
        (-logits.gather(-1, _ids(logits, targets, counted))[..., 0]).masked_fill(~counted, 0),
        counted,
    )


@cross_entropy.mistake(
    "It counts how often the likeliest token is not the target.",
    "Does it make a difference to your loss how sure the model was?",
)
def error_rate(logits, targets, ignore_index=-100):
    counted = targets != ignore_index
    wrong = (logits.argmax(-1) != targets).to(logits.dtype)
    return _mean(wrong.masked_fill(~counted, 0), counted)
