"""get_batch: windows from everywhere, and what follows them."""

import pytest
import torch

from gradus.batches import get_batch


@pytest.mark.parametrize("dtype", [torch.int16, torch.int32, torch.int64])
def test_y_is_what_follows_x(dtype, rng):
    data = torch.randint(200, (50,), generator=rng).to(dtype)
    x, y = get_batch(data, 40, 6, rng)
    assert x.shape == y.shape == (40, 6)
    assert x.dtype == y.dtype == torch.int64
    assert torch.equal(x[:, 1:], y[:, :-1])
    windows = {tuple(w) for w in data.long().unfold(0, 7, 1).tolist()}
    assert {(*a, b[-1]) for a, b in zip(x.tolist(), y.tolist(), strict=True)} <= windows


def test_every_start_comes_and_no_other(rng):
    x, _ = get_batch(torch.arange(9), 2000, 5, rng)
    assert set(x[:, 0].tolist()) == {0, 1, 2, 3}


def test_the_generator_decides_alone(rng):
    data, state = torch.arange(1000), torch.get_rng_state()
    first = get_batch(data, 4, 5, torch.Generator().manual_seed(1))
    again = get_batch(data, 4, 5, torch.Generator().manual_seed(1))
    assert torch.equal(first[0], again[0])
    assert torch.equal(torch.get_rng_state(), state)


def test_changing_a_batch_leaves_the_data_as_they_are(rng):
    data = torch.arange(20)
    x, y = get_batch(data, 2, 5, rng)
    x.zero_()
    y.zero_()
    assert torch.equal(data, torch.arange(20))


def test_a_text_that_is_too_short_is_refused():
    assert get_batch(torch.arange(6), 1, 5)[1].tolist() == [[1, 2, 3, 4, 5]]
    with pytest.raises(ValueError, match="6 tokens"):
        get_batch(torch.arange(5), 1, 5)


def test_it_works_on_this_device(device, rng):
    x, y = get_batch(torch.arange(50).to(device), 3, 4, rng)
    assert x.device.type == y.device.type == device.type
