"""Grades a class: every submission is run, examined and written into the gradebook."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import parse_utc, rmtree

from autograder.grading import gradebook
from autograder.grading.beside import copy_beside, handed_out
from autograder.grading.cohort import Submission, find_notebook, submissions
from autograder.grading.engine.reading import UnreadableSubmission
from autograder.grading.feedback import feedback_path
from autograder.grading.handout import Handout, handout, released
from autograder.grading.job import text_of
from autograder.grading.kernel import NOT_ISOLATED, in_a_kernel
from autograder.grading.patience import patient
from autograder.grading.records import (
    autograded_path,
    contents,
    digest,
    made,
    read_record,
    record_path,
    write_record,
)
from autograder.grading.stopped import GradingStopped, disk_faults
from autograder.notebooks.build import shared_digest
from autograder.notebooks.config import SAVE, nbgrader_config
from autograder.notebooks.gradebook import recorded
from autograder.notebooks.source import LessonError

# Runs a notebook in place, with a folder as working directory, and returns a note on what went
# wrong on the way. Its graded cells must then hold the examiner's verdicts.
Run = Callable[[NotebookNode, Path], str]
# Runs many, by learner, and yields each as soon as it is done: learner, notebook, notes.
Named = Iterator[tuple[str, NotebookNode]]
# Without a notebook it could not be run; the last note says why, and the next run tries again.
RunMany = Callable[[Named], Iterator[tuple[str, NotebookNode | None, list[str]]]]


@dataclass(frozen=True)
class Outcome:
    """What became of one submission; `graded` is false if it was up to date."""

    learner: str
    note: str
    graded: bool


def grade(
    root: Path,
    lesson: str,
    *,
    force: bool = False,
    run: Run | None = None,
    run_many: RunMany | None = None,
) -> Iterator[Outcome]:
    """Grade the submissions that have changed since they were graded last, or all with `force`.

    Notebooks run with `run_many`, or else one after the other with `run` (by default in plain
    kernels). Yields an outcome as soon as it is in the gradebook, which only this process writes
    to: whatever ends the others, or this one, what was yielded is safe. Whatever a submission
    holds, the others are graded. Raises GradingStopped when a disk is full or the gradebook held.
    """
    config = nbgrader_config(root)

    def in_plain_kernel(notebook: NotebookNode, folder: Path) -> str:
        note = in_a_kernel(notebook, folder, config)
        return f"{NOT_ISOLATED} {note}".strip()

    def one_by_one(notebooks: Named) -> Iterator[tuple[str, NotebookNode | None, list[str]]]:
        for learner, notebook in notebooks:
            folder = autograded_path(root, waiting[learner]).parent
            try:
                notes = [(run or in_plain_kernel)(notebook, folder)]
            except Exception as error:  # the fault of this submission must not be that of the class
                notes = [f"It could not be run: {type(error).__name__}: {error}"]
            yield learner, notebook, notes

    given_files = contents(root, handed_out(root, lesson))
    common = digest(shared_digest(), patient(recorded)(root, lesson), *given_files)
    waiting: dict[str, Submission] = {}
    for submission in required(root, lesson):
        last = read_record(record_path(root, submission))
        if last.get("made") == made(root, submission, common) and not force:
            yield Outcome(submission.learner, last["note"], graded=False)
        else:
            waiting[submission.learner] = submission
    if not waiting:
        return
    handed_in = {learner: submitted_at(one.folder) for learner, one in waiting.items()}
    gradebook.enter(root, lesson, {learner: time for learner, (time, _) in handed_in.items()})
    notes_on: dict[str, list[str]] = {}
    unreadable: list[str] = []
    given = handout(root, lesson)

    def readable() -> Named:
        for learner, submission in waiting.items():
            prepared = prepare(root, submission, given, handed_in[learner][1])
            notes_on[learner] = prepared.notes
            if prepared.notebook is None:
                unreadable.append(learner)
            else:
                yield learner, prepared.notebook

    with disk_faults(root):
        for learner, notebook, notes in (run_many or one_by_one)(readable()):
            told = [*notes_on.pop(learner), *notes]
            made_of = common if notebook is not None else ""
            yield _enter(root, waiting[learner], made_of, notebook, told)
        for learner in unreadable:
            yield _enter(root, waiting[learner], common, None, notes_on[learner])


@dataclass(frozen=True)
class Prepared:
    """A submission put into the released notebook (None if it cannot be read), and notes on it."""

    notebook: NotebookNode | None
    notes: list[str]


def prepare(root: Path, submission: Submission, given: Handout, time_note: str) -> Prepared:
    """Clear what a submission had earned before, and make the notebook that is to be run.

    `time_note` says what is odd about the time of handing in; empty if nothing is.
    """
    record_path(root, submission).unlink(missing_ok=True)
    feedback_path(root, submission.lesson, submission.learner).unlink(missing_ok=True)
    folder = autograded_path(root, submission).parent
    if folder.exists():
        rmtree(folder)
    folder.mkdir(parents=True)
    notes = [*copy_beside(root, submission.lesson, submission.folder, folder), time_note]
    try:
        submitted, note = find_notebook(submission, given.names)
        notebook, flags = given.fill(submitted)
    except UnreadableSubmission as error:
        return Prepared(None, [*notes, str(error)])
    except Exception as error:  # the fault of this submission must not be that of the class
        why = f"It could not be graded: {type(error).__name__}: {error}"
        return Prepared(None, [*notes, why])
    return Prepared(notebook, [*notes, note, *flags])


def _enter(
    root: Path,
    submission: Submission,
    common: str,
    notebook: NotebookNode | None,
    notes: list[str],
) -> Outcome:
    """Enter what came out of a submission: into the gradebook, as a file, and on record.

    Without the `common` digest, what is on record says that the next run shall try again.
    """
    if notebook is not None:
        try:
            notebook = gradebook.put_through(root, submission, notebook, SAVE)
        except (GradingStopped, OSError):
            raise
        except Exception as error:  # the fault of this submission must not be that of the class
            notes = [*notes, f"It could not be graded: {type(error).__name__}: {error}"]
            notebook = None
    if notebook is None:
        notebook = give_nothing(root, submission, notes[-1])
    text = text_of(notebook) + "\n"  # nbformat's own way copies and checks it first
    autograded_path(root, submission).write_text(text, encoding="utf-8", newline="\n")
    note = " ".join(filter(None, notes))
    write_record(root, submission, note, made(root, submission, common) if common else "")
    return Outcome(submission.learner, note, graded=True)


def required(root: Path, lesson: str) -> list[Submission]:
    """Return the submissions of a lesson that is built; there must be at least one."""
    gradebook.cell_names(root, lesson)
    found = submissions(root, lesson)
    if not found:
        raise LessonError(
            f"nobody has submitted {lesson}: {root} has no build/submitted/LEARNER/{lesson}/. "
            f"Put the notebooks there, or make a class to try with: `gradus sample {lesson}`."
        )
    return found


def give_nothing(root: Path, submission: Submission, why: str) -> NotebookNode:
    """Give 0 and return a notebook that says why, in the place of the submission."""
    gradebook.give_nothing(root, submission, why)
    notebook = released(root, submission.lesson)
    said = f"## This notebook was not graded\n\n{why}\n\nBelow is the lesson as it was handed out."
    notebook.cells.insert(0, new_markdown_cell(said, id="not-graded"))
    return notebook


def submitted_at(folder: Path) -> tuple[datetime | None, str]:
    """Return the time in nbgrader's timestamp.txt, and a note if something is odd about it."""
    path = folder / "timestamp.txt"
    if not path.is_file():
        return None, ""
    try:
        time = parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError, UnicodeDecodeError):
        return None, "timestamp.txt holds no time; it was ignored."
    now = datetime.now(UTC).replace(tzinfo=None)
    return (now, "timestamp.txt is in the future; now counts.") if time > now else (time, "")
