"""What goes wrong in mlm_mask: which tokens are chosen, and their labels."""

import torch

from autograder.exercises.encoder.mlm_mask import mlm_mask


def checked(p):
    """Refuse what is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"p={p}")


def dice(ids, generator, shape=None):
    """Throw one die for each token, or of another shape."""
    device = ids.device if generator is None else generator.device
    return torch.rand(shape or ids.shape, generator=generator, device=device).to(ids.device)


def choose(ids, may_change, p, generator):
    """Choose tokens as they should be chosen."""
    checked(p)
    return (dice(ids, generator) < p) & may_change


def others(ids, generator, high, low=0):
    """Draw random ids."""
    device = ids.device if generator is None else generator.device
    drawn = torch.randint(low, high, ids.shape, generator=generator, device=device)
    return drawn.to(ids.device)


def replace(ids, chosen, mask_id, vocab, generator, masked=0.8, kept=0.9):
    """Replace what was chosen: the mask below `masked`, a random id from `kept` on."""
    fate, drawn = dice(ids, generator), others(ids, generator, vocab)
    inputs = ids.masked_fill(chosen & (fate < masked), mask_id)
    return torch.where(chosen & (fate >= kept), drawn, inputs)


def finish(ids, chosen, mask_id, vocab, generator):
    """Replace and label as it should be done."""
    return replace(ids, chosen, mask_id, vocab, generator), ids.masked_fill(~chosen, -100)


# Which tokens are chosen.


@mlm_mask.mistake(
    "Tokens that may not change are chosen, too.", "Where in your code is `may_change`?"
)
def specials_too(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, torch.ones_like(may_change), p, generator)
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "`may_change` is read the wrong way round.", "What does True stand for in `may_change`?"
)
def inverted(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, ~may_change, p, generator), mask_id, vocab, generator)


@mlm_mask.mistake(
    "In every text of the batch, the same positions are chosen.",
    "How many dice are thrown for 8 texts of 30 tokens?",
)
def same_for_batch(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    chosen = (dice(ids, generator, ids.shape[-1:]) < p) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "One throw decides for all tokens of a text.", "How many dice are thrown for a text of 30?"
)
def whole_texts(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    chosen = (dice(ids, generator, (*ids.shape[:-1], 1)) < p) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "Exactly the share p of the tokens is chosen; each should be decided by itself.",
    "If 2 of 12 are chosen already, may a third be?",
)
def exact_share(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    throw = dice(ids, generator).masked_fill(~may_change, 2.0).flatten()
    many = (may_change.sum() * p).round()
    chosen = (throw.argsort().argsort() < many).view(ids.shape) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "At least one token of the batch is always chosen.",
    "May it happen that no token is chosen? How often, among 12?",
)
def at_least_one(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    throw = dice(ids, generator).masked_fill(~may_change, 2.0)
    chosen = ((throw < p) | (throw == throw.min())) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "Exactly one token of each text is chosen.", "Where in your code is p? How many are 15 %?"
)
def one_each(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    throw = dice(ids, generator).masked_fill(~may_change, 2.0)
    chosen = (throw == throw.amin(-1, keepdim=True)) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "p is the probability to be left alone; the task says to be chosen.",
    "With p = 1, how many tokens should be chosen?",
)
def p_stays(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    chosen = (dice(ids, generator) >= p) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


@mlm_mask.mistake(
    "p is always 0.15, whatever is given.", "Which argument does your code never read?"
)
def fixed_p(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    return finish(ids, choose(ids, may_change, 0.15, generator), mask_id, vocab, generator)


@mlm_mask.mistake(
    "The dice are normally distributed; more than p of them are below p.",
    "What is the probability that torch.randn gives less than p? And torch.rand?",
)
def normal_dice(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    checked(p)
    device = ids.device if generator is None else generator.device
    throw = torch.randn(ids.shape, generator=generator, device=device).to(ids.device)
    return finish(ids, (throw < p) & may_change, mask_id, vocab, generator)


@mlm_mask.mistake(
    "A p below 0 or above 1 is accepted.", "What does the docstring say should be refused?"
)
def not_checked(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = (dice(ids, generator) < p) & may_change
    return finish(ids, chosen, mask_id, vocab, generator)


# The random numbers.


@mlm_mask.mistake(
    "The generator is not used: the numbers come from torch's global one.",
    "Where in your code is `generator`?",
)
def no_generator(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, may_change, p, None), mask_id, vocab, None)


@mlm_mask.mistake(
    "The generator is used to choose, but not for what becomes of the chosen.",
    "How many times do you draw random numbers, and from where each time?",
)
def generator_for_choice_only(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, None)


@mlm_mask.mistake(
    "It sets a seed, so the same tokens are chosen in every call.",
    "Who should choose the seed: the function, or the one who calls it?",
)
def own_seed(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    generator = torch.Generator().manual_seed(0)
    return finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, generator)


# The labels.


@mlm_mask.mistake("Every token has a label, chosen or not.", "Which tokens shall the loss ask for?")
def labels_everywhere(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return finish(ids, chosen, mask_id, vocab, generator)[0], ids.clone()


@mlm_mask.mistake(
    "Every token that may change has a label, chosen or not.",
    "Which tokens shall the loss ask for?",
)
def labels_where_allowed(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    inputs = replace(ids, chosen, mask_id, vocab, generator)
    return inputs, ids.masked_fill(~may_change, -100)


@mlm_mask.mistake(
    "The labels are taken after the replacement, so a gap's label is the mask itself.",
    "What shall the model find out at a gap?",
)
def labels_too_late(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    inputs = replace(ids, chosen, mask_id, vocab, generator)
    return inputs, inputs.masked_fill(~chosen, -100)


@mlm_mask.mistake(
    "The labels stand where nothing was chosen, and -100 where something was.",
    "Which tokens shall the loss ask for?",
)
def labels_inverted(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator), ids.masked_fill(chosen, -100)


@mlm_mask.mistake(
    "Tokens that were not chosen have the label 0, which is an id.",
    "Which number tells the loss not to look?",
)
def zero_elsewhere(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator), ids.masked_fill(~chosen, 0)


@mlm_mask.mistake(
    "Tokens that were not chosen have the label -1.", "Which number tells the loss not to look?"
)
def minus_one_elsewhere(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator), ids.masked_fill(~chosen, -1)


@mlm_mask.mistake(
    "In the place of labels it returns which tokens were chosen.",
    "What does the loss need to know of a chosen token?",
)
def chosen_returned(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator), chosen


@mlm_mask.mistake("Labels come first, inputs second.", "In which order shall the two come?")
def exchanged(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, generator)[::-1]
