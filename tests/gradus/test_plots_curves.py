"""Curves say in words what they show."""

from gradus.plots.curves import curves


def test_curves_and_levels_are_told():
    picture = curves(
        {"one": ([0, 10, 20], [5.0, 3.0, 2.5]), "other": ([0, 20], [4.0, 4.5])},
        "step",
        "loss",
        "Two models",
        {"known": 4.2},
        x_end=30,
        y_span=(0, 6),
    )
    assert "one: 5 at 0, 3 at 10, 2.5 at 20; other: 4 at 0, 4.5 at 20" in picture.alt
    assert "level known: 4.2" in picture.alt
    assert picture.figure.axes[0].get_xlim() == (0, 30)
    assert picture.figure.axes[0].get_ylim() == (0, 6)


def test_one_curve_needs_no_legend():
    picture = curves({"loss": ([0, 1], [2.0, 1.0])}, "step", "loss")
    assert picture.figure.axes[0].get_legend() is None
    assert picture.png().startswith(b"\x89PNG")
