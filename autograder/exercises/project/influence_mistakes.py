"""What people get wrong in influence."""

import torch

from autograder.exercises.project.influence import influence, texts_of


def _lengths(difference):
    return difference.norm(dim=-1)


@influence.mistake(
    "Rows and columns are exchanged.", "Whose logits stand in row 2: who reads, or who is read?"
)
def turned(model, ids):
    before, after = texts_of(model, ids)
    return _lengths(after - before)


@influence.mistake(
    "A changed token stays changed, so from token to token there are more of them.",
    "Before you change token 3, is token 2 again what it was?",
)
def piling_up(model, ids):
    before, changed, columns = model(ids[None])[0], ids.clone(), []
    for j in range(len(ids)):
        changed[j] = (changed[j] + 1) % before.shape[-1]
        columns.append(_lengths(model(changed[None])[0] - before))
    return torch.stack(columns, dim=1)


@influence.mistake(
    "Each changed text is compared with the one changed before it, not with the text as it is.",
    "What are the logits held against?",
)
def with_the_last(model, ids):
    before, after = texts_of(model, ids)
    earlier = torch.cat([before[None], after[:-1]])
    return _lengths(after - earlier).T


@influence.mistake(
    "It writes into the text that it was given.", "Whose tensor do you change? Is it a copy?"
)
def in_place(model, ids):
    before, after = texts_of(model, ids)
    ids.add_(1).remainder_(before.shape[-1])
    return _lengths(after - before).T


@influence.mistake(
    "Behind the last id it goes on: a token that does not exist.",
    "With 7 ids, which one comes after 6?",
)
def no_way_around(model, ids):
    before = model(ids[None])[0]
    changed = ids + torch.eye(len(ids), dtype=ids.dtype)
    return _lengths(model(changed) - before).T


@influence.mistake(
    "Every token is changed to id 0, so where it is 0 already nothing changes.",
    "Which tokens of the text can your change not be seen at?",
)
def to_zero(model, ids):
    before = model(ids[None])[0]
    changed = ids * (1 - torch.eye(len(ids), dtype=ids.dtype))
    return _lengths(model(changed) - before).T


@influence.mistake(
    "It takes the sum of the squares, without the root.", "What is the length of (3, 4)?"
)
def squared(model, ids):
    before, after = texts_of(model, ids)
    return (after - before).square().sum(-1).T


@influence.mistake(
    "It adds up how far each logit moves; that is not the length of the difference.",
    "What is the length of (3, 4)?",
)
def added_up(model, ids):
    before, after = texts_of(model, ids)
    return (after - before).abs().sum(-1).T


@influence.mistake(
    "It takes the mean over the vocabulary, in which moves up and down cancel.",
    "If one logit rises by 1 and another falls by 1, did nothing move?",
)
def cancelling(model, ids):
    before, after = texts_of(model, ids)
    return (after - before).mean(-1).T


@influence.mistake(
    "It takes the largest move of any logit, not the length of the difference.",
    "What is the length of (3, 4)?",
)
def largest(model, ids):
    before, after = texts_of(model, ids)
    return (after - before).abs().amax(-1).T


@influence.mistake(
    "It compares probabilities, not logits.", "What should move: the logits, or their softmax?"
)
def probabilities(model, ids):
    before, after = texts_of(model, ids)
    return _lengths(after.softmax(-1) - before.softmax(-1)).T


@influence.mistake(
    "It looks at the lengths of the logits before and after, not at the way between them.",
    "Can a vector move far and be as long as before?",
)
def lengths_compared(model, ids):
    before, after = texts_of(model, ids)
    return (_lengths(after) - _lengths(before)).abs().T


@influence.mistake(
    "It takes for granted that nobody reads ahead: the upper half is always 0.",
    "What is the instrument for, if it knows the answer already?",
)
def half(model, ids):
    before, after = texts_of(model, ids)
    return _lengths(after - before).T.tril()
