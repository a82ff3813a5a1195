"""What goes wrong in dropout."""

import torch

from autograder.exercises.block.dropout import dropout


def _checked(p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p}")


def _fallen(shape, p, generator, x):
    """Where numbers are dropped, drawn on the generator's device."""
    device = x.device if generator is None else generator.device
    return (torch.rand(shape, generator=generator, device=device) < p).to(x.device)


def _drop(x, p, fallen, scale=None):
    """Drop numbers where `fallen` says, multiply the others by `scale`, or as they should be."""
    if scale is None:
        scale = 1 / (1 - p) if p < 1 else 0.0
    return (x * scale).masked_fill(fallen, 0)


@dropout.mistake(
    "The numbers that stay are not divided by 1 - p, so the mean shrinks.",
    "If half of the numbers fall, what becomes of their mean?",
)
def not_divided(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, generator, x), 1.0) if training else x


@dropout.mistake(
    "p is the probability to stay; the task says to fall.", "With p = 1, what should be left?"
)
def keeps_p(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, 1 - p, _fallen(x.shape, 1 - p, generator, x)) if training else x


@dropout.mistake(
    "The right numbers fall, but those that stay are divided by p.",
    "Which share of the numbers stays?",
)
def divided_by_p(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training or p == 0:
        return x
    return _drop(x, p, _fallen(x.shape, p, generator, x), 1 / p if p < 1 else 0.0)


@dropout.mistake(
    "The numbers that stay are multiplied by 1 - p; they should be divided.",
    "If half of the numbers fall, should the others shrink or grow to keep the mean?",
)
def multiplied(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, generator, x), 1 - p) if training else x


@dropout.mistake("Numbers fall outside of training, too.", "Where in your code is `training`?")
def always_on(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, generator, x))


@dropout.mistake(
    "`training` is read the wrong way round.", "In which of the two cases should numbers fall?"
)
def other_way_round(x, p=0.5, training=True, generator=None):
    _checked(p)
    return x if training else _drop(x, p, _fallen(x.shape, p, generator, x))


@dropout.mistake(
    "It scales outside of training (x times 1 - p) and not in training, as the first paper did.",
    "When should x come back as it is?",
)
def scaled_later(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, generator, x), 1.0) if training else x * (1 - p)


@dropout.mistake("It scales in training and outside of it.", "When should x come back as it is?")
def scaled_both(x, p=0.5, training=True, generator=None):
    _checked(p)
    if training:
        return _drop(x, p, _fallen(x.shape, p, generator, x))
    return x / (1 - p) if p < 1 else x * 0


@dropout.mistake("Nothing ever falls.", "Where in your code is the dice?")
def never(x, p=0.5, training=True, generator=None):
    _checked(p)
    return x


@dropout.mistake(
    "The same numbers fall in every example of the batch.",
    "How many times are dice thrown for a batch of 8 texts of 30 positions?",
)
def same_for_the_batch(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training:
        return x
    return _drop(x, p, _fallen(x.shape[1:], p, generator, x).expand_as(x))


@dropout.mistake(
    "Whole vectors fall: one throw decides for all numbers of a position.",
    "How many times are dice thrown for a vector of 50 numbers?",
)
def whole_vectors(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training:
        return x
    return _drop(x, p, _fallen((*x.shape[:-1], 1), p, generator, x).expand_as(x))


@dropout.mistake(
    "In all positions of a text the same numbers of the vector fall.",
    "How many times are dice thrown for a text of 30 positions?",
)
def same_for_positions(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training:
        return x
    shape = (*x.shape[:-2], 1, x.shape[-1])
    return _drop(x, p, _fallen(shape, p, generator, x).expand_as(x))


@dropout.mistake(
    "Exactly the share p of the numbers falls in every call; each should be decided by itself.",
    "If 3 of 8 have fallen already, may a fourth?",
)
def exact_share(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training:
        return x
    device = x.device if generator is None else generator.device
    order = torch.randperm(x.numel(), generator=generator, device=device).to(x.device)
    return _drop(x, p, (order < round(p * x.numel())).view(x.shape))


@dropout.mistake(
    "The dice are normally distributed numbers; fewer or more than p of them are below p.",
    "What is the probability that torch.randn gives less than p? And torch.rand?",
)
def normal_dice(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training or p in (0, 1):
        return x if not training or p == 0 else x * 0
    device = x.device if generator is None else generator.device
    dice = torch.randn(x.shape, generator=generator, device=device).to(x.device)
    return _drop(x, p, dice < p)


@dropout.mistake(
    "x itself is compared with p: the small numbers fall, and nothing is left to chance.",
    "Where in your code is the dice?",
)
def small_ones(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, x.abs() < p) if training and p < 1 else x * (not training)


@dropout.mistake(
    "The numbers that stay are divided by the share that did stay, not by 1 - p.",
    "Is the divisor known before the dice are thrown?",
)
def divided_by_actual(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training:
        return x
    fallen = _fallen(x.shape, p, generator, x)
    stayed = (~fallen).to(x.dtype).mean()
    return _drop(x, p, fallen, 1 / stayed if p < 1 else 0.0)


@dropout.mistake("With p = 1 it divides 0 by 0.", "What is 1 - p then, and what should come out?")
def nan_at_one(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, generator, x), 1.0) / (1 - p) if training else x


@dropout.mistake(
    "With p = 1 the values are 0, but the gradients are 0 times infinity.",
    "Which numbers are divided by 1 - p: those that fall, too?",
)
def nan_gradient(x, p=0.5, training=True, generator=None):
    _checked(p)
    fallen = _fallen(x.shape, p, generator, x)
    return torch.where(fallen, 0.0, x / (1 - p)) if training else x


@dropout.mistake("p = 1 is refused.", "Which probabilities does the task allow?")
def one_refused(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    return _drop(x, p, _fallen(x.shape, p, generator, x)) if training else x


@dropout.mistake(
    "A p below 0 or above 1 is accepted.", "What does the docstring say should be refused?"
)
def not_checked(x, p=0.5, training=True, generator=None):
    return _drop(x, p, _fallen(x.shape, p, generator, x)) if training else x


@dropout.mistake(
    "The generator is not used: the numbers come from torch's global one.",
    "Where in your code is `generator`?",
)
def no_generator(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x, p, _fallen(x.shape, p, None, x)) if training else x


@dropout.mistake(
    "It sets a seed, so the same numbers fall in every call.",
    "Who should choose the seed: the function, or the one who calls it?",
)
def own_seed(x, p=0.5, training=True, generator=None):
    _checked(p)
    generator = torch.Generator().manual_seed(0)
    return _drop(x, p, _fallen(x.shape, p, generator, x)) if training else x


@dropout.mistake(
    "The caller's x is changed in place.", "After x[fallen] = 0, what does the caller find in x?"
)
def in_place(x, p=0.5, training=True, generator=None):
    _checked(p)
    if not training or p == 1:
        return x if not training else x * 0
    fallen = _fallen(x.shape, p, generator, x)
    output = _drop(x.clone(), p, fallen)
    with torch.no_grad():
        x[fallen] = 0
    return output


@dropout.mistake(
    "No gradient passes, not even where numbers stay.", "Is there a detach, no_grad or .data?"
)
def detached(x, p=0.5, training=True, generator=None):
    _checked(p)
    return _drop(x.detach(), p, _fallen(x.shape, p, generator, x)) if training else x
