import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.notebooks import transclude as module
from autograder.notebooks.source import Cell, LessonError
from autograder.notebooks.transclude import BEGIN, END, transclude
from gradus import attention

KNOWN = {"Bool", "Float", "Tensor", "einsum", "nn", "KVCache"}
KNOWN |= {"split_heads", "merge_heads", "repeat_kv", "attend"}

Layer = Callable[..., str]


def exercise(name: str, holes: str | None = None, source: str = "gradus.attention") -> Cell:
    return Cell(
        "solutions/04_attention.py, line 20",
        "code",
        f"from {source} import {name}",
        "exercise",
        name,
        None if holes is None else tuple(holes.split()),
    )


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layer:
    """Transclude `name` from a text that stands in for a layer's file."""

    def from_text(text: str, name: str = "f", holes: str | None = None) -> str:
        file = tmp_path / "layer.py"
        file.write_text(text)
        monkeypatch.setattr(module, "module_file", lambda *_: file)
        return transclude(exercise(name, holes, "gradus.layer"), KNOWN)

    return from_text


def without_markers(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if line.strip() not in (BEGIN, END))


def hidden(source: str) -> str:
    return "\n".join(re.findall(rf"{BEGIN}\n(.*?)\n *{END}", source, re.DOTALL))


@pytest.mark.parametrize("name", ["attend", "MultiHeadAttention", "cross_attention"])
def test_but_for_the_markers_it_is_the_layers_own_source(name: str) -> None:
    source = transclude(exercise(name), KNOWN | {"MultiHeadAttention"})
    assert without_markers(source) == inspect.getsource(getattr(attention, name)).rstrip()


def test_a_functions_answer_starts_after_its_docstring_and_ends_with_it() -> None:
    source = transclude(exercise("attend"), KNOWN)

    before, answer = source.split(f"    {BEGIN}\n")
    assert before.rstrip().endswith('"""')
    assert answer.startswith("    # Dividing the queries")
    assert "# A row without any key" in answer
    assert answer.endswith(f"\n    {END}")


def test_every_method_is_open_unless_holes_names_some() -> None:
    everything = transclude(exercise("MultiHeadAttention"), KNOWN)
    forward = transclude(exercise("MultiHeadAttention", "forward"), KNOWN)

    assert (everything.count(BEGIN), forward.count(BEGIN)) == (2, 1)
    assert "self.query = nn.Linear" in hidden(everything)
    assert "self.query = nn.Linear" not in hidden(forward)
    assert "split_heads(self.query(x)" in hidden(forward)
    ast.parse(everything)


def test_comments_on_either_side_belong_to_the_answer(layer: Layer) -> None:
    source = layer(
        "class C:\n    @staticmethod\n    def one(\n        x,\n    ):\n        # first say why\n\n"
        "        return x\n\n        # and what else could be done\n\n    # about two\n"
        '    def two(self):\n        """Two."""\n\n        @len\n        def inner(): ...\n',
        "C",
    )
    assert source.split("\n") == [
        "class C:",
        "    @staticmethod",
        "    def one(",
        "        x,",
        "    ):",
        "        ### BEGIN SOLUTION",
        "        # first say why",
        "",
        "        return x",
        "",
        "        # and what else could be done",
        "        ### END SOLUTION",
        "",
        "    # about two",
        "    def two(self):",
        '        """Two."""',
        "",
        "        ### BEGIN SOLUTION",
        "        @len",
        "        def inner(): ...",
        "        ### END SOLUTION",
    ]


def test_decorators_come_along_and_neighbours_do_not(layer: Layer) -> None:
    text = "x = 1\n\n\n@len\ndef f(a):\n    return a\n    # the end\n\n\ndef g(): ...\n"
    assert layer(text) == f"@len\ndef f(a):\n    {BEGIN}\n    return a\n    # the end\n    {END}"


@pytest.mark.parametrize("body", [": return x", ':\n    """Only words."""', ':\n    """a"""; x'])
def test_a_body_without_lines_of_its_own_is_refused(body: str, layer: Layer) -> None:
    with pytest.raises(LessonError, match="must start on a line of its own"):
        layer(f"def f(x){body}\n")


def test_a_name_that_the_notebook_lacks_is_an_error_that_says_what_to_import() -> None:
    with pytest.raises(LessonError) as error:
        transclude(exercise("attend"), KNOWN - {"einsum", "Bool"})
    assert "attend uses Bool, einsum, which no cell above defines" in str(error.value)
    assert "`from jaxtyping import Bool`; `from einops import einsum`" in str(error.value)


def test_a_neighbour_in_the_layers_file_is_imported_from_there(layer: Layer) -> None:
    with pytest.raises(
        LessonError, match="`from gradus.layer import helper`; `import os.path as p`"
    ):
        layer("import os.path as p\ndef helper(): ...\ndef f():\n    return helper(p)\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import gradus.attention", "needs the one line"),
        ("from gradus.attention import attend as other", "needs the one line"),
        ("from gradus.attention import attend, cross_attention", "needs the one line"),
        ("from gradus.attention import cross_attention", "needs the one line"),
        ("from torch import attend", "needs the one line"),
        ("from gradus.attention import attend\nprint(1)", "needs the one line"),
        ("def attend(", "needs the one line"),
        ("from gradus.no_such import attend", "there is no module gradus.no_such"),
        ("from gradus.no.such import attend", "there is no module gradus.no.such"),
        ("from gradus.norm import attend", "defines attend 0 times"),
    ],
)
def test_the_body_is_one_import_of_that_name(source: str, reason: str) -> None:
    cell = Cell("solutions/04_attention.py, line 20", "code", source, "exercise", "attend")
    with pytest.raises(LessonError, match=f"^solutions/04_attention.py, line 20: .*{reason}"):
        transclude(cell, KNOWN)


@pytest.mark.parametrize(
    ("name", "holes", "reason"),
    [
        ("attend", "forward", "is a function: holes has no use"),
        ("MultiHeadAttention", "forwards", "no method forwards.*It has __init__, forward"),
        ("MultiHeadAttention", "", "leaves no method open"),
    ],
)
def test_holes_name_methods_of_a_class(name: str, holes: str, reason: str) -> None:
    with pytest.raises(LessonError, match=reason):
        transclude(exercise(name, holes), KNOWN)
