"""Activations, held against Korthikanti et al. 2022 (arXiv 2205.05198) and against PyTorch."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from gradus.block import Block
from gradus.feedforward import FeedForward
from gradus.memory import activation_bytes
from gradus.memory.measured import saved_by
from gradus.memory.units import in_gib

# Table 3: heads, hidden size, layers, tensor-parallel size, micro-batch; sequence 2048.
TABLE_3 = {
    "22B": (64, 6144, 48, 8, 4),
    "175B": (96, 12_288, 96, 8, 1),
    "530B": (128, 20_480, 105, 8, 1),
    "1T": (160, 25_600, 128, 8, 1),
}
S = 2048


def layer(name, recompute="none", ranks=1, sequence_parallel=False):
    """The bytes of one layer of a model of table 3."""
    heads, hidden, _, _, batch = TABLE_3[name]
    return activation_bytes(
        batch, S, hidden, heads, 1, recompute, ranks=ranks, sequence_parallel=sequence_parallel
    )


@pytest.mark.parametrize("name", TABLE_3)
def test_table_2_all_rows(name):
    a, h, _, t, b = TABLE_3[name]
    sbh, term = S * b * h, 5 * a * S / h
    assert layer(name) == pytest.approx(sbh * (34 + term))  # equation 1
    assert layer(name, ranks=t) == pytest.approx(sbh * (10 + 24 / t + term / t))  # equation 2
    assert layer(name, ranks=t, sequence_parallel=True) == pytest.approx(sbh / t * (34 + term))
    assert layer(name, "selective", t) == pytest.approx(sbh * (10 + 24 / t))
    assert layer(name, "selective", t, True) == pytest.approx(34 * sbh / t)
    assert layer(name, "full", t) == 2 * sbh


def test_the_bytes_of_a_layer_of_gpt3():
    # 175B of table 3, micro-batch 1: worked out from the formulas of table 2.
    assert layer("175B") == 2_868_903_936
    assert layer("175B", ranks=8) == 578_813_952
    assert layer("175B", ranks=8, sequence_parallel=True) == 358_612_992
    assert layer("175B", "selective", 8, True) == 106_954_752
    assert layer("175B", "full") == 50_331_648
    assert in_gib(96 * layer("175B")) == pytest.approx(256.5, abs=0.05)
    assert layer("22B") == 7_079_985_152


def test_section_5_the_attention_term_and_what_selective_recomputation_saves():
    # 5as/h is 80 for GPT-3 and 64 for MT-NLG (530B); selective saves 70 % and 65 %.
    for name, term, saved in (("175B", 80, 0.70), ("530B", 64, 0.65)):
        heads, hidden, *_ = TABLE_3[name]
        assert 5 * heads * S / hidden == term
        assert 1 - layer(name, "selective") / layer(name) == pytest.approx(saved, abs=0.005)


def test_gpt2_xl_by_two_formulas_that_do_not_agree():
    # ZeRO's footnote counts 12 * hidden * batch * seq * layers numbers, about 60 GB; Korthikanti's
    # formula makes 287 GB of the same model, sequence 1024, batch 32. They count other things.
    zero_rule_bytes = 2 * 12 * 1600 * 32 * 1024 * 48
    assert zero_rule_bytes / 1e9 == pytest.approx(60.4, abs=0.05)
    assert activation_bytes(32, 1024, 1600, 25, 48) / 1e9 == pytest.approx(286.9, abs=0.05)


def test_section_4_3_the_ends_of_the_model():
    # Dropout after the embedding sbh; final norm 2sbh, head 2sbh, logits in fp32 4sbv.
    b, s, h, v = 3, 5, 24, 60
    plain = activation_bytes(b, s, h, 12, 2)
    assert activation_bytes(b, s, h, 12, 2, vocab=v) - plain == s * b * h * (1 + 4 * (1 + v / h))
    shared = activation_bytes(b, s, h, 12, 2, ranks=4, sequence_parallel=True)
    ends = activation_bytes(b, s, h, 12, 2, vocab=v, ranks=4, sequence_parallel=True) - shared
    assert ends == s * b * h * (1 + 4 * (1 + v / h)) / 4


def test_a_block_with_fused_parts_keeps_what_the_formula_says(device):
    b, s, h, a = 2, 64, 96, 6
    thinking = FeedForward(h, 4 * h, activation=F.gelu)
    block = Block(h, a, 4 * h, dropout=0.1, feedforward=thinking, norm=nn.LayerNorm(h))
    block = block.bfloat16().to(device).train()
    x = torch.randn(b, s, h, dtype=torch.bfloat16, device=device, requires_grad=True)
    kept = saved_by(lambda: block(x), besides=block.parameters()).total_bytes

    # Our attention drops none of its weights: 2as^2b, not 5as^2b. Two norms keep a mean and a
    # spread for each position, in fp32, in two or four bytes each.
    formula = activation_bytes(b, s, h, a, 1, "selective") + 2 * a * s**2 * b
    assert formula <= kept <= formula + 2 * 2 * 4 * b * s
    again = saved_by(lambda: checkpoint(block, x, use_reentrant=False), block.parameters())
    assert again.total_bytes == activation_bytes(b, s, h, a, 1, "full")


def test_our_own_block_keeps_more_by_parts_that_have_a_name():
    b, s, h, a = 2, 32, 48, 4
    block = Block(h, a, 4 * h, dropout=0.1).bfloat16().train()
    x = torch.randn(b, s, h, dtype=torch.bfloat16, requires_grad=True)
    kept = saved_by(lambda: block(x), besides=block.parameters()).total_bytes

    norms, gelu = 12, 16  # two streams in fp32 for one in bf16, twice; three wide layers for one
    expected = (34 + norms + gelu) * s * b * h + 2 * a * s**2 * b
    assert expected <= kept <= expected + 2 * 2 * 4 * b * s


def test_what_does_not_share_out_is_refused():
    with pytest.raises(ValueError, match="none, selective or full"):
        activation_bytes(1, 2, 4, 2, 1, "half")
    for sizes in ({"heads": 3, "ranks": 2}, {"heads": 5}, {"heads": 3, "vocab": 7, "ranks": 3}):
        with pytest.raises(ValueError, match="share out"):
            activation_bytes(batch=1, seq=2, d_model=12, layers=1, **sizes)
