"""The filters: what they keep, held against transformers' processors away from ties."""

import pytest
import torch
import transformers

from gradus.filters import min_p_filter, top_k_filter, top_p_filter, typical_filter

INF = torch.inf


def kept(logits):
    """The ids that are left in the first row."""
    return logits[0].isfinite().nonzero().flatten().tolist()


def chances(*shares):
    return torch.tensor([shares], dtype=torch.float64).log()


@pytest.mark.parametrize("value", [0.05, 0.3, 0.62, 0.9, 0.999])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (top_p_filter, transformers.TopPLogitsWarper),
        (min_p_filter, transformers.MinPLogitsWarper),
        (typical_filter, transformers.TypicalLogitsWarper),
    ],
)
def test_they_keep_what_transformers_keeps(ours, theirs, value, rng):
    logits = 2 * torch.randn(40, 23, generator=rng, dtype=torch.float64)
    expected = theirs(value)(torch.zeros(40, 1, dtype=torch.long), logits)
    assert torch.equal(ours(logits, value), expected)


@pytest.mark.parametrize("k", [1, 2, 7, 23, 99])
def test_top_k_keeps_what_transformers_keeps(k, rng):
    logits = torch.randn(40, 23, generator=rng)
    expected = transformers.TopKLogitsWarper(k)(torch.zeros(40, 1, dtype=torch.long), logits)
    assert torch.equal(top_k_filter(logits, k), expected)


def test_one_filter_after_the_other(rng):
    logits = torch.randn(40, 23, generator=rng, dtype=torch.float64)
    ids = torch.zeros(40, 1, dtype=torch.long)
    expected = logits
    for theirs in (
        transformers.TemperatureLogitsWarper(0.7),
        transformers.TopKLogitsWarper(9),
        transformers.TopPLogitsWarper(0.8),
        transformers.MinPLogitsWarper(0.2),
    ):
        expected = theirs(ids, expected)
    ours = min_p_filter(top_p_filter(top_k_filter(logits / 0.7, 9), 0.8), 0.2)
    assert torch.equal(ours, expected)


def test_ties_go_to_the_lower_id():
    even = torch.zeros(1, 4)
    assert kept(top_k_filter(even, 2)) == [0, 1]
    assert kept(top_p_filter(even, 0.5)) == [0, 1]
    assert kept(top_p_filter(even, 0.51)) == [0, 1, 2]
    assert kept(typical_filter(even, 0.5)) == [0, 1]
    assert kept(min_p_filter(even, 1.0)) == [0, 1, 2, 3]


def test_the_crossing_token_is_kept_and_one_always_is():
    assert kept(top_p_filter(chances(0.02, 0.97, 0.01), 0.9)) == [1]
    assert kept(top_p_filter(chances(0.2, 0.5, 0.3), 0.6)) == [1, 2]
    for rule in (top_p_filter, typical_filter):
        assert len(kept(rule(chances(0.2, 0.5, 0.3), 0.0))) == 1
        assert kept(rule(chances(0.2, 0.5, 0.3), 1.0)) == [0, 1, 2]
    assert kept(min_p_filter(chances(0.2, 0.5, 0.3), 0.0)) == [0, 1, 2]


def test_what_is_typical_need_not_be_likeliest():
    # The entropy is 1.37 nats, the likeliest token surprises by 0.60 only.
    shares = chances(0.55, 0.15, 0.1, 0.1, 0.05, 0.05)
    assert kept(typical_filter(shares, 0.1)) == [1]


@pytest.mark.parametrize("rule", [top_p_filter, min_p_filter, typical_filter])
def test_what_was_ruled_out_stays_so(rule):
    logits = torch.tensor([[-INF, 1.0, 2.0, -INF]])
    filtered = rule(logits, 0.9)
    assert filtered[0, 0] == filtered[0, 3] == -INF
    assert not filtered.isnan().any()
    assert logits.isfinite().sum() == 2


def test_half_precision_counts_the_tail_too():
    logits = torch.zeros(1, 5000, dtype=torch.bfloat16)
    assert len(kept(top_p_filter(logits, 0.75))) in range(3740, 3761)
    assert top_p_filter(logits, 0.75).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (top_k_filter, [0, -1]),
        (top_p_filter, [-0.1, 1.1]),
        (min_p_filter, [-0.1, 1.1]),
        (typical_filter, [-0.1, 1.1]),
    ],
)
def test_what_makes_no_sense_is_refused(rule, wrong):
    for value in wrong:
        with pytest.raises(ValueError, match=rf"{value}"):
            rule(torch.zeros(1, 3), value)


@pytest.mark.parametrize("rule", [top_p_filter, min_p_filter, typical_filter, top_k_filter])
def test_it_works_on_this_device(rule, device):
    logits = torch.randn(2, 5, device=device)
    assert rule(logits, 1 if rule is top_k_filter else 0.9).device.type == device.type
