"""The results of a class, or of one notebook, as a table in the terminal."""

import re
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from autograder.grading.marks import Mark
from autograder.grading.results import Results
from autograder.panel import number


def class_table(results: Results, width: int = 120) -> Table:
    """Return a line for every learner, with a column for every exercise.

    Where their names do not fit into `width`, the columns have numbers and the names stand below.
    """
    names = [hyphenated(exercise.label) for exercise in results.exercises]
    wide = max(len(learner.name) for learner in results.learners) + len("(100.5) ")
    wide += sum(max(len(line) for line in name.splitlines()) + 1 for name in names)
    legend = None
    if wide > width:
        names = [str(count) for count in range(1, len(names) + 1)]
        legend = "   ".join(
            f"{name}={exercise.label}"
            for name, exercise in zip(names, results.exercises, strict=True)
        )
    table = Table(
        title=f"{results.lesson}: points of {len(results.learners)} learners",
        caption=legend,
        caption_justify="left",
        box=None,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    table.add_column("learner", no_wrap=True)
    for name, exercise in zip(names, results.exercises, strict=True):
        heading = f"{name}\n({number(exercise.points)})"
        table.add_column(heading, justify="right", vertical="bottom")
    table.add_column(f"all\n({number(results.points)})", justify="right")
    for learner in results.learners:
        cells = [
            points_cell(learner.points.get(exercise.grade_id), exercise.points)
            for exercise in results.exercises
        ]
        table.add_row(learner.name, *cells, Text(number(learner.total), style="bold"))
    return table


def notes(results: Results) -> list[str]:
    """Return what is to be told of single submissions, a line each."""
    return [f"{learner.name}: {learner.note}" for learner in results.learners if learner.note]


def notebook_table(name: str, marks: Sequence[Mark]) -> Table:
    """Return a line for every graded cell of one notebook."""
    table = Table(title=name, box=None, pad_edge=False, header_style="bold")
    table.add_column("exercise")
    table.add_column("points", justify="right")
    table.add_column("of", justify="right")
    for mark in marks:
        table.add_row(
            mark.label, points_cell(mark.points, mark.max_points), number(mark.max_points)
        )
    total = sum(mark.points or 0 for mark in marks)
    most = sum(mark.max_points for mark in marks)
    table.add_row("[bold]all", f"[bold]{number(total)}", f"[bold]{number(most)}")
    return table


def points_cell(points: float | None, most: float) -> Text:
    """Return points as a cell; full marks are green, none red, and the numbers say it anyway."""
    if points is None:
        return Text("?", style="yellow")  # a person has to give them
    return Text(number(points), style="green" if points >= most else "red" if not points else "")


def hyphenated(label: str, width: int = 8) -> str:
    """Break a name where a reader would, into lines of at most `width` where that is possible."""
    parts = re.findall(r"[A-Z]*[a-z0-9]+_?|[A-Z]+_?|.", label)
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def proof_table(numbers: dict[str, dict[str, float]]) -> Table:
    """Return a line for every validated lesson."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("lesson")
    for heading in ("exercises", "mistakes", "recognised", "variants", "solution", "release", "s"):
        table.add_column(heading, justify="right")
    for lesson, n in numbers.items():
        table.add_row(
            lesson,
            f"{n['exercises']}",
            f"{n['mistakes_caught']} of {n['mistakes']}",
            f"{n['mistakes_recognised']}",
            f"{n['variants_accepted']} of {n['variants']}",
            f"{number(n['solution_points'])} of {number(n['max_points'])}",
            number(n["release_points"]),
            f"{n['seconds']:.0f}",
        )
    return table
