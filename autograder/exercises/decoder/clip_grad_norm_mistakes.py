"""What goes wrong in clip_grad_norm."""

import torch
from torch import tensor

from autograder.exercises.decoder.clip_grad_norm import clip_grad_norm, gradients_of, length


def _clip(gradients, norm, max_norm):
    """Shorten gradients in place by the right rule."""
    if norm.isfinite() and norm > max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)


@clip_grad_norm.mistake(
    "Short gradients are made longer: the norm always becomes max_norm.",
    "What should happen to a gradient that is short enough?",
)
def always(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if norm.isfinite() and norm > 0:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm


@clip_grad_norm.mistake(
    "Gradients of 0 become 0/0: the norm always becomes max_norm.",
    "What should happen to a gradient that is short enough?",
)
def always_even_zero(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    for gradient in gradients:
        gradient.mul_(max_norm / norm)
    return norm


@clip_grad_norm.mistake(
    "The test is the wrong way round: short gradients are made longer, long ones stay.",
    "Which gradients should be changed: those above the limit, or those below?",
)
def wrong_way(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if norm.isfinite() and 0 < norm < max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm


@clip_grad_norm.mistake(
    "Each parameter is clipped by itself, so the direction changes.",
    "Is there one norm, or one for every parameter?",
)
def one_by_one(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    for gradient in gradients:
        _clip([gradient], gradient.norm(), max_norm)
    return norm


@clip_grad_norm.mistake(
    "Every number is cut off at max_norm, so the direction changes.",
    "Is it a number that may not be larger than max_norm, or the length of the whole?",
)
def values(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    for gradient in gradients:
        gradient.clamp_(-max_norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "It measures by the sum of absolute values.", "What is the length of (3, 4): 5 or 7?"
)
def absolute(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients, of=1)
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "It measures by the largest number.", "What is the length of (3, 4): 5 or 4?"
)
def largest(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients, of=torch.inf)
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "The root is missing: it compares the sum of the squares.",
    "What is the length of (3, 4): 5 or 25?",
)
def no_root(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients) ** 2
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "The norms of the parameters are added up; their squares should be.",
    "Two gradients, of lengths 3 and 4, side by side: how long is the whole?",
)
def norms_added(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = sum([gradient.norm() for gradient in gradients], tensor(0.0))
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "It takes the mean of the squares, not their sum.",
    "Does the length of a vector grow with the number of its entries?",
)
def mean_square(parameters, max_norm):
    gradients = gradients_of(parameters)
    if not gradients:
        return tensor(0.0)
    norm = torch.cat([g.flatten() for g in gradients]).square().mean().sqrt()
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "It measures the parameters, not their gradients.", "What is it that gets too long?"
)
def of_parameters(parameters, max_norm):
    parameters = list(parameters)
    gradients = gradients_of(parameters)
    norm = length([p.detach() for p in parameters if p.grad is not None])
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "It returns the norm after clipping.",
    "Which of the two norms tells the caller that something went wrong?",
)
def norm_after(parameters, max_norm):
    gradients = gradients_of(parameters)
    _clip(gradients, length(gradients), max_norm)
    return length(gradients)


@clip_grad_norm.mistake(
    "The factor that was applied is returned, not the norm.", "What does the task return?"
)
def factor_returned(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    _clip(gradients, norm, max_norm)
    return (max_norm / norm).clamp(max=1.0)


@clip_grad_norm.mistake(
    "The factor is upside down: long gradients become longer.",
    "The norm is 10, the limit is 1. By what do you multiply?",
)
def upside_down(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if norm.isfinite() and norm > max_norm:
        for gradient in gradients:
            gradient.mul_(norm / max_norm)
    return norm


@clip_grad_norm.mistake(
    "It divides by the norm and forgets to multiply: the new norm is 1, whatever max_norm is.",
    "How long is a vector that was divided by its length?",
)
def to_length_one(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if norm.isfinite() and norm > max_norm:
        for gradient in gradients:
            gradient.div_(norm)
    return norm


@clip_grad_norm.mistake(
    "Nothing is changed: the shortened gradients are new tensors that nobody keeps.",
    "After g = g * factor, what is in parameter.grad?",
)
def nothing_kept(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    [gradient * (max_norm / norm) for gradient in gradients]
    return norm


@clip_grad_norm.mistake(
    "An infinite gradient is multiplied by 0, and becomes no number at all.",
    "What is infinity times 0? What does the task say of a norm that is not finite?",
)
def infinite_clipped(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if gradients and not norm <= max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm


@clip_grad_norm.mistake(
    "Gradients that are not finite are set to 0, so the caller sees nothing of them.",
    "What does the task say of a norm that is not finite?",
)
def silenced(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    _clip(gradients, norm, max_norm)
    if not norm.isfinite():
        for gradient in gradients:
            gradient.zero_()
    return norm


@clip_grad_norm.mistake(
    "A parameter without a gradient ends it in an error.", "Of what type is grad before backward?"
)
def needs_all(parameters, max_norm):
    gradients = [p.grad for p in parameters]
    norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt()
    _clip(gradients, norm, max_norm)
    return norm


@clip_grad_norm.mistake(
    "Where there are no gradients at all, it ends in an error.",
    "What should be returned for a model that has not gone backward yet?",
)
def needs_one(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt()
    _clip(gradients, norm, max_norm)
    return norm
