"""Bit strips: every bit is shown and told, and what is kept beside it."""

import re

from gradus.plots.bit_strips import BitStrips


def test_the_words_tell_bits_and_values():
    alt = BitStrips(3.141592).alt
    assert "fp16 keeps 3.140625 (sign 0, exponent 10000, mantissa 1001001000)" in alt
    assert "int8 keeps 3 (sign 0, mantissa 0000011)" in alt


def test_every_bit_is_a_box():
    html = BitStrips(1.0).html()
    assert len(re.findall(r">[01]</span>", html)) == 32 + 16 + 16 + 8
    assert 'aria-label="sign 0, exponent 01111111, mantissa 0000000"' in html


def test_what_does_not_fit_is_infinite():
    shown = BitStrips(70_000.0)
    assert "fp16 keeps inf" in shown.alt
    assert "<td>inf</td>" in shown.html()
    assert "bf16 keeps 70144" in repr(shown)
