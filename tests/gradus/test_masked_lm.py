"""mlm_mask: what becomes of every token, and how often. False alarms: under 1e-9 each."""

import pytest
import torch

from autograder.chance import goodness_of_fit
from gradus.masked_lm import mlm_mask

ALPHA = 1e-9
MASK, VOCAB = 50, 50


@pytest.fixture
def text(rng):
    """Ids of a large batch, and which of them may change."""
    ids = torch.randint(VOCAB, (200, 500), generator=rng)
    may_change = torch.rand(ids.shape, generator=rng) < 0.8
    return ids, may_change


def counts(*parts):
    return torch.tensor([int(part.sum()) for part in parts])


@pytest.mark.parametrize("p", [0.15, 0.4])
def test_frequencies(text, p, rng):
    ids, may_change = text
    inputs, labels = mlm_mask(ids, may_change, MASK, VOCAB, p, rng)
    chosen = labels != -100

    assert not chosen[~may_change].any()
    assert torch.equal(labels[chosen], ids[chosen])
    assert torch.equal(inputs[~chosen], ids[~chosen])
    share = counts(chosen, may_change & ~chosen)
    assert goodness_of_fit(share, torch.tensor([p, 1 - p])) > ALPHA

    masked, same = inputs == MASK, chosen & (inputs == ids)
    other = chosen & ~masked & ~same
    fate = counts(masked & chosen, same, other)
    wanted = torch.tensor([0.8, 0.1 + 0.1 / VOCAB, 0.1 - 0.1 / VOCAB])
    assert goodness_of_fit(fate, wanted) > ALPHA
    drawn = torch.bincount(inputs[other], minlength=VOCAB)
    assert len(drawn) == VOCAB
    assert goodness_of_fit(drawn, torch.ones(VOCAB) / VOCAB) > ALPHA

    for axis in (0, 1):  # whether a token is chosen tells nothing about its neighbour
        both = (chosen & chosen.roll(1, axis))[may_change & may_change.roll(1, axis)]
        split = torch.tensor([int(both.sum()), len(both) - int(both.sum())])
        # Neighbouring pairs overlap, which widens the spread by less than a factor of 2.
        error = (p * p * (1 - p * p) / len(both)) ** 0.5
        assert abs(split[0] / len(both) - p * p) < 2 * 6.2 * error


def test_the_ends_of_p(text):
    ids, may_change = text
    inputs, labels = mlm_mask(ids, may_change, MASK, VOCAB, 0.0)
    assert torch.equal(inputs, ids)
    assert (labels == -100).all()
    _, labels = mlm_mask(ids, may_change, MASK, VOCAB, 1.0)
    assert torch.equal(labels, ids.masked_fill(~may_change, -100))
    for p in (-0.1, 1.1):
        with pytest.raises(ValueError, match="from 0 to 1"):
            mlm_mask(ids, may_change, MASK, VOCAB, p)


def test_a_seed_decides_and_the_global_generator_serves_otherwise(text):
    ids, may_change = text

    def seeded(seed):
        return mlm_mask(ids, may_change, MASK, VOCAB, generator=torch.Generator().manual_seed(seed))

    assert all(torch.equal(a, b) for a, b in zip(seeded(1), seeded(1), strict=True))
    assert not torch.equal(seeded(1)[0], seeded(2)[0])
    first, second = (mlm_mask(ids, may_change, MASK, VOCAB)[0] for _ in range(2))
    assert not torch.equal(first, second)


def test_the_text_is_left_alone(text):
    ids, may_change = text
    before = ids.clone(), may_change.clone()
    inputs, labels = mlm_mask(ids, may_change, MASK, VOCAB)
    assert torch.equal(ids, before[0])
    assert torch.equal(may_change, before[1])
    assert inputs.dtype == labels.dtype == ids.dtype


def test_devices(text, device):
    ids, may_change = (part.to(device) for part in text)
    for generator in (None, torch.Generator().manual_seed(3)):
        inputs, labels = mlm_mask(ids, may_change, MASK, VOCAB, generator=generator)
        assert inputs.device.type == labels.device.type == device.type
