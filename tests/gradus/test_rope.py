"""Rotary positions: LLaMA's as published, and the laws of rotation."""

import pytest
import torch

from gradus.rope import apply_rope, apply_rope_interleaved

BOTH = pytest.mark.parametrize("rope", [apply_rope, apply_rope_interleaved])


@pytest.mark.parametrize("theta", [10_000.0, 500.0])
def test_halves_are_those_of_llama(theta, randn):
    transformers = pytest.importorskip("transformers")
    llama = transformers.models.llama.modeling_llama
    config = transformers.LlamaConfig(
        hidden_size=24,
        num_attention_heads=3,
        rope_parameters={"rope_type": "default", "rope_theta": theta},
    )
    q, k = (randn(2, 3, 5, 8).detach().float() for _ in "qk")
    positions = torch.tensor([[4, 0, 9, 9, 2], [11, 12, 13, 14, 15]])
    cos, sin = llama.LlamaRotaryEmbedding(config)(q, positions)
    expected = llama.apply_rotary_pos_emb(q, k, cos, sin)

    ours = tuple(apply_rope(x, positions[:, None], theta) for x in (q, k))
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=1e-5)


def test_interleaved_is_multiplication_by_complex_numbers(randn):
    x, positions = randn(2, 5, 8).detach(), torch.tensor([3, 1, 4, 1, 5])
    frequencies = 10_000 ** -(torch.arange(4, dtype=torch.float64) / 4)
    turns = torch.polar(torch.ones(5, 4).double(), positions[:, None] * frequencies)
    expected = torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (4, 2))) * turns)
    torch.testing.assert_close(apply_rope_interleaved(x, positions), expected.flatten(-2))


@BOTH
def test_a_score_depends_on_the_distance_alone(rope, randn):
    q, k = randn(1, 8), randn(1, 8)

    def score(query, key):
        return (rope(q, torch.tensor([query])) @ rope(k, torch.tensor([key])).mT).item()

    for query, key in ((5, 2), (103, 100), (3, 0), (9_003, 9_000)):
        assert score(query, key) == pytest.approx(score(1003, 1000), abs=1e-9)
    assert score(5, 2) != pytest.approx(score(2, 5), abs=1e-3)


@BOTH
def test_no_vector_changes_its_length_and_position_0_changes_nothing(rope, randn):
    x = randn(2, 3, 5, 8)
    turned = rope(x, torch.tensor([0, 7, 0, 900, 31]))
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))
    assert torch.equal(turned[..., [0, 2], :], x[..., [0, 2], :])


@BOTH
def test_gradients_are_exact(rope, randn):
    positions = torch.tensor([4, 0, 2])
    assert torch.autograd.gradcheck(lambda x: rope(x, positions), randn(2, 3, 4))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_late_positions_survive_half_precision(dtype, randn):
    x, positions = randn(3, 8).detach(), torch.tensor([4001, 4002, 8191])
    turned = apply_rope(x.to(dtype), positions)
    assert turned.dtype == dtype
    torch.testing.assert_close(turned.double(), apply_rope(x, positions), atol=0.03, rtol=0)


@BOTH
def test_an_odd_head_has_no_pairs(rope):
    with pytest.raises(ValueError, match="d_head=5 is odd: rotation needs pairs"):
        rope(torch.zeros(3, 5), torch.arange(3))
