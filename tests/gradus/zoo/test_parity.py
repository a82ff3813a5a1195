"""Logits and gradients of every family equal those of the published implementation."""

from copy import deepcopy
from pathlib import Path

import pytest
import torch

from tests.gradus.zoo.pair import wide
from tests.gradus.zoo.pairs import PAIRS, loaded

# BLOOM rounds a constant of its GELU to eight digits; all else is equal up to float64's rounding.
BOUNDS = dict.fromkeys(PAIRS, 1e-11) | {"bloom": 1e-8}
PAGE = Path(__file__).parents[3] / "docs/zoo.md"


def largest_difference(name: str) -> float:
    """The largest difference of two logits at a real position."""
    pair = loaded(name)
    with torch.no_grad():
        return (pair.our_logits() - pair.their_logits())[pair.real].abs().max().item()


@pytest.mark.parametrize("name", PAIRS)
def test_logits_are_those_of_the_published_implementation(name):
    assert largest_difference(name) <= BOUNDS[name]


@pytest.mark.parametrize("name", PAIRS)
def test_gradients_are_those_of_the_published_implementation(name):
    pair = loaded(name)
    weight = torch.randn(pair.real.sum(), 31, generator=torch.Generator().manual_seed(1)).double()

    (pair.our_logits()[pair.real] * weight).sum().backward()
    theirs = pair.their_logits()
    with wide():
        (theirs[pair.real] * weight).sum().backward()

    # Their gradients, cut and turned like weights: loaded into a model that is like ours.
    gradients = {n: p.grad for n, p in pair.theirs.named_parameters() if p.grad is not None}
    expected = deepcopy(pair.ours)
    pair.load(expected, gradients)
    for (n, ours), (_, wanted) in zip(
        pair.ours.named_parameters(), expected.named_parameters(), strict=True
    ):
        size = wanted.abs().max().clamp(min=1)
        assert (ours.grad - wanted).abs().max() <= 10 * BOUNDS[name] * size, n


@pytest.mark.parametrize("name", PAIRS)
def test_every_family_runs_on_every_device(name, device):
    pair = loaded(name)
    expected = pair.our_logits()[pair.real].float()
    asked = {argument: tensor.to(device) for argument, tensor in pair.ask_ours.items()}

    logits = pair.ours.float().to(device)(**asked).cpu()

    torch.testing.assert_close(logits[pair.real], expected, rtol=1e-2, atol=1e-2)


def test_the_documented_table_is_this_one():
    rows = []
    print("\n| family | what is compared | at most | measured |")
    for name in PAIRS:
        pair = loaded(name)
        rows.append(f"| {pair.family} | {pair.compared} | {BOUNDS[name]:.0e} |")
        print(f"{rows[-1]} {largest_difference(name):.1e} |")

    page = PAGE.read_text(encoding="utf-8").splitlines()
    start = page.index("| family | what is compared | at most |") + 2
    assert page[start : start + len(rows) + 1] == [*rows, ""]
