"""Runs nbgrader's generate_assignment: from source notebook to learner's notebook and gradebook."""

import logging
import shutil
from pathlib import Path

from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.gradebook import gradebook_path, prepare_gradebook
from autograder.notebooks.source import LessonError

# Not course/ itself: nbgrader deletes a released folder before it knows if it can make it anew.
SCRATCH = "build/release"


def generate(root: Path, lesson: str) -> str:
    """Release build/source/LESSON through nbgrader and return the learner's notebook as text.

    The gradebook then holds the lesson's cells, hidden tests included.
    """
    from nbgrader.converters import GenerateAssignment  # takes seconds to import
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    prepare_gradebook(root)
    released = root / SCRATCH / lesson
    shutil.rmtree(released, ignore_errors=True)
    config = nbgrader_config(root)
    config.CourseDirectory.release_directory = SCRATCH
    config.CourseDirectory.assignment_id = lesson
    # What goes wrong is said once, in our own message.
    log = logging.getLogger(__name__)
    log.propagate = False
    coursedir = CourseDirectory(config=config, log=log)
    converter = GenerateAssignment(coursedir=coursedir, config=config, log=log)
    outcome = capture_log(converter)
    if not outcome["success"]:
        raise LessonError(_reason(root, lesson, outcome.get("log", "") + outcome["error"]))
    return (released / f"{lesson}.ipynb").read_text(encoding="utf-8")


def _reason(root: Path, lesson: str, log: str) -> str:
    if "there are submissions associated with it" not in log:
        return f"{lesson}: nbgrader could not release it.\n\n{log}"
    return (
        f"{lesson}: graded cells were added, removed or renamed, but the gradebook "
        f"{gradebook_path(root)} already holds submissions for this lesson. Either give the cells "
        "their old names back, or forget the lesson's submissions and grades:\n\n"
        f"    cd autograder && nbgrader db assignment remove {lesson} --force\n\nThen build again."
    )
