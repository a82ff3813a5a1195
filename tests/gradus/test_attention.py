"""Attention: against torch's own, values and all gradients, and against its laws."""

import math

import pytest
import torch
from torch.nn import functional as F

from gradus.attention import attend
from gradus.mask import causal_mask, combine_masks

BATCH, HEADS, QUERY, KEY, D_HEAD, D_VALUE = 2, 3, 5, 7, 4, 6

# Two texts whose second has two tokens of padding at its end; every query may read something.
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]).bool()

MASKS = {
    "none": None,
    "causal": causal_mask(QUERY, KEY),
    "padding": PADDING[:, None, None, :],
    "both": combine_masks(causal_mask(QUERY, KEY), PADDING),
}


@pytest.fixture
def qkv(randn):
    """Queries, keys and values whose sizes are all distinct."""
    return (
        randn(BATCH, HEADS, QUERY, D_HEAD),
        randn(BATCH, HEADS, KEY, D_HEAD),
        randn(BATCH, HEADS, KEY, D_VALUE),
    )


def test_two_keys_by_hand():
    q = torch.tensor([[2.0, 0.0, 0.0, 0.0]])
    k = torch.tensor([[math.log(3.0), 0.0, 0.0, 0.0], [0.0, 9.0, 9.0, 9.0]])
    v = torch.tensor([[4.0, 0.0, 1.0], [0.0, 8.0, 1.0]])

    output, weights = attend(q, k, v)  # scores ln 3 and 0: the first key weighs three times as much

    torch.testing.assert_close(weights, torch.tensor([[0.75, 0.25]]))
    torch.testing.assert_close(output, torch.tensor([[3.0, 2.0, 1.0]]))


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_values_and_all_gradients_are_those_of_torch(mask, qkv, randn):
    weight = randn(BATCH, HEADS, QUERY, D_VALUE).detach()
    output, _ = attend(*qkv, mask)
    expected = F.scaled_dot_product_attention(*qkv, attn_mask=mask)

    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), qkv),
        torch.autograd.grad((expected * weight).sum(), qkv),
    )


def test_gradients_of_output_and_weights_match_finite_differences(randn):
    q, k, v = randn(3, 2), randn(4, 2), randn(4, 1)

    assert torch.autograd.gradcheck(lambda *qkv: attend(*qkv, causal_mask(3, 4)), (q, k, v))


@pytest.mark.parametrize("shape", [(), (2,), (2, 3), (2, 3, 4)], ids=str)
def test_any_number_of_leading_axes_will_do(shape, randn):
    q, k, v = randn(*shape, 5, 4), randn(*shape, 7, 4), randn(*shape, 7, 6)

    output, weights = attend(q, k, v, causal_mask(5, 7))

    expected = F.scaled_dot_product_attention(q, k, v, attn_mask=causal_mask(5, 7))
    torch.testing.assert_close(output, expected)
    assert weights.shape == (*shape, 5, 7)


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_weights_sum_to_1_and_average_the_values(mask, qkv):
    output, weights = attend(*qkv, mask)

    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(BATCH, HEADS, QUERY).double())
    torch.testing.assert_close(output, weights @ qkv[2])


def test_a_masked_key_has_weight_exactly_0_and_no_say(qkv, randn):
    mask = MASKS["both"]
    hidden = ~mask.any(dim=-2, keepdim=True).mT  # the keys that no query may read
    q, k, v = qkv
    output, weights = attend(q, k, v, mask)

    other, _ = attend(q, k.masked_fill(hidden, 1e6), v.masked_fill(hidden, -1e6), mask)

    assert hidden.sum() == 2
    assert (weights.masked_select(~mask) == 0.0).all()
    assert torch.equal(output, other)


@pytest.mark.parametrize("position", range(KEY))
def test_future_tokens_change_nothing(position, randn):
    q, k, v = randn(2, KEY, 4), randn(2, KEY, 4), randn(2, KEY, 6)
    output, _ = attend(q, k, v, causal_mask(KEY))
    changed = [x.detach().clone() for x in (q, k, v)]
    for x in changed:
        x[:, position] += 1.0

    other, _ = attend(*changed, causal_mask(KEY))

    same = (output == other).all(dim=-1).all(dim=0)
    assert same.tolist() == [query < position for query in range(KEY)]


def test_the_order_of_keys_does_not_matter(qkv, rng):
    q, k, v = qkv
    order, mask = torch.randperm(KEY, generator=rng), MASKS["both"]
    output, weights = attend(q, k, v, mask)

    other, other_weights = attend(q, k[..., order, :], v[..., order, :], mask[..., order])

    torch.testing.assert_close(other, output)
    torch.testing.assert_close(other_weights, weights[..., order])


def test_queries_in_another_order_get_their_outputs_in_that_order(qkv, rng):
    q, k, v = qkv
    order = torch.randperm(QUERY, generator=rng)
    output, _ = attend(q, k, v)

    other, _ = attend(q[..., order, :], k, v)

    torch.testing.assert_close(other, output[..., order, :])


def test_identical_keys_give_the_mean_of_the_values_that_may_be_read(qkv):
    q, k, v = qkv
    output, _ = attend(q, k[..., :1, :].expand_as(k), v, causal_mask(QUERY, KEY))

    running_mean = v.cumsum(dim=-2) / torch.arange(1, KEY + 1)[:, None]
    torch.testing.assert_close(output, running_mean[..., KEY - QUERY :, :])


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_a_query_that_may_read_nothing_gets_zeros_and_finite_gradients(dtype, randn, device):
    if device.type == "mps" and dtype == torch.float64:
        pytest.skip("Apple's GPUs have no float64")
    shapes = (QUERY, D_HEAD), (KEY, D_HEAD), (KEY, D_VALUE)
    qkv = [randn(*shape).detach().to(device, dtype).requires_grad_() for shape in shapes]
    mask = causal_mask(QUERY, KEY, device=device)
    mask[2] = False

    output, weights = attend(*qkv, mask)
    output.sum().backward()

    assert (output[2] == 0.0).all()
    assert (weights[2] == 0.0).all()
    assert all(x.grad.isfinite().all() for x in qkv)
    assert (qkv[0].grad[2] == 0.0).all()
    assert output.dtype == weights.dtype == dtype


def test_a_text_of_nothing_but_padding_leaves_the_other_texts_alone(qkv):
    padding = torch.tensor([[1] * KEY, [0] * KEY]).bool()
    alone, _ = attend(*(x[:1] for x in qkv))

    output, _ = attend(*qkv, padding[:, None, None, :])

    torch.testing.assert_close(output[:1], alone)
    assert (output[1] == 0.0).all()


def test_without_any_key_there_is_nothing_to_read(randn):
    output, weights = attend(randn(2, 5, 4), randn(2, 0, 4), randn(2, 0, 6))

    assert weights.shape == (2, 5, 0)
    assert torch.equal(torch.zeros(2, 5, 6).double(), output)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_huge_scores_stay_finite(size, randn):
    q, k, v = randn(5, 4), randn(7, 4), randn(7, 6)

    output, _ = attend(size * q, k, v)

    torch.testing.assert_close(output, F.scaled_dot_product_attention(size * q, k, v))


def test_inputs_are_left_as_they_were(qkv):
    before = [x.clone() for x in (*qkv, MASKS["both"])]

    attend(*qkv, MASKS["both"])

    assert all(torch.equal(*pair) for pair in zip(before, (*qkv, MASKS["both"]), strict=True))


def test_a_gpu_gives_what_the_cpu_gives(randn, device):
    shapes = (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6)
    qkv = [randn(*shape, dtype=torch.float32).detach() for shape in shapes]
    expected, _ = attend(*qkv, MASKS["both"])

    output, _ = attend(*(x.to(device) for x in qkv), MASKS["both"].to(device))

    torch.testing.assert_close(output.cpu(), expected, rtol=1e-4, atol=1e-5)
