"""What the commands share: their options, and how they say that something cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from autograder.notebooks.source import LessonError

Root = Annotated[
    Path | None,
    typer.Option(
        "--root", help="The course's folder. Default: the one around here.", metavar="DIR"
    ),
]
Lesson = Annotated[str, typer.Argument(help="Such as 04_attention.")]
Lessons = Annotated[
    list[str] | None,
    typer.Argument(help="Such as 04_attention. Default: all.", metavar="[LESSON...]"),
]


@contextmanager
def plainly(*more: type[Exception]) -> Iterator[None]:
    """Say plainly what cannot be done, and exit with 2; `more` are errors of one command."""
    from autograder.grading.engine.bubblewrap import NoIsolation
    from autograder.grading.engine.reading import UnreadableSubmission

    expected: tuple[type[Exception], ...] = (LessonError, UnreadableSubmission, NoIsolation, *more)
    try:
        yield
    except expected as error:
        typer.echo(f"gradus: {error}", err=True)
        raise typer.Exit(2) from error
