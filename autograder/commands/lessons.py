"""Commands that make and open lessons: build, lab, sample."""

import subprocess
from typing import Annotated

import typer

from autograder.commands.options import Lesson, Lessons, Root, plainly
from autograder.notebooks.root import existing, find_root


def build(
    lessons: Lessons = None,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="Also run the solutions, into build/solution/.")
    ] = False,
    root: Root = None,
) -> None:
    """Make course/ from solutions/ and the layers; skip what is up to date.

    \b
    gradus build
    gradus build 04_attention --solutions
    """
    from autograder.notebooks.build import build_all
    from autograder.notebooks.solutions import execute_solutions

    with plainly():
        course = find_root(root)
        wanted = existing(course, lessons or [])
        for done in build_all(course):
            if done.lesson in wanted or done.kept:
                typer.echo(f"{done.lesson}: {'built' if done.changed else 'up to date'}")
            if done.kept:
                typer.echo(f"  It held answers, which are kept in {done.kept}.")
        if solutions:
            for path in execute_solutions(course, wanted):
                typer.echo(f"{path.stem}: executed, {path.relative_to(course)}")


def lab(
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Show the whole repository, for formgrader.")
    ] = False,
    root: Root = None,
) -> None:
    """Open JupyterLab on the course.

    \b
    gradus lab
    gradus lab --instructor
    """
    from autograder.notebooks.lab import lab_command

    with plainly():
        command, environment = lab_command(find_root(root), instructor)
    raise typer.Exit(subprocess.call(command, env=environment))


def sample(
    lesson: Lesson,
    learners: Annotated[int, typer.Option(min=1, max=600, help="How many.")] = 12,
    root: Root = None,
) -> None:
    """Make a class of learners who are right, or wrong in known ways, and note the true scores.

    \b
    gradus sample 04_attention
    gradus sample 04_attention --learners 40
    """
    from autograder.notebooks.sample import write_sample

    with plainly():
        course = find_root(root)
        [name] = existing(course, [lesson])
        path = write_sample(course, name, learners)
        typer.echo(f"{learners} learners have submitted {name}; their true scores: {path}")
