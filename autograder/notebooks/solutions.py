"""Executed solution notebooks: build/solution/, for instructors to read."""

from pathlib import Path

from autograder.notebooks.build import notebook_path
from autograder.notebooks.source import LessonError, authored

# A whole lesson has to run in a minute or two; a single cell has all the time nbgrader gives it.
TIMEOUT = 300


def execute_solutions(root: Path, lessons: list[str] | None = None) -> list[Path]:
    """Run the solution notebooks of all lessons, or of those named; return where they lie.

    They come from build/source/, so build first.
    """
    names = [path.stem for path in authored(root)]
    for lesson in lessons or ():
        if lesson not in names:
            raise LessonError(f"there is no lesson {lesson}. There are: {', '.join(names)}.")
    return [execute_solution(root, lesson) for lesson in lessons or names]


def execute_solution(root: Path, lesson: str) -> Path:
    """Run one solution notebook from top to bottom and write it with its outputs."""
    import nbformat  # these two take seconds to import
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    source = notebook_path(root, "build/source", lesson)
    if not source.exists():
        raise LessonError(f"{lesson} has not been built yet. Run `gradus build` first.")
    notebook = nbformat.read(source, as_version=4)
    path = notebook_path(root, "build/solution", lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise LessonError(
            f"{lesson}: the solution notebook does not run to its end. Correct the lesson.\n\n"
            f"{error}"
        ) from error
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return path
