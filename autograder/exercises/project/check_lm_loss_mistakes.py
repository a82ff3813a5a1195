"""What weak tests of lm_loss do: they look at too little, or at the wrong thing."""

import math

import torch
from torch import randn, zeros
from torch.nn import functional as F

from autograder.exercises.project.check_lm_loss import check_lm_loss
from autograder.exercises.project.check_lm_loss_steps import (
    ALONE,
    RAGGED,
    RIGHT,
    attempt,
    expected_of,
    strong,
    sure,
    texts,
)


@check_lm_loss.mistake(
    "It asks only whether one positive number comes back.",
    "Would your test find out a loss that is always 1?",
)
def one_number(lm_loss):
    logits, ids = texts()
    loss = lm_loss(logits, ids, RAGGED)
    assert loss.dim() == 0
    assert loss > 0


@check_lm_loss.mistake(
    "It is one example: a single text without padding, and the loss that it should have.",
    "What can a loss get wrong that no single example shows?",
)
def one_example(lm_loss):
    logits = torch.tensor([[[3.0, 1.0], [1.0, 1.0], [99.0, 1.0]]]).log()  # 1/4, then 1/2
    loss = lm_loss(logits, torch.tensor([[0, 1, 0]]))
    assert abs(loss.item() - 1.5 * math.log(2)) < 1e-5


@check_lm_loss.mistake(
    "It compares the implementation with itself, and that is always equal.",
    "Where does what you expect come from: from the one that is on trial?",
)
def with_itself(lm_loss):
    logits, ids = texts()
    for padding in (None, RAGGED):
        assert torch.equal(lm_loss(logits, ids.clone(), padding), lm_loss(logits, ids, padding))


@check_lm_loss.mistake(
    "It measures a model that knows nothing: ln V, whatever is predicted from what.",
    "If all logits are equal, which token they predict makes no difference. Which ones would?",
)
def knows_nothing(lm_loss):
    _, ids = texts()
    for padding in (None, RAGGED):
        loss = lm_loss(zeros(3, 5, 7), ids.clone(), padding)
        assert abs(loss.item() - math.log(7)) < 1e-5


@check_lm_loss.mistake("It never gives any padding.", "Which argument does your test never use?")
def without_padding(lm_loss):
    strong(lm_loss, paddings=(None,))


@check_lm_loss.mistake(
    "Its padding is always behind the texts, never before them.",
    "Where does padding stand when several texts are written on at once?",
)
def right_only(lm_loss):
    strong(lm_loss, paddings=(None, RIGHT, ALONE))


@check_lm_loss.mistake(
    "All its texts have the same length, and then the mean of means is the mean.",
    "How many predictions does each of your texts make?",
)
def same_length(lm_loss):
    padding = torch.tensor([[0, 1, 1, 1, 0]] * 3).bool()
    strong(lm_loss, paddings=(None, padding, ALONE))


@check_lm_loss.mistake(
    "It tries one text only, so what is mixed up between texts is not seen.",
    "How many texts does your batch hold?",
)
def one_text(lm_loss):
    logits, ids = texts(1)
    for padding in (None, RAGGED[2:], ALONE[:1]):
        attempt(lm_loss, logits, ids, padding)
    for sign in (1, -1):
        attempt(lm_loss, sure(ids, sign), ids)


@check_lm_loss.mistake(
    "Two losses may lie 1 apart, and a loss itself is not much larger.",
    "How large are the losses that you compare? What does your tolerance let through?",
)
def tolerance_of_one(lm_loss):
    strong(lm_loss, margin=1.0)


@check_lm_loss.mistake(
    "Two losses may lie a few hundredths apart: small mistakes pass.",
    "By how much do two right implementations differ? Measure it.",
)
def coarse(lm_loss):
    strong(lm_loss, margin=0.03)


@check_lm_loss.mistake(
    "It asks for equality to the last digit, which right implementations do not have.",
    "In which order are the losses of a batch added up? Does every order give the same digits?",
)
def to_the_last_digit(lm_loss):
    logits, ids = texts()
    for padding in (None, RAGGED, ALONE):
        targets = ids[:, 1:]
        if padding is not None:
            targets = targets.masked_fill(~(padding[:, 1:] & padding[:, :-1]), -100)
        losses = F.cross_entropy(logits[:, :-1].mT, targets, reduction="none")
        assert lm_loss(logits, ids, padding) == losses.sum() / max(1, (targets >= 0).sum())


@check_lm_loss.mistake(
    "It catches its own alarm: the error is printed and forgotten.",
    "What happens to your AssertionError after it is raised?",
)
def swallowed(lm_loss):
    try:
        strong(lm_loss)
    except Exception as error:
        print("something is wrong:", error)


@check_lm_loss.mistake(
    "It returns True or False; only an error is an alarm.",
    "How does a test say that something is wrong?",
)
def returns_an_answer(lm_loss):
    try:
        strong(lm_loss)
    except AssertionError:
        return False
    return True


@check_lm_loss.mistake(
    "It draws its logits from the global random generator: another run asks another thing.",
    "If your test fails today, will it fail tomorrow?",
)
def luck(lm_loss):
    strong(lm_loss)
    attempt(lm_loss, 2 * randn(3, 5, 7), texts()[1], RAGGED)


@check_lm_loss.mistake(
    "It accuses everybody.", "What does your test say about an implementation that is right?"
)
def always(lm_loss):
    strong(lm_loss)
    raise AssertionError("this loss is wrong")


@check_lm_loss.mistake(
    "Its models are never certain, so a logarithm of 0 is not seen.",
    "What is the softmax of a token that is 10,000 below the best, and its logarithm?",
)
def never_certain(lm_loss):
    strong(lm_loss, certain=False)


@check_lm_loss.mistake(
    "Something is always to be predicted in it.", "What is the mean of no losses at all?"
)
def never_nothing(lm_loss):
    strong(lm_loss, paddings=(None, RAGGED))


@check_lm_loss.mistake(
    "It does not look whether its inputs were changed.",
    "Are the ids, after the call, still what you have given?",
)
def unwatched(lm_loss):
    strong(lm_loss, watched=False)


@check_lm_loss.mistake(
    "Its own idea of the shift is wrong, so it accuses those who are right.",
    "What should the logits at position 3 predict: token 3, or another one?",
)
def wrong_idea(lm_loss):
    logits, ids = texts()
    right = expected_of(logits[:, 1:], ids[:, 1:])
    assert abs(lm_loss(logits, ids) - right) < 1e-4
    losses = F.cross_entropy(logits.mT, ids)
    assert abs(lm_loss(logits, ids) - losses) < 1e-4
