"""Scores of labels held against laws of probability and a model read token by token."""

import inspect
import math

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions
from gradus.scoring import calibrate, score_labels
from gradus.tokenizer import Tokenizer

LETTERS = " abcd"


def encode(text):
    return [LETTERS.index(letter) for letter in text]


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Gpt(
        Embedding(len(LETTERS), 8),
        [Block(8, 2, 16) for _ in range(2)],
        LayerNorm(8),
        LearnedPositions(20, 8),
    ).eval()


def likelihood(model, ids, given):
    """The probability of all ids after the first `given`, one call of the model for each."""
    total = 1.0
    for place in range(given, len(ids)):
        with torch.no_grad():
            logits = model(torch.tensor([ids[:place]]))[0, -1].double()
        total *= (logits.exp() / logits.exp().sum())[ids[place]].item()
    return total


def test_scores_are_mean_log_probabilities(model):
    scores = score_labels(model, encode, "ab", ["c", "dab", "a b"])

    for score, label in zip(scores.tolist(), ["c", "dab", "a b"], strict=True):
        # The space and the label: all that follows the two letters of the prompt.
        share = likelihood(model, encode("ab " + label), 2)
        assert score == pytest.approx(math.log(share) / (1 + len(label)), abs=1e-5)


def test_all_labels_of_one_letter_share_what_the_space_has(model):
    scores = score_labels(model, encode, "ab", list(LETTERS))
    space = likelihood(model, encode("ab "), 2)

    assert (2 * scores).exp().sum().item() == pytest.approx(space, rel=1e-4)


def test_a_label_begins_where_the_ids_part(model):
    def joining(text):  # "b " is one token, 4, and so is "b" at the very end of a text, 2
        ids, at = [], 0
        while at < len(text):
            both = text[at : at + 2] == "b "
            ids.append(4 if both else encode(text[at])[0])
            at += 2 if both else 1
        return ids

    [score] = score_labels(model, joining, "ab", ["c"]).tolist()

    assert joining("ab") == [1, 2]
    assert joining("ab c") == [1, 4, 3]
    assert score == pytest.approx(math.log(likelihood(model, [1, 4, 3], 1)) / 2, abs=1e-5)


def test_it_works_with_the_tokenizer_of_the_course(rng):
    tokenizer = Tokenizer.train("is it good or bad? it is good. it is bad. " * 20, 280)
    vocab = len(tokenizer)

    class Fixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = torch.randn(vocab, vocab, generator=rng)

        def forward(self, ids):
            return self.table[ids]

    model, prompt = Fixed(), "it is:"
    scores = score_labels(model, tokenizer.encode, prompt, ["good", "bad"])

    for score, label in zip(scores.tolist(), ["good", "bad"], strict=True):
        ids, start = tokenizer.encode(f"{prompt} {label}"), len(tokenizer.encode(prompt))
        share = likelihood(model, ids, start)
        assert score == pytest.approx(math.log(share) / (len(ids) - start), abs=1e-4)


def test_no_gradient_is_kept(model):
    assert not score_labels(model, encode, "ab", ["c"]).requires_grad


@pytest.mark.parametrize(
    ("prompt", "labels", "says"),
    [
        ("ab", [], "labels to score"),
        ("ab", ["c", ""], "none of them empty"),
        ("", ["c"], "no token"),
    ],
)
def test_what_cannot_be_scored_is_refused(model, prompt, labels, says):
    with pytest.raises(ValueError, match=says):
        score_labels(model, encode, prompt, labels)


def test_calibration_by_hand():
    scores, free = torch.tensor([0.6, 0.4]).log(), torch.tensor([[0.75, 0.25]]).log()

    torch.testing.assert_close(calibrate(scores, free), torch.tensor([1 / 3, 2 / 3]))


def test_calibration_is_that_of_plain_probabilities(rng):
    scores = torch.randn(2, 5, 4, generator=rng, dtype=torch.float64)
    free = torch.randn(3, 4, generator=rng, dtype=torch.float64)
    quotient = scores.softmax(-1) / free.softmax(-1).mean(0)

    torch.testing.assert_close(
        calibrate(scores, free), quotient / quotient.sum(-1, keepdim=True), rtol=1e-10, atol=0
    )


def test_heights_of_scores_do_not_matter(rng):
    scores, free = torch.randn(5, 4, generator=rng), torch.randn(3, 4, generator=rng)
    moved = free + torch.tensor([[-3.0], [0.0], [9.0]])

    torch.testing.assert_close(calibrate(scores - 7, moved), calibrate(scores, free))


def test_a_query_that_says_nothing_is_undecided(rng):
    free = 300 * torch.randn(1, 4, generator=rng)

    torch.testing.assert_close(calibrate(free, free), torch.full((1, 4), 0.25))


@pytest.mark.parametrize("shape", [(0, 3), (2, 1), (2, 4)])
def test_free_scores_that_do_not_fit_are_refused(shape):
    unchecked = inspect.unwrap(calibrate)  # here the types of arguments are checked before

    with pytest.raises(ValueError, match="at least one prompt"):
        unchecked(torch.zeros(2, 3), torch.zeros(shape))
