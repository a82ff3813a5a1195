"""Softmax to cross-entropy: against torch's own, values and gradients, and against their laws."""

import math

import pytest
import torch
from torch.nn import functional as F

from gradus.probability import cross_entropy, gather_log_probs, log_softmax, masked_mean, softmax

INF, NAN = math.inf, math.nan
DIMS = [-1, 0, 1, -2]
PAIRS = [(softmax, torch.softmax), (log_softmax, torch.log_softmax)]


def same_with_gradients(ours, theirs, x):
    """Values agree, and so does the gradient of a sum in which every output weighs differently."""
    torch.testing.assert_close(ours, theirs)
    weight = torch.arange(1.0, ours.numel() + 1, dtype=ours.dtype).view(ours.shape).cos()
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), x),
        torch.autograd.grad((theirs * weight).sum(), x),
    )


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_values_and_gradients_are_those_of_torch(ours, theirs, dim, randn):
    x = randn(3, 4, 5)

    same_with_gradients(ours(x, dim), theirs(x, dim), x)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_last_axis_is_the_default(ours, theirs, randn):
    x = randn(3, 4)

    torch.testing.assert_close(ours(x), theirs(x, -1))


def test_softmax_by_hand():
    x = torch.tensor([0.0, math.log(3.0), -INF])

    torch.testing.assert_close(softmax(x), torch.tensor([0.25, 0.75, 0.0]))
    torch.testing.assert_close(log_softmax(x), torch.tensor([0.25, 0.75, 0.0]).log())


@pytest.mark.parametrize("shift", [-1e4, 1e4])
def test_adding_to_all_scores_changes_no_share(shift, randn):
    x = randn(3, 4)

    torch.testing.assert_close(softmax(x + shift), softmax(x))
    torch.testing.assert_close(log_softmax(x + shift), log_softmax(x))


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_slices_of_very_different_scale_do_not_disturb_each_other(ours, theirs):
    x = torch.tensor([[1e4, 0.0, -1e4], [-1e4, -1e4 + 1, -1e4 + 2], [0.1, 0.2, -INF]])

    torch.testing.assert_close(ours(x), theirs(x, -1))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_dtype_is_kept(dtype):
    x = torch.tensor([1.0, 2.0, -INF], dtype=dtype)

    assert softmax(x).dtype == log_softmax(x).dtype == dtype
    assert softmax(x).isfinite().all()


def test_gradients_past_minus_infinity_are_finite():
    x = torch.tensor([1.0, -INF, 2.0], dtype=torch.float64, requires_grad=True)

    same_with_gradients(softmax(x), torch.softmax(x, -1), x)
    assert torch.autograd.grad(log_softmax(x)[0], x)[0].isfinite().all()


def test_log_probs_are_picked_at_the_same_place(randn):
    logits, ids = randn(2, 3, 5), torch.tensor([[4, 0, 1], [2, 2, 3]])

    picked = gather_log_probs(logits, ids)

    for text in range(2):
        for place in range(3):
            expected = torch.log_softmax(logits[text, place], -1)[ids[text, place]]
            torch.testing.assert_close(picked[text, place], expected)


def test_any_number_of_leading_axes_will_do(randn):
    for shape in [(), (2,), (2, 3), (2, 3, 4)]:
        assert (
            gather_log_probs(randn(*shape, 5), torch.ones(shape, dtype=torch.int64)).shape == shape
        )


@pytest.mark.parametrize("wrong", [-1, 5])
def test_ids_outside_the_vocabulary_are_refused(wrong, randn):
    ids = torch.tensor([0, wrong])

    with pytest.raises(ValueError, match=f"no token {wrong}: the ids go from 0 to 4"):
        gather_log_probs(randn(2, 5), ids)
    with pytest.raises(ValueError, match=f"no token {wrong}"):
        cross_entropy(randn(2, 5), ids)


def test_masked_mean_by_hand():
    x = torch.tensor([[1.0, 3.0, 100.0], [5.0, NAN, INF]])
    mask = torch.tensor([[True, True, False], [True, False, False]])

    torch.testing.assert_close(masked_mean(x, mask), torch.tensor(3.0))
    torch.testing.assert_close(masked_mean(x, mask, dim=1), torch.tensor([2.0, 5.0]))
    torch.testing.assert_close(masked_mean(x, mask, dim=0), torch.tensor([3.0, 3.0, 0.0]))


@pytest.mark.parametrize("dim", [None, 0, 1, -1])
def test_a_full_mask_gives_the_mean(dim, randn):
    x = randn(3, 4, 5)
    expected = x.mean() if dim is None else x.mean(dim)

    same_with_gradients(masked_mean(x, torch.ones(()).bool(), dim), expected, x)


def test_a_mask_broadcasts(randn):
    x, mask = randn(3, 4), torch.tensor([True, False, True, True])

    torch.testing.assert_close(masked_mean(x, mask, dim=1), x[:, mask].mean(1))
    torch.testing.assert_close(masked_mean(x, mask), x[:, mask].mean())


def test_no_gradient_reaches_what_is_left_out(randn):
    x, mask = randn(4), torch.tensor([True, False, True, False])

    (gradient,) = torch.autograd.grad(masked_mean(x, mask), x)

    torch.testing.assert_close(gradient, torch.tensor([0.5, 0.0, 0.5, 0.0]).double())


def test_a_mask_of_another_shape_is_refused(randn):
    with pytest.raises(RuntimeError, match="size"):
        masked_mean(randn(3, 4), torch.ones(3).bool())


@pytest.mark.parametrize("ignore_index", [-100, 0, 3])
def test_cross_entropy_and_its_gradient_are_those_of_torch(ignore_index, randn):
    logits, targets = randn(2, 7, 5), torch.tensor([[0, 1, 2, 3, 4, 3, 0], [2, 2, 3, 1, 0, 4, 4]])
    targets[0, 4:] = ignore_index

    expected = F.cross_entropy(logits.mT, targets, ignore_index=ignore_index)
    same_with_gradients(cross_entropy(logits, targets, ignore_index), expected, logits)


def test_the_gradient_is_what_the_model_said_minus_what_came(randn):
    logits, targets = randn(4, 5), torch.tensor([1, 0, 4, 4])

    (gradient,) = torch.autograd.grad(cross_entropy(logits, targets), logits)

    wanted = (logits.softmax(-1) - F.one_hot(targets, 5)) / 4
    torch.testing.assert_close(gradient, wanted.detach())


def test_knowing_nothing_costs_log_of_the_vocabulary():
    loss = cross_entropy(torch.zeros(2, 3, 50), torch.zeros(2, 3, dtype=torch.int64))

    assert loss.item() == pytest.approx(math.log(50))


def test_a_loss_over_nothing_is_0():
    assert cross_entropy(torch.randn(3, 5), torch.full((3,), -100)).item() == 0


def test_a_sure_and_wrong_model_has_a_large_and_finite_loss():
    loss = cross_entropy(torch.tensor([[1e4, 0.0]]), torch.tensor([1]))

    assert loss.item() == pytest.approx(1e4)


@pytest.mark.parametrize("ids", [torch.int16, torch.int32, torch.int64])
def test_ids_of_any_whole_number_dtype_will_do(ids, randn):
    logits, targets = randn(3, 5), torch.tensor([0, 4, 2])

    torch.testing.assert_close(
        cross_entropy(logits, targets.to(ids)), F.cross_entropy(logits, targets)
    )
