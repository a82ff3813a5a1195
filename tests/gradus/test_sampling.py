"""greedy, temperature, sample and the penalty for repeating."""

import pytest
import torch
import transformers

from autograder.chance import goodness_of_fit
from gradus.penalty import repetition_penalty
from gradus.sampling import apply_temperature, greedy, sample

DRAWS = 20_000
FALSE_ALARMS = 1e-9  # of each statistical test here


def seeded(seed=1):
    return torch.Generator().manual_seed(seed)


def test_greedy_takes_the_first_of_the_likeliest():
    assert greedy(torch.tensor([[0.0, 2, 2, 1], [-3, -5, -4, -9]])).tolist() == [1, 0]


def test_the_temperature_divides():
    logits = torch.tensor([[1.0, -2, 4]])
    assert apply_temperature(logits, 2.0).tolist() == [[0.5, -1, 2]]
    assert apply_temperature(logits, 1.0).tolist() == logits.tolist()
    warper = transformers.TemperatureLogitsWarper(0.3)
    assert torch.equal(apply_temperature(logits, 0.3), warper(torch.zeros(1, 1), logits))


def test_temperature_zero_leaves_the_likeliest():
    logits = torch.tensor([[1.0, 3, 3], [-1, -2, -3]])
    cold = apply_temperature(logits, 0.0)
    assert cold.tolist() == [[-torch.inf, 3, -torch.inf], [-1, -torch.inf, -torch.inf]]
    assert sample(cold).tolist() == [1, 0]
    with pytest.raises(ValueError, match="negative"):
        apply_temperature(logits, -0.5)


def test_tokens_come_as_often_as_the_softmax_says():
    logits = torch.tensor([[0.5, 2.0, -torch.inf, 1.0], [0.0, -1.0, 3.0, 0.0]])
    rows = logits.repeat(DRAWS, 1)
    drawn = sample(rows, seeded()).view(DRAWS, 2)
    for row in range(2):
        counts = torch.bincount(drawn[:, row], minlength=4)
        assert goodness_of_fit(counts, logits[row].softmax(-1)) > FALSE_ALARMS
    assert not (drawn[:, 0] == 2).any()
    # Both rows of a batch at once: their draws are independent.
    both = torch.bincount(drawn[:, 0] * 4 + drawn[:, 1], minlength=16)
    joint = logits[0].softmax(-1)[:, None] * logits[1].softmax(-1)
    assert goodness_of_fit(both, joint.flatten()) > FALSE_ALARMS


def test_the_generator_decides():
    logits = torch.zeros(50, 9)
    first, again, other = (sample(logits, seeded(seed)).tolist() for seed in (1, 1, 2))
    assert first == again != other
    before = torch.get_rng_state()
    sample(logits, seeded())
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("penalty", [1.0, 1.3, 0.8])
def test_the_penalty_is_that_of_transformers(penalty, rng):
    logits = torch.randn(6, 9, generator=rng)
    ids = torch.randint(9, (6, 5), generator=rng)
    expected = transformers.RepetitionPenaltyLogitsProcessor(penalty)(ids, logits.clone())
    torch.testing.assert_close(repetition_penalty(logits, ids, penalty), expected)


def test_the_penalty_by_hand():
    logits = torch.tensor([[2.0, -2, 0, 4, -torch.inf]])
    ids = torch.tensor([[0, 1, 1, 4]])
    assert repetition_penalty(logits, ids, 2.0).tolist() == [[1, -4, 0, 4, -torch.inf]]
    padding = torch.tensor([[False, True, True, True]])
    assert repetition_penalty(logits, ids, 2.0, padding).tolist() == [[2, -4, 0, 4, -torch.inf]]
    assert repetition_penalty(logits, ids[:, :0], 2.0).tolist() == logits.tolist()
    with pytest.raises(ValueError, match="positive"):
        repetition_penalty(logits, ids, 0.0)


def test_they_work_on_this_device(device):
    logits = torch.randn(2, 5, device=device)
    ids = torch.zeros(2, 1, dtype=torch.long, device=device)
    warm = apply_temperature(repetition_penalty(logits, ids, 1.2), 0.5)
    assert sample(warm, seeded()).device.type == greedy(warm).device.type == device.type
