"""Cell ids that stay: putting in a cell changes the id of no other."""

from collections import Counter
from hashlib import sha256

from nbformat import NotebookNode


def give_ids(cells: list[NotebookNode]) -> None:
    """Set every cell's id: its grade id if it has one, otherwise a hash of its source.

    jupytext gives new random ids on every reading: every build would change every notebook.
    """
    taken = {cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata}
    repeats: Counter[str] = Counter()
    for cell in cells:
        if "nbgrader" in cell.metadata:
            cell.id = cell.metadata.nbgrader.grade_id
            continue
        digest = sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        cell.id = digest
        while cell.id in taken:
            repeats[digest] += 1
            cell.id = f"{digest}-{repeats[digest]}"
        taken.add(cell.id)
