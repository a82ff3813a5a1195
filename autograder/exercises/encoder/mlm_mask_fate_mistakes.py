"""What goes wrong in mlm_mask: what becomes of the tokens that were chosen."""

import torch

from autograder.exercises.encoder.mlm_mask import mlm_mask
from autograder.exercises.encoder.mlm_mask_mistakes import (
    choose,
    dice,
    finish,
    others,
    replace,
)


def _labels(ids, chosen):
    return ids.masked_fill(~chosen, -100)


def _with(ids, chosen, mask_id, drawn, generator):
    """Replace as it should be done, with random ids of one's own."""
    fate = dice(ids, generator)
    inputs = ids.masked_fill(chosen & (fate < 0.8), mask_id)
    return torch.where(chosen & (fate >= 0.9), drawn, inputs), _labels(ids, chosen)


@mlm_mask.mistake(
    "All chosen tokens become the mask; none becomes random, and none stays.",
    "What becomes of the 20 % that do not become the mask?",
)
def always_the_mask(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return ids.masked_fill(chosen, mask_id), _labels(ids, chosen)


@mlm_mask.mistake(
    "No chosen token becomes random: 80 % become the mask, 20 % stay.",
    "Of the 20 % that do not become the mask, what becomes of one half?",
)
def none_random(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator, kept=2), _labels(ids, chosen)


@mlm_mask.mistake(
    "No chosen token stays: 80 % become the mask, 20 % random.",
    "Of the 20 % that do not become the mask, what becomes of one half?",
)
def none_stays(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator, kept=0.8), _labels(ids, chosen)


@mlm_mask.mistake(
    "90 % become the mask, 10 % random, and none stays.",
    "How many fates are there, and how likely?",
)
def ninety_ten(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator, 0.9, 0.9), _labels(ids, chosen)


@mlm_mask.mistake(
    "Only 2 % become random: the 10 % are taken of what the mask has left, or the mask is "
    "written over them.",
    "Which share of the remaining 20 % is 10 % of all chosen?",
)
def two_per_cent(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    swapped = chosen & (dice(ids, generator) < 0.1)
    inputs = torch.where(swapped, others(ids, generator, vocab), ids)
    inputs = inputs.masked_fill(chosen & (dice(ids, generator) < 0.8), mask_id)
    return inputs, _labels(ids, chosen)


@mlm_mask.mistake(
    "The mask gets 10 % and what stays gets 80 %: the shares are exchanged.",
    "Which of the three fates is the common one?",
)
def shares_exchanged(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator, masked=0.1), _labels(ids, chosen)


@mlm_mask.mistake(
    "The mask falls on 80 % of all tokens that may change, chosen or not.",
    "80 % of which tokens become the mask?",
)
def eighty_of_all(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    inputs = replace(ids, may_change, mask_id, vocab, generator)
    return inputs, _labels(ids, chosen)


@mlm_mask.mistake(
    "Fates and labels are drawn apart: the tokens that change are not those that have labels.",
    "How many times do you choose with probability p?",
)
def chosen_twice(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    labels = _labels(ids, choose(ids, may_change, p, generator))
    chosen = choose(ids, may_change, p, generator)
    return replace(ids, chosen, mask_id, vocab, generator), labels


@mlm_mask.mistake(
    "Only tokens that became the mask have labels, not those that are random or stay.",
    "How does the model know whether a token that it sees is the true one?",
)
def labels_for_masks_only(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    inputs, _ = finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, generator)
    return inputs, _labels(ids, inputs == mask_id)


@mlm_mask.mistake(
    "Tokens that were chosen and stay have no label.",
    "How does the model know whether a token that it sees is the true one?",
)
def no_labels_for_kept(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    inputs, _ = finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, generator)
    return inputs, _labels(ids, inputs != ids)


@mlm_mask.mistake(
    "One throw decides the fate of all chosen tokens of a call.",
    "How many dice decide what becomes of 100 chosen tokens?",
)
def one_fate(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    fate = dice(ids, generator, (1, 1))
    inputs = ids.masked_fill(chosen & (fate < 0.8), mask_id)
    inputs = torch.where(chosen & (fate >= 0.9), others(ids, generator, vocab), inputs)
    return inputs, _labels(ids, chosen)


@mlm_mask.mistake(
    "One random id is drawn for the whole call, and put in all places.",
    "How many random ids are drawn for 10 tokens that become random?",
)
def one_random_id(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    drawn = others(ids[..., :1].flatten()[:1], generator, vocab).expand_as(ids)
    return _with(ids, chosen, mask_id, drawn, generator)


@mlm_mask.mistake(
    "The last id, vocab - 1, is never drawn.", "Does torch.randint ever give its upper end?"
)
def last_never(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return _with(ids, chosen, mask_id, others(ids, generator, vocab - 1), generator)


@mlm_mask.mistake("The id 0 is never drawn.", "Where do ids begin?")
def zero_never(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return _with(ids, chosen, mask_id, others(ids, generator, vocab, 1), generator)


@mlm_mask.mistake(
    "The id `vocab` may be drawn, which is one too many.",
    "Does torch.randint ever give its upper end?",
)
def one_too_many(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return _with(ids, chosen, mask_id, others(ids, generator, vocab + 1), generator)


@mlm_mask.mistake(
    "Random ids are drawn up to the mask's own id, special tokens included.",
    "Up to which id may a random one go?",
)
def up_to_the_mask(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    return _with(ids, chosen, mask_id, others(ids, generator, mask_id + 1), generator)


@mlm_mask.mistake(
    "The random ids are tokens of the same texts, so that common ones come more often.",
    "How likely should a rare id be, compared with a common one?",
)
def from_the_text(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    chosen = choose(ids, may_change, p, generator)
    places = (dice(ids, generator) * ids.numel()).long().clamp(max=ids.numel() - 1)
    drawn = ids.flatten()[places].clamp(max=vocab - 1)
    return _with(ids, chosen, mask_id, drawn, generator)


@mlm_mask.mistake(
    "The gaps become 0, not `mask_id`.", "Which argument tells what a gap looks like?"
)
def zero_for_the_mask(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, may_change, p, generator), 0, vocab, generator)


@mlm_mask.mistake(
    "The gaps become -100, which belongs into the labels.",
    "Which of the two tensors does the model read?",
)
def minus_hundred_in_inputs(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    return finish(ids, choose(ids, may_change, p, generator), -100, vocab, generator)


@mlm_mask.mistake(
    "The caller's ids are changed in place.", "After ids[chosen] = ..., what has the caller left?"
)
def in_place(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    inputs, labels = finish(ids, choose(ids, may_change, p, generator), mask_id, vocab, generator)
    ids.copy_(inputs)
    return ids, labels
