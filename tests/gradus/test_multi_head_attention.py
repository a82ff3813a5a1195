"""Multi-head attention: against torch's module and against heads computed one by one."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradus.attention import MultiHeadAttention, cross_attention
from gradus.mask import causal_mask

BATCH, QUERY, KEY, HEADS, D_HEAD, D_MODEL = 2, 5, 7, 3, 4, 12
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 0, 0]]).bool()


@pytest.fixture
def layer(randomise):
    return randomise(MultiHeadAttention(D_MODEL, HEADS))


def as_torch(layer: MultiHeadAttention) -> nn.MultiheadAttention:
    """Torch's own module with the same weights."""
    oracle = nn.MultiheadAttention(D_MODEL, HEADS, batch_first=True, dtype=torch.float64)
    inner = layer.query, layer.key, layer.value
    oracle.load_state_dict(
        {
            "in_proj_weight": torch.cat([linear.weight for linear in inner]),
            "in_proj_bias": torch.cat([linear.bias for linear in inner]),
            "out_proj.weight": layer.out.weight,
            "out_proj.bias": layer.out.bias,
        }
    )
    return oracle


def head_by_head(layer, x, memory, d_head, groups, mask=None):
    """Each head on its own, with slices instead of rearranging: the slow, plain way."""
    q, k, v = layer.query(x), layer.key(memory), layer.value(memory)
    heads = []
    for head in range(q.shape[-1] // d_head):
        mine = slice(head * d_head, (head + 1) * d_head)
        shared = slice(head // groups * d_head, (head // groups + 1) * d_head)
        one = q[..., mine], k[..., shared], v[..., shared]
        heads.append(F.scaled_dot_product_attention(*one, attn_mask=mask))
    return layer.out(torch.cat(heads, dim=-1))


def test_causal_self_attention_is_that_of_torch_with_all_gradients(layer, randn):
    x, weight = randn(BATCH, QUERY, D_MODEL), randn(BATCH, QUERY, D_MODEL).detach()
    oracle, mask = as_torch(layer), causal_mask(QUERY)
    output, expected = layer(x, mask=mask), oracle(x, x, x, attn_mask=~mask)[0]

    torch.testing.assert_close(output, expected)
    (d_x,) = torch.autograd.grad((output * weight).sum(), x, retain_graph=True)
    (d_oracle,) = torch.autograd.grad((expected * weight).sum(), x, retain_graph=True)
    torch.testing.assert_close(d_x, d_oracle)
    (output * weight).sum().backward()
    (expected * weight).sum().backward()
    inner = layer.query, layer.key, layer.value
    torch.testing.assert_close(
        torch.cat([linear.weight.grad for linear in inner]), oracle.in_proj_weight.grad
    )
    torch.testing.assert_close(
        torch.cat([linear.bias.grad for linear in inner]), oracle.in_proj_bias.grad
    )
    torch.testing.assert_close(layer.out.weight.grad, oracle.out_proj.weight.grad)
    torch.testing.assert_close(layer.out.bias.grad, oracle.out_proj.bias.grad)


def test_cross_attention_is_that_of_torch_with_all_gradients(layer, randn):
    x, memory = randn(BATCH, QUERY, D_MODEL), randn(BATCH, KEY, D_MODEL)
    weight, oracle = randn(BATCH, QUERY, D_MODEL).detach(), as_torch(layer)
    output = cross_attention(layer, x, memory, PADDING)
    expected, _ = oracle(x, memory, memory, key_padding_mask=~PADDING)

    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), (x, memory)),
        torch.autograd.grad((expected * weight).sum(), (x, memory)),
    )


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("heads", "kv_heads", "d_head"), [(3, None, 5), (6, 2, 5), (6, 1, 4), (1, None, 9)]
)
def test_every_head_works_in_its_own_slice(heads, kv_heads, d_head, bias, randomise, randn):
    layer = randomise(MultiHeadAttention(8, heads, d_head=d_head, kv_heads=kv_heads, bias=bias))
    x, memory, mask = randn(BATCH, QUERY, 8), randn(BATCH, KEY, 8), causal_mask(QUERY, KEY)
    weight, wanted = randn(BATCH, QUERY, 8).detach(), (x, memory, *layer.parameters())
    output = layer(x, memory, mask=mask)
    expected = head_by_head(layer, x, memory, d_head, heads // (kv_heads or heads), mask)

    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), wanted),
        torch.autograd.grad((expected * weight).sum(), wanted),
    )


def test_shared_heads_equal_a_full_layer_whose_weights_repeat(randomise, randn):
    grouped = randomise(MultiHeadAttention(10, 6, d_head=4, kv_heads=2))
    full, x = MultiHeadAttention(10, 6, d_head=4).double(), randn(BATCH, QUERY, 10)
    for name in ("query", "out"):
        getattr(full, name).load_state_dict(getattr(grouped, name).state_dict())
    for name in ("key", "value"):
        linear = getattr(grouped, name)
        repeated = {
            "weight": linear.weight.view(2, 4, 10).repeat_interleave(3, dim=0).view(24, 10),
            "bias": linear.bias.view(2, 4).repeat_interleave(3, dim=0).view(24),
        }
        getattr(full, name).load_state_dict(repeated)

    torch.testing.assert_close(grouped(x), full(x))


def test_a_mask_may_say_something_else_to_each_head(layer, randn, rng):
    x = randn(BATCH, QUERY, D_MODEL)
    mask = causal_mask(QUERY) | (torch.rand(BATCH, HEADS, QUERY, QUERY, generator=rng) < 0.5)
    oracle, flat = as_torch(layer), mask.view(BATCH * HEADS, QUERY, QUERY)

    torch.testing.assert_close(layer(x, mask=mask), oracle(x, x, x, attn_mask=~flat)[0])


def test_future_tokens_change_nothing(layer, randn):
    x, mask = randn(BATCH, QUERY, D_MODEL).detach(), causal_mask(QUERY)
    changed = x.clone()
    changed[:, 3] += 1.0

    same = (layer(x, mask=mask) == layer(changed, mask=mask)).all(dim=-1).all(dim=0)

    assert same.tolist() == [True, True, True, False, False]


def test_without_a_mask_positions_in_another_order_stay_who_they_are(layer, randn, rng):
    x, order = randn(BATCH, QUERY, D_MODEL), torch.randperm(QUERY, generator=rng)

    torch.testing.assert_close(layer(x[:, order]), layer(x)[:, order])


def test_heads_in_another_order_make_the_same_layer(layer, randn):
    x, other = randn(BATCH, QUERY, D_MODEL), MultiHeadAttention(D_MODEL, HEADS).double()
    columns = torch.arange(D_MODEL).view(HEADS, D_HEAD)[[2, 0, 1]].flatten()
    for name in ("query", "key", "value"):
        ours = getattr(layer, name)
        moved = {"weight": ours.weight[columns], "bias": ours.bias[columns]}
        getattr(other, name).load_state_dict(moved)
    moved = {"weight": layer.out.weight[:, columns], "bias": layer.out.bias}
    other.out.load_state_dict(moved)

    torch.testing.assert_close(other(x), layer(x))


def test_padding_of_the_memory_has_no_say(layer, randn):
    x, memory = randn(BATCH, QUERY, D_MODEL), randn(BATCH, KEY, D_MODEL)
    other = memory.masked_fill(~PADDING[..., None], 1e6)

    output = cross_attention(layer, x, memory, PADDING)

    assert torch.equal(output, cross_attention(layer, x, other, PADDING))
    assert not torch.allclose(output, cross_attention(layer, x, memory))


def test_a_query_that_may_read_nothing_gets_the_bias_alone(layer, randn):
    x, memory = randn(BATCH, QUERY, D_MODEL), randn(BATCH, KEY, D_MODEL)
    nothing = torch.zeros(BATCH, KEY, dtype=torch.bool)

    output = cross_attention(layer, x, memory, nothing)
    output.sum().backward()

    assert torch.equal(layer.out.bias.expand_as(output), output)
    assert all(weight.grad.isfinite().all() for weight in layer.parameters())


@pytest.mark.parametrize(
    ("kwargs", "count"),
    [
        ({"d_model": 12, "heads": 3}, 4 * (12 * 12 + 12)),
        ({"d_model": 12, "heads": 3, "bias": False}, 4 * 12 * 12),
        ({"d_model": 10, "heads": 6, "d_head": 4, "kv_heads": 2, "bias": False}, 640),
    ],
)
def test_the_parameters_are_those_of_the_four_projections(kwargs, count):
    assert sum(weight.numel() for weight in MultiHeadAttention(**kwargs).parameters()) == count


def test_a_width_that_does_not_divide_is_refused_with_both_numbers():
    with pytest.raises(ValueError, match="d_model=10 does not divide evenly into heads=3"):
        MultiHeadAttention(10, 3)


def test_heads_that_cannot_be_grouped_are_refused_with_both_numbers():
    with pytest.raises(ValueError, match="heads=6 does not divide evenly into kv_heads=4"):
        MultiHeadAttention(12, 6, kv_heads=4)
