"""The device to compute on: what there is, in order of speed."""

import pytest
import torch

from gradus.device import best_device


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [
        (True, True, "cuda"),
        (True, False, "cuda"),
        (False, True, "mps"),
        (False, False, "cpu"),
    ],
)
def test_the_fastest_device_of_the_machine_is_chosen(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    assert best_device() == torch.device(expected)


def test_the_chosen_device_can_compute():
    ones = torch.ones(2, 3, device=best_device())

    assert (ones @ ones.mT).sum().item() == 12.0
