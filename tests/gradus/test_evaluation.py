"""Evaluation held against reading token by token, textbook formulas, and planted truths."""

import math

import numpy as np
import pytest
import torch
from torch import Generator, nn

from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.evaluation import paired_bootstrap, predict_loss, strided_perplexity
from gradus.norm import LayerNorm
from gradus.plots.windows import windows
from gradus.position import LearnedPositions

VOCAB, WINDOW = 11, 8


@pytest.fixture
def model():
    torch.manual_seed(0)
    gpt = Gpt(
        Embedding(VOCAB, 12),
        [Block(12, 3, 24)],
        LayerNorm(12),
        LearnedPositions(WINDOW, 12),
    )
    return gpt.double().eval()


def token_by_token(model, ids, window, stride):
    """Each token by itself: the first window that predicts it gives its context."""
    total = 0.0
    for target in range(1, len(ids)):
        start = next(s for s in range(0, len(ids), stride) if s + window >= target)
        context = ids[start:target]
        with torch.no_grad():
            logits = model(context[None])[0, -1]
        total -= nn.functional.log_softmax(logits, -1)[ids[target]].item()
    return math.exp(total / (len(ids) - 1))


@pytest.mark.parametrize("stride", range(1, WINDOW + 1))
@pytest.mark.parametrize("length", [2, 5, 8, 9, 10, 23])
def test_every_token_counts_once_in_the_first_window_that_predicts_it(model, stride, length):
    ids = torch.randint(VOCAB, (length,), generator=Generator().manual_seed(length))
    found = strided_perplexity(model, ids, WINDOW, stride)
    assert found == pytest.approx(token_by_token(model, ids, WINDOW, stride), rel=1e-10)


def test_a_model_that_knows_nothing_is_as_perplexed_as_its_vocabulary_is_large():
    even = Gpt(Embedding(VOCAB, 4), [], nn.Identity())
    nn.init.zeros_(even.tokens.weight)
    ids = torch.randint(VOCAB, (50,))
    assert strided_perplexity(even, ids, 8, 3) == pytest.approx(VOCAB)


@pytest.mark.parametrize(("length", "window", "stride"), [(9, 4, 5), (9, 4, 0), (1, 4, 2)])
def test_what_leaves_tokens_out_is_refused(model, length, window, stride):
    with pytest.raises(ValueError, match="a stride from 1 to the window"):
        strided_perplexity(model, torch.zeros(length, dtype=torch.long), window, stride)


def test_the_window_picture_tells_what_is_counted():
    picture = windows(10, 4, 2)
    assert "window 1 reads tokens 2 to 5 and counts from 4" in picture.alt
    assert picture.png()


def test_the_bounds_of_the_bootstrap_are_those_of_the_normal_law_for_many_documents():
    # Of equal sizes, the difference is a mean: its standard error is s / sqrt(n).
    dice = Generator().manual_seed(0)
    first, second = torch.randn(2, 400, generator=dice).double()
    sizes = torch.full((400,), 2.0)
    found = paired_bootstrap(first, second, sizes, generator=dice)
    gaps = (first - second) / 2
    error = (gaps.std() / 20).item()
    assert found.difference == pytest.approx(gaps.mean().item())
    assert found.low == pytest.approx(gaps.mean().item() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(gaps.mean().item() + 1.96 * error, abs=0.1 * error)


def test_pairing_takes_out_what_both_models_find_hard():
    dice = Generator().manual_seed(0)
    hard = 100 * torch.rand(50, generator=dice)
    found = paired_bootstrap(hard + 1, hard, torch.ones(50), draws=500, generator=dice)
    assert found == pytest.approx((1, 1, 1))


def test_the_bootstrap_wants_documents():
    with pytest.raises(ValueError, match="at least one"):
        paired_bootstrap(torch.ones(0), torch.ones(0), torch.ones(0))


def test_a_planted_power_law_is_continued():
    sizes = [1e4, 3e4, 2e5]
    losses = [7 * n**-0.076 for n in sizes]  # Kaplan et al. 2020: an exponent of 0.076
    assert predict_loss(sizes, losses, 1e6) == pytest.approx(7 * 1e6**-0.076)


def test_the_line_is_that_of_least_squares():
    sizes, losses = [1e4, 2e4, 5e4, 9e5], [3.3, 3.2, 2.7, 2.5]
    slope, start = np.polyfit(np.log(sizes), np.log(losses), 1)
    assert predict_loss(sizes, losses, 1e7) == pytest.approx(np.exp(start) * 1e7**slope)


@pytest.mark.parametrize(
    ("sizes", "losses", "size"),
    [
        ([1], [2.0], 3),
        ([4, 4], [2.0, 3.0], 8),
        ([1, 2], [2.0], 3),
        ([1, 2], [2.0, 0.0], 3),
        ([1, 2], [2.0, 1.0], 0),
    ],
)
def test_what_has_no_line_is_refused(sizes, losses, size):
    with pytest.raises(ValueError, match="two runs of different size"):
        predict_loss(sizes, losses, size)
