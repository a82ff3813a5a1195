"""Feedback: nbgrader's page for every learner, cleaned of scripts and of hidden tests."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from autograder.grading.gradebook import quiet
from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.source import LessonError

FEW = 4  # pages for which it does not pay to start other processes


def write_feedback(root: Path, lesson: str, learners: Sequence[str]) -> Iterator[Path]:
    """Write the pages of these learners, anew where there is one; yield where they lie."""
    write = partial(write_page, root, lesson)
    if len(learners) < FEW:
        yield from map(write, learners)
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(write, learners)


def write_page(root: Path, lesson: str, learner: str) -> Path:
    """Write one learner's page with nbgrader's generate_feedback."""
    from nbgrader.converters import GenerateFeedback  # takes seconds to import
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    config = nbgrader_config(root)
    config.CourseDirectory.assignment_id = lesson
    config.CourseDirectory.student_id = learner
    folder = feedback_path(root, lesson, learner).parent
    shutil.rmtree(folder, ignore_errors=True)
    converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    with quiet():
        outcome = capture_log(converter)
    if not outcome["success"]:
        raise LessonError(
            f"{lesson}: no feedback for {learner}.\n\n{outcome.get('log', '')}{outcome['error']}"
        )
    return feedback_path(root, lesson, learner)


def feedback_path(root: Path, lesson: str, learner: str) -> Path:
    """Return where a learner's page lies."""
    return root / "build" / "feedback" / learner / lesson / f"{lesson}.html"
