"""What people get wrong in zero_memory."""

import math

from autograder.exercises.memory_and_parallelism.refusing import mistakes_of
from autograder.exercises.memory_and_parallelism.zero_memory import zero_memory
from gradus.memory.zero import zero_memory as right

mistake = mistakes_of(zero_memory)


def _parts(params, ranks, optimizer, gradients, weights, k):
    """Bytes, given for each part whether it is shared out."""
    sizes = zip((optimizer, gradients, weights), (k, 2, 2), strict=True)
    return sum(params * size / (ranks if shared else 1) for shared, size in sizes)


@mistake(
    "The optimizer is counted as 12 bytes whatever `optimizer_bytes` says.",
    "Where in your code does `optimizer_bytes` appear?",
)
def always_twelve(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, 12)


@mistake(
    "The fp32 copy of the weights is left out of the optimizer's bytes.",
    "The docstring says what is in the 12 bytes. Which of these do you count?",
)
def no_copy(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, optimizer_bytes - 4)


@mistake(
    "The copy of the weights is not shared out with the optimizer's states.",
    "To which part do the 4 bytes of the fp32 copy belong?",
)
def copy_stays(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, optimizer_bytes - 4) + 4 * params


@mistake("Stages 1 and 2 share out the weights too.", "What is whole on every GPU until stage 3?")
def weights_too_early(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage >= 1, stage >= 2, stage >= 1, optimizer_bytes)


@mistake("Stage 1 shares out the gradients too.", "Which stage is it that adds the gradients?")
def gradients_too_early(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage >= 1, stage >= 1, stage >= 3, optimizer_bytes)


@mistake("Stage 2 leaves the gradients whole.", "What does stage 2 add to stage 1?")
def gradients_too_late(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage >= 1, stage >= 3, stage >= 3, optimizer_bytes)


@mistake(
    "Stage 2 leaves the optimizer's states whole: it shares out the gradients instead of them.",
    "Does a stage come in the place of the one before it, or on top?",
)
def only_its_own(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage == 1, stage == 2, stage == 3, optimizer_bytes)


@mistake("Stage 3 leaves the weights whole.", "What does stage 3 add to stage 2?")
def weights_stay(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage >= 1, stage >= 2, False, optimizer_bytes)


@mistake(
    "Everything is shared out at every stage.",
    "What does a GPU at stage 0 keep, when every one keeps everything?",
)
def all_shared(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, 3, optimizer_bytes)


@mistake("From stage 1 on, everything is shared out.", "How do the stages 1, 2 and 3 differ?")
def all_from_one(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, 3 if stage else 0, optimizer_bytes)


@mistake(
    "The stages are off by one: stage 1 shares out nothing.",
    "Which stage is plain data parallelism, without any sharing?",
)
def one_too_low(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, max(0, stage - 1), optimizer_bytes)


@mistake(
    "The stages are off by one: stage 0 shares out the optimizer's states.",
    "Which stage is plain data parallelism, without any sharing?",
)
def one_too_high(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, min(3, stage + 1), optimizer_bytes)


@mistake(
    "The parts are shared out in the reverse order, the weights first.",
    "What does stage 1 share out: the largest part, or the smallest?",
)
def reversed_order(params, ranks, stage, optimizer_bytes=12):
    return _parts(params, ranks, stage >= 3, stage >= 2, stage >= 1, optimizer_bytes)


@mistake("It is what all GPUs keep together.", "What does one GPU keep, and what do all of them?")
def all_together(params, ranks, stage, optimizer_bytes=12):
    return ranks * right(params, ranks, stage, optimizer_bytes)


@mistake("The number of GPUs changes nothing.", "Where in your code does `ranks` appear?")
def alone(params, ranks, stage, optimizer_bytes=12):
    return right(params, 1, stage, optimizer_bytes)


@mistake(
    "It shares out over one GPU too few.", "Does a GPU that shares with 7 others keep 1/7 or 1/8?"
)
def without_myself(params, ranks, stage, optimizer_bytes=12):
    return right(params, max(1, ranks - 1), stage, optimizer_bytes)


@mistake(
    "Weights and gradients are counted as 4 bytes each.",
    "In which precision are the weights that are multiplied?",
)
def in_fp32(params, ranks, stage, optimizer_bytes=12):
    doubled = 2 * right(params, ranks, stage, 0)
    return doubled + right(params, ranks, stage, optimizer_bytes) - right(params, ranks, stage, 0)


@mistake(
    "Activations are counted in, by the parameter.",
    "Which of the parts does ZeRO speak of? Are the activations among them?",
)
def with_activations(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, optimizer_bytes) + 8 * params


@mistake(
    "Parts are rounded down to whole bytes for each parameter.",
    "Where do you divide: before the parameters are multiplied in, or after?",
)
def rounded_early(params, ranks, stage, optimizer_bytes=12):
    return float(math.floor(right(1, ranks, stage, optimizer_bytes)) * params)


@mistake(
    "The share is rounded up to whole parameters; the rule here divides evenly.",
    "What is a quarter of 10, and what does your function make of it?",
)
def whole_parameters(params, ranks, stage, optimizer_bytes=12):
    mine = math.ceil(params / ranks)
    parts = zip((1, 2, 3), (optimizer_bytes, 2, 2), strict=True)
    return float(sum(size * (mine if stage >= at else params) for at, size in parts))


@mistake("It is in gigabytes, not in bytes.", "Which unit does the docstring say?")
def gigabytes(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, optimizer_bytes) / 1e9


@mistake("It is in GiB, not in bytes.", "Which unit does the docstring say?")
def gibibytes(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, stage, optimizer_bytes) / 2**30


@mistake("It counts bits, not bytes.", "Which unit does the docstring say?")
def bits(params, ranks, stage, optimizer_bytes=12):
    return 8 * right(params, ranks, stage, optimizer_bytes)


@zero_memory.mistake(
    "A stage that does not exist is taken for the last one, or the first.",
    "What should happen for stage 4?",
)
def any_stage(params, ranks, stage, optimizer_bytes=12):
    return right(params, ranks, min(3, max(0, stage)), optimizer_bytes)
