"""Transplant: grading starts from the released notebook, and takes over the learner's answers."""

from copy import deepcopy
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

EXTRA = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
SWITCHES = {"grade", "solution", "locked", "task", "points", "schema_version", "cell_type"}
TELLING_TAGS = ("skip-execution", "raises-exception")


def transplant(released: NotebookNode, submitted: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """Return the released notebook with the learner's answers in it, and flags in words.

    Of the submission come the sources of answer cells, of unlabelled cells that were changed, and
    of unlabelled cells that were added, each after the cell it stood behind. Nothing else does: no
    metadata, no outputs, no order. Flags tell what else had been changed, by accident or not.
    """
    graft = _Graft(released, submitted)
    graft.match()
    return graft.grow(), graft.flags


def _marks(cell: NotebookNode) -> dict[str, Any]:
    marks = cell.get("metadata", {}).get("nbgrader")
    return marks if isinstance(marks, dict) else {}


def _name(cell: NotebookNode) -> str | None:
    name = _marks(cell).get("grade_id")
    return name if isinstance(name, str) else None


def _theirs(cell: NotebookNode) -> bool:
    """Whether a released cell is the learner's to write."""
    return bool(_marks(cell).get("solution"))


def _text(cell: NotebookNode) -> Any:
    return (cell.cell_type, text) if (text := cell.source.strip()) else None


def _id(cell: NotebookNode) -> Any:
    return (cell.cell_type, name) if (name := cell.get("id")) else None


def _text_and_id(cell: NotebookNode) -> Any:
    return (text, cell.get("id")) if (text := _text(cell)) else None


class _Graft:
    """One released notebook, one submission, and which cell of the one is which of the other."""

    def __init__(self, released: NotebookNode, submitted: NotebookNode) -> None:
        self.stock = deepcopy(released)
        self.submitted = submitted
        self.flags: list[str] = []
        self.place = {name: i for i, cell in enumerate(self.stock.cells) if (name := _name(cell))}
        self.home: list[int | None] = [None] * len(submitted.cells)  # by submitted cell
        self.copies: dict[str, list[int]] = {}  # by name: submitted cells

    def match(self) -> None:
        """Find each submitted cell's place in the released notebook, where it has one."""
        for i, cell in enumerate(self.submitted.cells):
            name = _name(cell)
            if name in self.place:
                self.copies.setdefault(name, []).append(i)
                self.home[i] = self.place[name]
            elif _marks(cell):
                self._flag(f"A cell called {name!r} is not part of the lesson; it counts nothing.")
        self._match_unlabelled()
        self._note_order()
        for name, place in self.place.items():
            self._compare(name, self.stock.cells[place], self.copies.get(name, []))

    def _match_unlabelled(self) -> None:
        """Recognise the release's own unlabelled cells: by text and id, by text, or by id."""
        free = {i: cell for i, cell in enumerate(self.stock.cells) if not _name(cell)}
        loose = {i: cell for i, cell in enumerate(self.submitted.cells) if not _marks(cell)}
        for sign in (_text_and_id, _text, _id):
            places: dict[Any, list[int]] = {}
            for place, cell in free.items():
                if seen := sign(cell):
                    places.setdefault(seen, []).append(place)
            for i, cell in list(loose.items()):
                if same := places.get(sign(cell)):
                    self.home[i] = same.pop(0)
                    del free[self.home[i]], loose[i]

    def _note_order(self) -> None:
        """Flag labelled cells that stand before one that they followed."""
        last = -1
        for i, cell in enumerate(self.submitted.cells):
            name = _name(cell)
            if name in self.place and self.copies[name][0] == i:
                if self.place[name] < last:
                    self._flag("Cells had been moved; they are back in their places.")
                last = max(last, self.place[name])

    def _compare(self, name: str, ours: NotebookNode, copies: list[int]) -> None:
        """Flag what happened to one labelled cell."""
        what = "answer" if _theirs(ours) else "test" if _marks(ours).get("grade") else "locked cell"
        if not copies:
            self._flag(f"The {what} {name} had been deleted; the released one is back.")
            return
        if len(copies) > 1:
            self._flag(f"The {what} {name} was there {len(copies)} times.")
        for cell in (self.submitted.cells[i] for i in copies):
            if cell.cell_type != ours.cell_type:
                self._flag(f"The {what} {name} had been turned into a {cell.cell_type} cell.")
            if not _theirs(ours) and cell.source.strip() != ours.source.strip():
                self._flag(f"The {what} {name} had been changed; the released one was used.")
            changed = [
                key for key in sorted(SWITCHES) if _marks(cell).get(key) != _marks(ours).get(key)
            ]
            if changed:
                listed = ", ".join(changed)
                self._flag(
                    f"The settings of {name} had been changed ({listed}); they were put back."
                )
            tags = cell.metadata.get("tags")
            had = ours.metadata.get("tags", [])
            for tag in TELLING_TAGS:
                if isinstance(tags, list) and tag in tags and tag not in had:
                    self._flag(f"The {what} {name} carried the tag {tag}; it was taken off.")

    def _flag(self, text: str) -> None:
        if text not in self.flags:
            self.flags.append(text)

    def grow(self) -> NotebookNode:
        """Put the answers in, and the extra cells behind their neighbours."""
        behind: dict[int, list[NotebookNode]] = {}
        neighbour = -1
        for i, cell in enumerate(self.submitted.cells):
            place, name = self.home[i], _name(cell)
            if place is None:
                if cell.source.strip():
                    behind.setdefault(neighbour, []).append(cell)
                continue
            neighbour = place
            ours = self.stock.cells[place]
            if name is None:
                _take(ours, cell)  # an unlabelled cell, changed or not
            elif _theirs(ours):
                first, *rest = self.copies[name]
                if i == first:
                    _take(ours, cell)
                elif cell.source.strip() not in {
                    self.submitted.cells[j].source.strip() for j in (first, *rest[: rest.index(i)])
                }:
                    behind.setdefault(place, []).append(cell)
        cells: list[NotebookNode] = []
        for place, cell in enumerate(self.stock.cells):
            if place == 0:
                cells += map(_extra, behind.get(-1, []))
            cells += [cell, *map(_extra, behind.get(place, []))]
        self.stock.cells = cells
        _tidy(cells)
        return self.stock


def _take(ours: NotebookNode, theirs: NotebookNode) -> None:
    """Take over the text of a cell, and pictures that were dragged into it."""
    ours.source = theirs.source
    if ours.cell_type == theirs.cell_type == "markdown" and theirs.get("attachments"):
        ours.attachments = deepcopy(theirs.attachments)


def _extra(cell: NotebookNode) -> NotebookNode:
    made = EXTRA[cell.cell_type](cell.source)
    made.id = ""
    if cell.get("attachments"):
        made.attachments = deepcopy(cell.attachments)
    return made


def _tidy(cells: list[NotebookNode]) -> None:
    """Clear outputs, and give cells that were added ids that are the same every time."""
    taken = {cell.get("id") for cell in cells}
    for number, cell in enumerate(cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if not cell.get("id"):
            cell.id = next(
                i for n in range(len(cells)) if (i := f"extra-{number}-{n}") not in taken
            )
            taken.add(cell.id)
