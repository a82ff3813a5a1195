"""Stacked shares: every bar is a whole, and the words say what the picture says."""

import pytest

from gradus.plots.shares import shares


def test_every_bar_is_a_whole_however_large_the_numbers():
    picture = shares(["small", "large"], {"a": [1, 3e9], "b": [3, 1e9]}, "share", "Two wholes")
    (axes,) = picture.figure.axes

    widths = [[bar.get_width() for bar in bars] for bars in axes.containers]
    assert widths == [pytest.approx([0.25, 0.75]), pytest.approx([0.75, 0.25])]
    assert "small: a 25.0%, b 75.0%; large: a 75.0%, b 25.0%" in picture.alt
    assert picture.png().startswith(b"\x89PNG")


def test_seven_parts_are_told_apart_by_colour_and_hatch():
    picture = shares(["a"], {f"part {i}": [1] for i in range(7)}, "share")
    (axes,) = picture.figure.axes

    looks = {(bars[0].get_facecolor(), bars[0].get_hatch()) for bars in axes.containers}
    assert len(looks) == 7
