"""Keeps a copy of a course notebook that somebody has worked in, before a build writes over it."""

import shutil
from pathlib import Path


def keep_answers(notebook: Path, folder: Path) -> Path | None:
    """Copy `notebook` to `folder` if it holds answers, and return where to; otherwise None."""
    if not notebook.exists() or not has_answers(notebook):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (copy := folder / f"{notebook.stem}-{number}.ipynb").exists():
        number += 1
    shutil.copy(notebook, copy)
    return copy


def has_answers(notebook: Path) -> bool:
    """Tell whether any solution cell differs from what nbgrader released."""
    import nbformat
    from nbgrader.utils import compute_checksum, is_solution

    try:
        cells = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4).cells
        return any(
            is_solution(cell) and cell.metadata.nbgrader.checksum != compute_checksum(cell)
            for cell in cells
        )
    except Exception:
        return True  # whatever is wrong with the file: better one copy too many
