"""Strong tests of lm_loss that are written otherwise."""

import torch
from torch import Generator, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercises.project.check_lm_loss import check_lm_loss
from gradus import objective


@check_lm_loss.variant
def beside_the_library(lm_loss):
    """Many inputs, held against one that is known to be right."""
    generator = Generator().manual_seed(21)
    for batch, seq, vocab in ((4, 6, 3), (2, 7, 9)):
        ids = randint(vocab, (batch, seq), generator=generator)
        begin = randint(0, 3, (batch, 1), generator=generator)
        end = randint(3, seq + 1, (batch, 1), generator=generator)
        begin[:2, 0], end[:2, 0] = tensor([2, 0]), tensor([seq, 4])
        place = torch.arange(seq)
        ragged = (begin <= place) & (place < end)
        nothing = (place == begin).expand(batch, seq)
        for size in (1, 3, 5000):
            logits = size * randn(batch, seq, vocab, generator=generator)
            for padding in (None, ragged, nothing):
                given = ids.clone()
                found = lm_loss(logits.clone(), given, padding)
                torch.testing.assert_close(
                    found, objective.lm_loss(logits, ids, padding), rtol=1e-5, atol=1e-6
                )
                assert torch.equal(given, ids)


@check_lm_loss.variant
def with_labels(lm_loss):
    """PyTorch's own cross-entropy, with labels of -100 where nothing counts."""
    generator = Generator().manual_seed(22)
    ids = randint(5, (3, 6), generator=generator)
    logits = 3 * randn(3, 6, 5, generator=generator)
    padding = tensor([[0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]]) > 0
    labels = ids.roll(-1, 1)
    labels[:, -1] = -100
    masked = labels.masked_fill(~(padding & padding.roll(-1, 1)), -100)
    for factor in (1, 3000):
        for seen, targets in ((None, labels), (padding, masked)):
            wanted = F.cross_entropy(factor * logits.flatten(0, 1), targets.flatten())
            mine = lm_loss(factor * logits, ids, padding=seen)
            assert torch.isclose(mine, wanted, rtol=1e-5), (mine, wanted)
    untouched = ids.clone()
    none = torch.zeros(3, 6, dtype=torch.bool)
    if lm_loss(logits, ids, none) != 0:
        raise ValueError("a loss of nothing")
    lm_loss(logits, ids, padding)
    assert (ids == untouched).all()


@check_lm_loss.variant
def on_paper(lm_loss):
    """Small cases whose result can be said beforehand."""
    third, half, most = (tensor(p).log() for p in ([1.0, 1, 2], [1.0, 2, 1], [8.0, 1, 1]))
    ln = tensor([4.0, 2, 4, 10 / 8, 10]).log()
    a = torch.stack([third, half, most, third])  # predictions made by tokens 0 to 3
    ids = tensor([[2, 0, 1, 0]])
    first = (ln[0] + ln[1] + ln[3]) / 3  # 0, then 1, then 0 shall come
    wanted = lm_loss(a[None], ids)
    assert abs(wanted - first) < 1e-5
    two, other = torch.stack([a, a.flip(0)]), tensor([[2, 0, 1, 0], [1, 1, 2, 0]])
    second = tensor([4.0, 10, 4]).log()  # 1, then 2, then 0 shall come
    both = (3 * first + second.sum()) / 6
    given = other.clone()
    assert abs(lm_loss(two, given) - both) < 1e-5
    for padding, right in [
        ([[1, 1, 1, 1], [0, 1, 1, 0]], (3 * first + second[1]) / 4),
        ([[0, 0, 1, 1], [1, 1, 1, 1]], (ln[3] + second.sum()) / 4),
        ([[1, 1, 0, 0], [1, 1, 1, 1]], (ln[0] + second.sum()) / 4),
        ([[1, 0, 0, 0], [0, 0, 0, 1]], 0),
    ]:
        assert abs(lm_loss(two, given, tensor(padding).bool()) - right) < 1e-5
    assert torch.equal(given, other)
    sure = 2e4 * F.one_hot(tensor([[1, 1, 1]]), 3).float()
    assert abs(lm_loss(sure, tensor([[0, 0, 0]])) - 2e4) < 1
