"""Bits: what each format keeps of a number, held against the limits that torch knows."""

import math

import pytest
import torch

from gradus.memory.bits import FORMATS, kept_as, neighbours


def test_the_course_slide_on_pi():
    # DeepLearning.AI and AWS, week 1, which writes pi as 3.141592.
    assert kept_as(3.141592, "fp32").value == 3.1415920257568359375
    assert kept_as(3.141592, "fp16").value == 3.140625
    assert kept_as(3.141592, "bf16").value == 3.140625
    assert kept_as(3.141592, "int8").value == 3
    assert kept_as(math.pi, "fp32").value == 3.1415927410125732


@pytest.mark.parametrize(
    ("name", "parts"), [("fp32", (8, 23)), ("bf16", (8, 7)), ("fp16", (5, 10))]
)
def test_the_parts_have_their_widths(name, parts):
    kept = kept_as(-0.37, name)
    assert kept.sign == "1"
    assert (len(kept.exponent), len(kept.mantissa)) == parts


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("number", [1.0, -42.4, 0.1, 3e-9, 1.001, 65_504.0])
def test_the_bits_stand_for_the_value(name, number):
    kept, form = kept_as(number, name), FORMATS[name]
    bias = 2 ** (form.exponent - 1) - 1
    exponent, mantissa = int(kept.exponent, 2), int(kept.mantissa, 2) / 2**form.mantissa
    size = (1 + mantissa) * 2.0 ** (exponent - bias) if exponent else mantissa * 2.0 ** (1 - bias)
    assert kept.value == (-size if kept.sign == "1" else size)


def test_range_and_overflow():
    assert kept_as(65_504.0, "fp16").value == torch.finfo(torch.float16).max == 65_504
    assert kept_as(70_000.0, "fp16").value == math.inf
    assert kept_as(70_000.0, "bf16").value == 70_144
    assert kept_as(3e-9, "fp16").value == 0
    assert kept_as(1000.0, "int8").value == 127
    assert kept_as(-3.0, "int8").sign + kept_as(-3.0, "int8").mantissa == "11111101"


def test_the_next_number_above():
    here, above = neighbours(256.0, "bf16")
    assert (here.item(), above.item()) == (256, 258)
    assert (neighbours(1.0, "fp32")[1] - 1).item() == torch.finfo(torch.float32).eps
