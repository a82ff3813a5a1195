from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebooks.ids import give_ids


def ids(*cells: NotebookNode) -> list[str]:
    give_ids(list(cells))
    return [cell.id for cell in cells]


def prose() -> NotebookNode:
    return new_markdown_cell("a")


def code() -> NotebookNode:
    return new_code_cell("a")


def graded() -> NotebookNode:
    return new_code_cell("a", metadata={"nbgrader": {"grade_id": "check-attend"}})


def test_a_graded_cell_is_called_by_its_grade_id() -> None:
    assert ids(graded()) == ["check-attend"]


def test_ids_are_the_same_every_time_and_differ_between_cells() -> None:
    first = ids(prose(), code(), graded())
    assert first == ids(prose(), code(), graded())
    assert len(set(first)) == 3


def test_putting_in_a_cell_changes_no_other_id() -> None:
    before = ids(prose(), code(), graded())
    after = ids(prose(), new_code_cell("new"), code(), graded())
    assert [after[0], *after[2:]] == before


def test_the_same_text_twice_gives_two_ids() -> None:
    assert len(set(ids(code(), code(), code(), prose()))) == 4
    assert ids(code(), code())[0] == ids(code())[0]
