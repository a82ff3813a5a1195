"""Validates lessons: exercises know right from wrong, solutions earn all, releases earn nothing."""

import inspect
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.notebooks.build import notebook_path
from autograder.notebooks.fresh import stale
from autograder.notebooks.leaks import leaks
from autograder.notebooks.points import Points, bank_points
from autograder.notebooks.source import read
from autograder.validation import Counts, validate_lesson

COUNTS = (
    "exercises cases mistakes mistakes_caught mistakes_recognised generic generic_caught variants "
    "variants_accepted"
).split()
ENOUGH = 0.85  # of the mistakes must be recognised by their own name, or in an honest tie


@dataclass
class Proof:
    """What was found out about one lesson."""

    counts: Counts = field(default_factory=Counts)
    solution_points: float = 0.0
    max_points: float = 0.0
    release_points: float = 0.0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def numbers(self) -> dict[str, float]:
        """Return all counts, as `gradus validate --json` prints them."""
        counted = {name: getattr(self.counts, name) for name in COUNTS}
        own = ("solution_points", "max_points", "release_points")
        scores = {name: getattr(self, name) for name in own}
        return {**counted, **scores, "seconds": round(self.seconds, 1)}


def validate(
    root: Path, lessons: Sequence[str], points: Points = bank_points, workers: int = 2
) -> tuple[dict[str, Proof], list[str]]:
    """Validate lessons; return what was found out about each, and what is wrong with course/."""
    context = multiprocessing.get_context("spawn")  # torch and its threads do not like forks
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        bank = {lesson: pool.submit(_bank, lesson) for lesson in lessons}
        runs = {
            (lesson, which): pool.submit(_run, root, lesson, which, points)
            for lesson in lessons
            for which in ("solution", "release")
        }
        course = pool.submit(stale, root, points)
        proofs = {
            lesson: _proof(
                root, lesson, bank[lesson], runs[lesson, "solution"], runs[lesson, "release"]
            )
            for lesson in lessons
        }
        return proofs, course.result()


def total(proofs: dict[str, Proof]) -> dict[str, float]:
    """Return the sums over all lessons."""
    whole = Proof().numbers()
    for proof in proofs.values():
        for name, value in proof.numbers().items():
            whole[name] = round(whole[name] + value, 2)
    return whole


def _proof(
    root: Path,
    lesson: str,
    bank: "Future[tuple[Counts, float]]",
    solution: "Future[tuple[float, float, list[str], float]]",
    release: "Future[tuple[float, float, list[str], float]]",
) -> Proof:
    proof = Proof()
    proof.counts, seconds = bank.result()
    proof.solution_points, proof.max_points, problems, more = solution.result()
    proof.release_points, _, leaked, most = release.result()
    proof.seconds = seconds + more + most
    proof.problems = [
        f"{lesson}: {problem}" for problem in (*failures(proof.counts), *problems, *leaked)
    ]
    if proof.solution_points < proof.max_points:
        proof.problems.append(
            f"{lesson}: the solution earns {proof.solution_points:g} of {proof.max_points:g} points"
        )
    if proof.release_points:
        proof.problems.append(
            f"{lesson}: the untouched release earns {proof.release_points:g} points; it must earn 0"
        )
    return proof


def failures(counts: Counts) -> Iterator[str]:
    """Yield what the bank must mend: a few mistakes that are caught but not recognised may stay."""
    for problem in counts.problems:
        if ": not recognised: " not in problem and ": a tie of " not in problem:
            yield problem
    if counts.mistakes_recognised < ENOUGH * counts.mistakes:
        share = f"{counts.mistakes_recognised} of {counts.mistakes}"
        yield f"only {share} mistakes are recognised; {ENOUGH:.0%} should be"


def _bank(lesson: str) -> tuple[Counts, float]:
    began = time.monotonic()
    counts = validate_lesson(lesson) if lesson in exercises.LESSONS else Counts()
    return counts, time.monotonic() - began


def _run(
    root: Path, lesson: str, which: str, points: Points
) -> tuple[float, float, list[str], float]:
    """Run the solution or the release; return points, all points, problems and seconds."""
    import nbformat  # these take seconds to import

    from autograder.grading.alone import run_and_mark
    from autograder.grading.beside import copy_beside
    from autograder.notebooks.notebook import assemble

    began = time.monotonic()
    path = notebook_path(root, "course", lesson)
    source = assemble(read(root / "solutions" / f"{lesson}.py"), points)
    if which == "solution":
        notebook, problems = source, []
    elif path.exists():
        notebook = nbformat.read(path, as_version=4)
        problems = [
            f"course/ gives away {leak}" for leak in leaks(notebook, source, secrets(lesson))
        ]
    else:
        return 0.0, 0.0, [], 0.0  # what is missing in course/ is told elsewhere
    with tempfile.TemporaryDirectory() as folder:
        copy_beside(root, lesson, Path(folder), Path(folder))
        marks, note = run_and_mark(notebook, Path(folder), demonstrations=which == "solution")
    if which == "solution":
        problems += [f"the solution: {note}"] if note else []
        problems += errors(notebook)
    earned = sum(mark.points or 0.0 for mark in marks)
    most = sum(mark.max_points for mark in marks)
    return earned, most, problems, time.monotonic() - began


def errors(notebook: Any) -> list[str]:
    """Return a sentence for every cell of a solution that ended in an error."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                told = f"{output.ename}: {output.evalue}"
                found.append(f"the solution: cell {number} ends in {told}\n{cell.source}")
    return found


def secrets(lesson: str) -> list[str]:
    """Return the code of all mistakes, variants and hidden cases of a lesson."""
    found = []
    for exercise in exercises.of_lesson(lesson) if lesson in exercises.LESSONS else ():
        answers = [mistake.answer for mistake in exercise.mistakes]
        answers += [variant.answer for variant in exercise.variants]
        answers += [case.make for case in exercise.cases if case.hidden]
        for answer in answers:
            if callable(answer):
                found.append(inspect.getsource(getattr(answer, "func", answer)))  # of a partial
    return found
