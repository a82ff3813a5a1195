"""The command that holds the lessons to their promises: validate."""

import json
from typing import Annotated

import typer
from rich.console import Console

from autograder.commands.options import Lessons, Root, plainly
from autograder.notebooks.root import existing, find_root


def validate(
    lessons: Lessons = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one line of JSON that holds all counts.")
    ] = False,
    root: Root = None,
) -> None:
    """Check that lessons grade as they should. Exit code 0: they do; 1: they do not.

    Every solution earns all points, every release none; every mistake is caught, every variant
    accepted; course/ is fresh and gives nothing away.

    \b
    gradus validate
    gradus validate 04_attention --json
    """
    from autograder.grading.table import proof_table
    from autograder.grading.validate import total
    from autograder.grading.validate import validate as validate_lessons
    from autograder.notebooks.fresh import explain

    with plainly():
        course = find_root(root)
        proofs, stale = validate_lessons(course, existing(course, lessons or []))
    problems = [problem for proof in proofs.values() for problem in proof.problems]
    problems += [explain(stale)] if stale else []
    for problem in problems:
        typer.echo(problem)
    numbers = {name: proof.numbers() for name, proof in proofs.items()}
    if as_json:
        typer.echo(json.dumps({"lessons": numbers, "total": total(proofs)}))
    else:
        Console().print(proof_table(numbers))
    raise typer.Exit(bool(problems))
