"""The wire carries values exactly, and refuses everything else."""

import contextlib
import math
import pickle
import struct

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder import wire
from autograder.stand_ins import AttentionLayer, Past, Scripted, Seeded

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers()), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_any_plain_value_comes_back_with_its_type(value):
    back = wire.unpack(wire.pack(value))

    assert repr(back) == repr(value)  # repr tells True from 1 and -0.0 from 0.0


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16, torch.int64, torch.bool]
)
def test_tensors_come_back_bit_for_bit(dtype):
    value = (torch.randn(3, 4) * 9).to(dtype)

    for tensor in (value, value.mT, value[0, 0], value[:0]):
        back = wire.unpack(wire.pack({"x": [tensor]}))["x"][0]

        assert back.dtype == dtype
        assert back.shape == tensor.shape
        assert torch.equal(back, tensor)


def test_not_a_number_and_infinity_travel():
    back = wire.unpack(wire.pack([math.inf, -math.inf, math.nan]))

    assert back[:2] == [math.inf, -math.inf]
    assert math.isnan(back[2])


def test_sets_dtypes_devices_and_numpy_travel():
    plain = [{frozenset([1]): {1, 2}}, torch.bfloat16, torch.device("cpu")]
    back = wire.unpack(wire.pack([*plain, np.float32(1.5), np.arange(3)]))

    assert back[:4] == [*plain, 1.5]
    assert torch.equal(back[4], torch.arange(3))


def test_stand_ins_travel_as_descriptions():
    table = torch.randn(3, 3)
    state = {"query.weight": table}
    back = wire.unpack(
        wire.pack([Seeded(4), Scripted(table), AttentionLayer(1, state), Past(table, table)])
    )

    assert back[0] == Seeded(4)
    assert torch.equal(back[1].table, table)
    assert torch.equal(back[2].state["query.weight"], table)
    assert torch.equal(back[3].values, table)


def test_a_foreign_object_is_refused_by_name():
    class Foreign: ...

    with pytest.raises(wire.WireError, match="Foreign is not a kind of value"):
        wire.pack([Foreign()])


def test_a_list_that_holds_itself_is_refused():
    value: list[object] = []
    value.append(value)

    with pytest.raises(wire.WireError, match="50 levels"):
        wire.pack(value)


def test_a_message_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "LARGEST", 1000)

    with pytest.raises(wire.WireError, match=r"over the limit of 1,000"):
        wire.pack("x" * 2000)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"short",
        bytes(64),
        pickle.dumps({"a": 1}),
        struct.pack("<Q", 2**62) + b"{}",
        struct.pack("<Q", 14) + b'{"unknown":[]}' + b"\x02\0\0\0\0\0\0\0{}",
        struct.pack("<Q", 17) + b'{"dtype":"load"} ' + b"\x02\0\0\0\0\0\0\0{}",
        struct.pack("<Q", 14) + b'{"tensor":"0"}' + b"\x02\0\0\0\0\0\0\0{}",
    ],
)
def test_junk_is_refused_with_one_kind_of_error(junk):
    with pytest.raises(wire.WireError):
        wire.unpack(junk)


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(junk):
    with contextlib.suppress(wire.WireError):
        wire.unpack(junk)


def test_a_tensor_subclass_loses_its_class():
    class Sly(torch.Tensor): ...

    back = wire.unpack(wire.pack(torch.ones(2).as_subclass(Sly)))

    assert type(back) is torch.Tensor
