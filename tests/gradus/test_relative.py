"""Relative positions: T5's buckets and BLOOM's slopes as published."""

import pytest
import torch

from gradus.relative import alibi_slopes, t5_relative_bucket

EVERY = torch.arange(-200, 201)


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize(("buckets", "max_distance"), [(32, 128), (16, 50), (8, 200)])
def test_buckets_are_those_of_t5(bidirectional, buckets, max_distance):
    t5 = pytest.importorskip("transformers").models.t5.modeling_t5
    expected = t5.T5Attention._relative_position_bucket(EVERY, bidirectional, buckets, max_distance)
    assert torch.equal(t5_relative_bucket(EVERY, bidirectional, buckets, max_distance), expected)


def test_buckets_in_any_shape_and_kind_of_whole_number():
    for dtype in (torch.int16, torch.int32):
        got = t5_relative_bucket(EVERY[:400].view(4, 100).to(dtype))
        assert got.dtype == torch.int64
        assert torch.equal(got.flatten(), t5_relative_bucket(EVERY[:400]))


@pytest.mark.parametrize(
    ("bidirectional", "relative", "bucket"),
    [(True, -8, 8), (True, -1, 1), (True, 0, 0), (True, 1, 17), (True, 128, 31)]
    + [(False, -16, 16), (False, 3, 0), (False, -10_000, 31)],
)
def test_buckets_by_hand(bidirectional, relative, bucket):
    assert t5_relative_bucket(torch.tensor(relative), bidirectional).item() == bucket


@pytest.mark.parametrize(("buckets", "max_distance"), [(2, 128), (32, 8)])
def test_too_few_buckets_or_too_near_an_end(buckets, max_distance):
    with pytest.raises(ValueError, match="a direction needs at least 2 buckets"):
        t5_relative_bucket(EVERY, True, buckets, max_distance)


@pytest.mark.parametrize("heads", [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 71, 112])
def test_slopes_are_those_of_bloom(heads):
    bloom = pytest.importorskip("transformers").models.bloom.modeling_bloom
    two = torch.ones(1, 2)  # a bias is slope times key position: at position 1 it is the slope
    expected = bloom.build_alibi_tensor(two, heads, torch.float32)[:, 0, 1]
    torch.testing.assert_close(alibi_slopes(heads), expected)


def test_slopes_by_hand():
    assert alibi_slopes(8).tolist() == [2.0**-h for h in range(1, 9)]
    assert alibi_slopes(3).tolist() == [2.0**-4, 2.0**-8, 2.0**-2]


def test_no_heads_have_no_slopes():
    with pytest.raises(ValueError, match="heads=0: there must be one head at least"):
        alibi_slopes(0)
