"""Commands that grade: check, grade, report."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from autograder.commands.options import Lesson, Root, plainly
from autograder.notebooks.root import existing, find_root

if TYPE_CHECKING:
    from autograder.grading.engine.client import Isolation


def check(
    notebook: Annotated[Path, typer.Argument(help="A lesson's notebook, with your answers.")],
) -> None:
    """Run one notebook and say what it earns. Exit code 0: all points; 1: some are missing.

    The notebook itself is not changed; nothing is handed in.

    \b
    gradus check course/04_attention/04_attention.ipynb
    """
    from autograder.grading.alone import check_notebook
    from autograder.grading.table import notebook_table

    with plainly():
        marks, note = check_notebook(notebook)
    for mark in marks:
        if mark.verdict and not mark.verdict.passed:
            typer.echo(mark.verdict.text() + "\n")
    Console().print(notebook_table(notebook.name, marks))
    if note:
        typer.echo(note)
    raise typer.Exit(any((mark.points or 0) < mark.max_points for mark in marks))


def grade(
    lesson: Lesson,
    force: Annotated[
        bool, typer.Option("--force", help="Also those that have not changed since.")
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", help="Processes that run submissions. Default: all cores.")
    ] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="Address of a Dask cluster to run them on.")
    ] = "",
    isolation: Annotated[
        bool,
        typer.Option(
            "--isolation/--no-isolation",
            help="Without, submissions can read and change all that you can.",
        ),
    ] = True,
    feedback: Annotated[
        bool, typer.Option("--feedback/--no-feedback", help="Write the feedback pages too.")
    ] = True,
    cold: Annotated[
        bool,
        typer.Option("--cold", help="One plain kernel each, not isolated: for GPUs and Windows."),
    ] = False,
    root: Root = None,
) -> None:
    """Grade all submissions of a lesson: gradebook, feedback pages and a table.

    Submissions lie in build/submitted/LEARNER/LESSON/LESSON.ipynb. What has not changed is not run
    again. Points that a person gave stay. A submission that cannot be read gets 0 and a reason.
    Submissions run isolated from this machine and from each other; the examiner stays outside.

    \b
    gradus grade 04_attention
    gradus grade 04_attention --force
    gradus grade 04_attention --scheduler tcp://127.0.0.1:8786
    """
    from autograder.grading.early import warming_up
    from autograder.grading.importing import importing
    from autograder.grading.stopped import disk_faults

    wall: Isolation = "full" if isolation else "none"
    with plainly(), ExitStack() as stack:
        course = find_root(root)
        [name] = existing(course, [lesson])
        stack.enter_context(disk_faults(course))
        here = not (cold or scheduler)
        server = stack.enter_context(warming_up(course, name, wall)) if here else None
        # The server warms up while this process imports nbgrader.
        with importing():
            from autograder.grading.fan_out import on_a_cluster, on_this_machine
            from autograder.grading.feedback import feedback_path, write_feedback
            from autograder.grading.grade import grade as grade_class
            from autograder.grading.grade import required
            from autograder.grading.results import results
            from autograder.grading.table import class_table, notes

        count = len(required(course, name))
        console = Console()
        run_many = None
        if server:
            run_many = on_this_machine(course, name, server, workers)
        elif scheduler:
            run_many = on_a_cluster(course, name, scheduler, wall)
        if cold or not isolation:
            console.print("[bold]Not isolated[/bold]: submissions can reach all that you can.")
        graded = grade_class(course, name, force=force, run_many=run_many)
        steps = track(graded, "grading", total=count, console=console)
        outcomes = list(steps)
        new = [
            outcome.learner
            for outcome in outcomes
            if outcome.graded or not feedback_path(course, name, outcome.learner).exists()
        ]
        if feedback:
            pages = write_feedback(course, name, new)
            list(track(pages, "feedback", total=len(new), console=console))
        found = results(course, name)
        console.print(class_table(found, console.width))
        for note in notes(found):
            typer.echo(note)
        if feedback:
            typer.echo(f"feedback: {course / 'build' / 'feedback'}")


def report(lesson: Lesson, root: Root = None) -> None:
    """Write the class report of a graded lesson: scores, and what the class misunderstood.

    \b
    gradus report 04_attention
    """
    from autograder.grading.report import write_report

    with plainly():
        course = find_root(root)
        [name] = existing(course, [lesson])
        typer.echo(f"report: {write_report(course, name)}")
