"""Pictures of the first lessons: what they draw, and that their words say the same."""

import pytest
import torch

from gradus.plots.broadcasting import broadcast_map
from gradus.plots.decay import decays
from gradus.plots.letters import letter_table
from gradus.plots.marked import marked_rows
from gradus.plots.products import product_map

SHAPES = [(3,), (1,), (3, 1), (1, 3), (3, 3)]


@pytest.mark.parametrize("one", SHAPES, ids=str)
@pytest.mark.parametrize("other", SHAPES, ids=str)
def test_broadcasting_tells_the_shape_that_torch_gives(one, other):
    picture = broadcast_map(one, other)

    shape = tuple((torch.zeros(one) + torch.zeros(other)).shape)
    assert f"gives shape {shape}." in picture.alt
    assert picture.png().startswith(b"\x89PNG")


def test_broadcasting_marks_the_copies_and_no_others():
    first, second, total = broadcast_map((3, 1), (3,)).figure.axes

    def copies(axes):
        return [text.get_style() == "italic" for text in axes.texts]

    assert copies(first) == [False, True, True] * 3
    assert copies(second) == [False] * 3 + [True] * 6
    assert not any(copies(total))


def test_shapes_that_do_not_fit_are_said_not_to_fit():
    assert "(3, 4) + (3,) does not fit" in broadcast_map((3, 4), (3,)).alt


def test_a_product_spells_out_its_sum():
    q, k = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, 1.0], [3.0, -1.0]])

    assert "1 × 3 + 2 × -1 = 1." in product_map(q, k, query=0, key=1).alt


def test_marked_rows_name_what_is_framed():
    picture = marked_rows(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), [1, 0], ["x", "y"], ["a", "b"])

    assert "x: b with 2; y: a with 3." in picture.alt
    assert len(picture.figure.axes[0].patches) == 2


@pytest.mark.parametrize("scale", [1, 10_000, 1e-3])
def test_a_letter_table_tells_each_letters_favourite(scale):
    table = torch.tensor([[0.0, 3.0], [0.0, 0.0]]) * scale

    picture = letter_table(table, " a")

    assert "␣ a, a nothing." in picture.alt
    assert picture.png()


def test_decays_tell_some_points_of_each_line():
    picture = decays({"half": [0.5**d for d in range(9)]}, "steps", "share", span=(1e-4, 1.0))

    assert "half: 1 at 0, 0.25 at 2, 0.062 at 4, 0.0039 at 8." in picture.alt
    assert picture.figure.axes[0].get_yscale() == "log"
