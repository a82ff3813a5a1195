"""dropout: its exact laws, and its frequencies by a test that chance fails once in 10^9 runs."""

import math

import pytest
import torch

from gradus.dropout import dropout

ALPHA = 1e-9


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.8])
def test_every_number_is_dropped_or_divided_by_what_is_kept(p, randn, rng):
    x = randn(40, 30).detach()

    output = dropout(x, p, generator=rng)

    kept = output != 0
    torch.testing.assert_close(output[kept], x[kept] / (1 - p))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_numbers_are_dropped_with_probability_p(p, rng):
    n = 200_000

    dropped = (dropout(torch.ones(n), p, generator=rng) == 0).double().mean().item()

    # Hoeffding: P(|share - p| > d) <= 2 exp(-2 n d²)
    assert abs(dropped - p) < math.sqrt(math.log(2 / ALPHA) / (2 * n))


def test_numbers_are_dropped_by_themselves(rng):
    kept = (dropout(torch.ones(1000, 20, 10), 0.5, generator=rng) != 0).double() - 0.5

    for dim in (0, 1, 2):  # neighbours along every axis agree as often as they differ
        pairs = kept.narrow(dim, 1, kept.shape[dim] - 1) * kept.narrow(dim, 0, kept.shape[dim] - 1)
        bound = math.sqrt(2 * math.log(2 / ALPHA) / pairs.numel())
        assert abs(4 * pairs.mean()) < bound


def test_outside_of_training_nothing_happens(randn):
    x = randn(5, 7)

    assert torch.equal(dropout(x, 0.5, training=False), x)
    assert torch.equal(dropout(x, 1.0, training=False), x)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_the_ends_are_exact_with_their_gradients(p, randn, rng):
    x = randn(5, 7)
    output = dropout(x, p, generator=rng)
    output.sum().backward()

    assert torch.equal(output, x * (1 - p))
    assert torch.equal(x.grad, torch.full_like(x, 1 - p))


def test_gradients_pass_where_numbers_pass(randn, rng):
    x = randn(5, 7)
    output = dropout(x, 0.4, generator=rng)
    output.sum().backward()

    torch.testing.assert_close(x.grad, (output != 0).double() / 0.6)


def test_a_seed_decides_which_numbers_are_dropped(randn):
    x, before = randn(5, 7), torch.get_rng_state()
    seeded = [torch.Generator().manual_seed(seed) for seed in (7, 7, 8)]
    first, again, other = (dropout(x, 0.5, generator=generator) for generator in seeded)

    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_input_is_left_as_it_was(randn, rng):
    x = randn(5, 7).detach()
    before = x.clone()

    dropout(x, 0.5, generator=rng)

    assert torch.equal(before, x)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_a_generator_on_the_cpu_serves_any_device_and_dtype(dtype, device):
    x = torch.ones(200, dtype=dtype, device=device)

    output = dropout(x, 0.5, generator=torch.Generator().manual_seed(1))

    assert output.dtype == dtype
    assert output.device == x.device
    assert set(output.tolist()) == {0.0, 2.0}


@pytest.mark.parametrize("p", [-0.1, 1.1, 50.0, float("nan")])
@pytest.mark.parametrize("training", [True, False])
def test_a_p_that_is_no_probability_is_refused_with_its_value(p, training):
    with pytest.raises(ValueError, match=f"p is a probability, from 0 to 1; it was {p}"):
        dropout(torch.ones(3), p, training)
