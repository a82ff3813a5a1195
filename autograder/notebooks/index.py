"""The table of lessons in course/README.md, between two comments; the rest is by hand."""

from dataclasses import dataclass
from pathlib import Path

from autograder.notebooks.source import LessonError

BEGIN, END = "<!-- lessons: written by gradus build -->", "<!-- end of lessons -->"


@dataclass(frozen=True)
class Entry:
    """What the index says of one lesson."""

    lesson: str
    title: str
    minutes: int
    exercises: int
    points: float


def write_index(root: Path, entries: list[Entry]) -> None:
    """Write the table into course/README.md, where there is such a page."""
    page = root / "course" / "README.md"
    if not page.exists():
        return
    old = page.read_text(encoding="utf-8")
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise LessonError(
            "course/README.md has no place for the table of lessons. Put these two lines where it "
            f"belongs:\n\n{BEGIN}\n{END}"
        )
    new = f"{before}{BEGIN}\n\n{table(entries)}\n{END}{after}"
    if new != old:
        page.write_text(new, encoding="utf-8", newline="\n")


def table(entries: list[Entry]) -> str:
    """Return the lessons as a Markdown table, one line each and a last one for the whole course."""
    lines = ["|  | lesson | minutes | exercises | points |", "| --- | --- | ---: | ---: | ---: |"]
    for entry in entries:
        number = entry.lesson[:2]
        link = f"[{entry.title}]({entry.lesson}/{entry.lesson}.ipynb)"
        lines.append(f"| {number} | {link} | {_numbers(entry)} |")
    whole = Entry(
        "",
        "",
        sum(entry.minutes for entry in entries),
        sum(entry.exercises for entry in entries),
        sum(entry.points for entry in entries),
    )
    lines.append(f"|  | together | {_numbers(whole)} |")
    return "\n".join(lines) + "\n"


def _numbers(entry: Entry) -> str:
    return f"{entry.minutes} | {entry.exercises} | {entry.points:g}"
