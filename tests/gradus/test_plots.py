import base64
import re
from html import unescape

import pytest
import torch
from matplotlib.figure import Figure

from gradus.plots import (
    Picture,
    attention_map,
    attention_maps,
    bars,
    lines,
    mask_map,
    number_grids,
)
from gradus.plots.lines import power

WORDS = ["the", "cat", "sat"]
WEIGHTS = torch.tensor([[1.0, 0.0, 0.0], [0.3, 0.7, 0.0], [0.1, 0.6, 0.3]])
CAUSAL = torch.ones(3, 3, dtype=torch.bool).tril()

PICTURES = {
    "attention_map": lambda: attention_map(WEIGHTS, WORDS, title="head 0", mask=CAUSAL),
    "attention_maps": lambda: attention_maps(WEIGHTS.expand(3, 3, 3), ["a", "b", "c"]),
    "mask_map": lambda: mask_map(CAUSAL, WORDS, title="causal"),
    "number_grids": lambda: number_grids({"x": WEIGHTS, "y": WEIGHTS[:, :2]}, WORDS, "key"),
    "lines": lambda: lines([1, 2, 4], {"time": [1, 4, 16], "memory": [1, 2, 4]}, "n", "cost"),
    "bars": lambda: bars(WORDS, {"a": [1, 2, 3], "b": [3, 2, 1]}, "share", longest=4),
}


def image(html: str) -> tuple[str, bytes]:
    """The alternative text and the file in an image element."""
    found = re.fullmatch(r'<img alt="([^"]*)" .*src="data:image/png;base64,([^"]*)">', html)
    assert found, html[:200]
    return unescape(found[1]), base64.b64decode(found[2])


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_notebook_shows_an_image_with_alternative_text(draw):
    picture = draw()

    shown = picture._repr_mimebundle_()

    alt, png = image(shown["text/html"])
    assert alt == picture.alt
    assert len(alt) > 20
    assert png.startswith(b"\x89PNG")
    assert alt in shown["text/plain"]


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_no_picture_is_wider_than_a_notebook(draw):
    width = int(re.search(r'width="(\d+)"', draw().html())[1])

    assert width <= 800


def test_quotes_and_angle_brackets_stay_text():
    words = ['"', "<b>", "&"]

    picture = attention_map(WEIGHTS, words)

    alt, _ = image(picture.html())
    assert "<b> reads <b> most (0.70)" in alt


def test_a_dollar_sign_is_no_formula():
    attention_map(WEIGHTS, ["$", r"\frac{", "_$"]).png()
    mask_map(CAUSAL, ["$x", "$", r"$\alpha$"]).png()
    bars(["$", r"$\frac{$", "y"], {"": [1, 2, 3]}, "share").png()
    number_grids({"x": WEIGHTS}, ["$", r"$\frac{$", "y"], "key").png()


def test_equal_figures_are_equal_files():
    assert PICTURES["mask_map"]().png() == PICTURES["mask_map"]().png()


def test_an_attention_map_tells_what_each_query_reads_most():
    alt = attention_map(WEIGHTS, WORDS, mask=CAUSAL).alt

    assert "the reads the most (1.00); cat reads cat most (0.70); sat reads cat most (0.60)" in alt
    assert "3 pairs are hidden by the mask" in alt


def test_a_small_attention_map_shows_its_numbers():
    figure = attention_map(WEIGHTS, WORDS).figure

    written = [text.get_text() for text in figure.axes[0].texts]
    assert written == ["1.00", "0.00", "0.00", "0.30", "0.70", "0.00", "0.10", "0.60", "0.30"]


def test_a_map_may_have_more_keys_than_queries():
    alt = attention_map(WEIGHTS[1:], ["cat", "sat"], WORDS).alt

    assert "cat reads cat most" in alt


def test_a_long_map_is_not_told_to_the_end():
    alt = attention_map(torch.eye(60), [f"word{n}" for n in range(60)]).alt

    assert "word29 reads" in alt
    assert "word30 reads" not in alt
    assert "30 more rows" in alt


def test_weights_may_still_want_gradients():
    attention_map(WEIGHTS.clone().requires_grad_(), WORDS).png()
    attention_maps(WEIGHTS[None].clone().requires_grad_(), ["a"]).png()


def test_maps_side_by_side_tell_the_habit_of_each_head():
    before = torch.eye(6).roll(-1, 1).tril()
    before[0, 0] = 1
    alt = attention_maps(torch.stack([torch.eye(6), before]), ["self", "previous"]).alt

    assert "self: most often reads the word itself (on average 1.00)" in alt
    assert "previous: most often reads the word before (on average 1.00)" in alt


def test_a_mask_map_tells_who_may_read_whom_and_ticks_it():
    picture = mask_map(CAUSAL, WORDS)

    assert "the may read the; cat may read the, cat; sat may read the, cat, sat" in picture.alt
    ticks = [text.get_text() for text in picture.figure.axes[0].texts]
    assert ticks.count("✓") == 6


def test_a_query_that_may_read_nothing_is_told():
    assert "the may read -" in mask_map(torch.zeros(3, 3, dtype=torch.bool), WORDS).alt


def test_a_power_law_is_fitted_exactly():
    exponent, factor = power([1, 2, 4, 8], [3, 12, 48, 192])

    assert exponent == pytest.approx(2)
    assert factor == pytest.approx(3)


def test_the_fitted_slope_is_written_and_told():
    # The first point is off the power law, and not among the last three.
    cost = {"time": [50, 4, 16, 64], "memory": [1, 2, 4, 8]}
    picture = lines([1, 2, 4, 8], cost, "n", "cost", log=True, fit_last=3)

    assert "time: from 50 to 64, fitted slope 2.00" in picture.alt
    legend = [text.get_text() for text in picture.figure.axes[0].get_legend().get_texts()]
    assert legend == ["time: slope 2.00", "memory: slope 1.00"]


def test_lines_and_bars_are_told_apart_without_colour():
    drawn = PICTURES["lines"]().figure.axes[0].get_lines()
    groups = PICTURES["bars"]().figure.axes[0].containers

    assert len({line.get_marker() for line in drawn}) == 2
    assert len({line.get_linestyle() for line in drawn}) == 2
    assert [group.patches[0].get_hatch() for group in groups] == ["", "///"]


def test_a_long_title_of_bars_is_broken_and_stays_inside():
    figure = bars(["a"], {"": [1]}, "share", "a title of many words " * 8).figure
    figure.draw_without_rendering()
    title = figure._suptitle.get_window_extent()
    assert title.x0 >= 0
    assert title.x1 <= figure.bbox.width


def test_bars_tell_and_write_every_number():
    picture = bars(["a", "b"], {"with": [0.9862, 2], "without": [0.00012, 4]}, "share")

    assert "a: with 0.986, without 0; b: with 2, without 4" in picture.alt
    written = {text.get_text() for text in picture.figure.axes[0].texts}
    assert written == {"0.986", "2", "0", "4"}


def test_a_fixed_length_keeps_the_axis_still():
    ends = [
        bars(["a"], {"": [height]}, "share", longest=1).figure.axes[0].get_xlim()
        for height in (0.1, 0.9)
    ]

    assert ends[0] == ends[1]


def test_grids_tell_all_their_numbers():
    alt = number_grids({"x": torch.tensor([[1.0, 2.5]]), "y": torch.tensor([[3]])}, ["r"], "c").alt

    assert "x: r 1 2.5; y: r 3" in alt


def test_any_figure_can_become_a_picture():
    picture = Picture(Figure(), "An empty\n   page")

    assert picture.alt == "An empty page"
    assert repr(picture) == "Picture: An empty page"
