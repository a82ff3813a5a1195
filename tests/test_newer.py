"""An answer whose newer version failed is judged with a word on that."""

import pytest
from ipykernel.inprocess.ipkernel import InProcessInteractiveShell

from autograder.newer import failed_since
from autograder.verdict import Verdict

RIGHT = "def double(x):\n    return 2 * x"
LAYER = "class Layer:\n    size = 3\n    def forward(self, x):\n        return x"


@pytest.fixture
def shell():
    """A kernel's shell, the one that libraries find."""
    yield InProcessInteractiveShell.instance()
    InProcessInteractiveShell.clear_instance()


def said_after(shell, *cells, name="double"):
    shell.reset()
    for cell in cells:
        shell.run_cell(cell, store_history=True)
    return failed_since(shell.user_ns[name], name)


def test_a_newer_version_that_cannot_be_read_is_told_of(shell):
    said = said_after(shell, RIGHT, "1 + 1", "def double(x)\n    return x + x")

    assert "Cell [3]" in said
    assert "older one, of cell [1]" in said


def test_so_is_one_that_fails_before_it_is_there(shell):
    assert "Cell [2]" in said_after(shell, RIGHT, f"1 / 0\n\n{RIGHT}")


def test_of_a_class_too(shell):
    broken = LAYER.replace("return x", "return (x")

    assert "Cell [2]" in said_after(shell, LAYER, broken, name="Layer")


@pytest.mark.parametrize(
    "later",
    [
        "def double(x):\n    return x + x",  # it came through
        "double(3",  # uses it only
        "def double_all(x:\n    pass",  # another name
        "class Other:\n    def double(self:\n        pass",  # another's method
    ],
)
def test_nothing_is_said_where_nothing_newer_failed(shell, later):
    assert said_after(shell, RIGHT, later) == ""


def test_the_same_text_once_more_is_the_newest(shell):
    assert said_after(shell, RIGHT, "def double(x:", RIGHT) == ""


def test_outside_of_a_notebook_nothing_is_known():
    assert failed_since(test_outside_of_a_notebook_nothing_is_known, "x") == ""
    assert failed_since(len, "len") == ""


def test_the_panel_tells_it_first():
    verdict = Verdict("double", 0.0, 2.0, refused="No.", older="Cell [3] <failed>.")

    assert verdict.text().splitlines()[1].strip() == "note     Cell [3] <failed>."
    assert "Cell [3] &lt;failed&gt;." in verdict.html()
