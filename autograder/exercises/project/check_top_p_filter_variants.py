"""Strong tests of top_p_filter that are written otherwise."""

import itertools

import torch
from torch import Generator, randn, tensor

from autograder.exercises.project.check_top_p_filter import check_top_p_filter
from gradus import filters


@check_top_p_filter.variant
def beside_the_library(top_p_filter):
    """Many inputs, held against one that is known to be right."""
    generator = Generator().manual_seed(31)
    for rows, vocab in ((5, 8), (3, 12)):
        logits = 3 * randn(rows, vocab, generator=generator)
        logits[0, 0], logits[1, 1], logits[2, 4] = -25.0, 9.0, -40.0
        for p in (0, 0.15, 0.45, 0.7, 0.88, 0.97, 1):
            given = logits.clone()
            found = top_p_filter(given, p)
            assert torch.allclose(found, filters.top_p_filter(logits, p))
            assert torch.equal(given, logits)
    for p in (2, -1):
        with_error = False
        try:
            top_p_filter(logits, p)
        except ValueError:
            with_error = True
        assert with_error


@check_top_p_filter.variant
def all_choices(top_p_filter):
    """Of all sets of tokens that reach p, the smallest one with the most mass."""
    logits = 1.7 * randn(3, 5, generator=Generator().manual_seed(32))
    logits[0, 2] = 5
    sets = [c for size in range(1, 6) for c in itertools.combinations(range(5), size)]
    for p in (0.1, 0.35, 0.6, 0.85, 0.97):
        before = logits.clone()
        found = top_p_filter(logits, p)
        assert torch.equal(before, logits)
        for row, kept in zip(logits.double(), found, strict=True):
            mass = {c: row.softmax(-1)[list(c)].sum().item() for c in sets}
            least = min(len(c) for c in sets if mass[c] >= p)
            best = max((c for c in sets if len(c) == least), key=lambda c: mass[c])
            for token in range(5):
                wanted = row[token].item() if token in best else -torch.inf
                assert kept[token].item() == wanted
    far = tensor([[0.0, -60.0, 3.0]])
    assert torch.equal(top_p_filter(far, 1.0), far)
    assert torch.equal(top_p_filter(far, 0.0), tensor([[-torch.inf, -torch.inf, 3.0]]))
    for p in (-0.01, 1.2):
        try:
            top_p_filter(far, p)
        except ValueError:
            continue
        raise RuntimeError("not refused")


@check_top_p_filter.variant
def on_paper(top_p_filter):
    """Probabilities that can be added up in the head."""
    shares = tensor([[0.1, 0.5, 0.15, 0.25], [0.3, 0.06, 0.62, 0.02], [0.01, 0.02, 0.03, 0.94]])
    logits = shares.log() + tensor([[1.0], [0.0], [-2.0]])
    for p, kept in [
        (0.0, [[1], [2], [3]]),
        (0.4, [[1], [2], [3]]),
        (0.7, [[1, 3], [2, 0], [3]]),
        (0.8, [[1, 3, 2], [2, 0], [3]]),
        (0.95, [[1, 3, 2, 0], [2, 0, 1], [3, 2]]),
        (1.0, [[0, 1, 2, 3]] * 3),
    ]:
        given = logits.clone()
        found = top_p_filter(given, p)
        for row, tokens in enumerate(kept):
            for token in range(4):
                wanted = logits[row, token] if token in tokens else -torch.inf
                assert found[row, token] == wanted, f"p={p}, row {row}, token {token}"
        assert torch.equal(given, logits)
    tail = tensor([[0.0, -50.0]])
    assert (top_p_filter(tail, 1.0) == tail).all()
    for p in (1.5, -0.1):
        try:
            top_p_filter(logits, p)
            raise AssertionError(f"{p} is no share")
        except ValueError:
            pass
