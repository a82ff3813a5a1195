"""What stops the grading of a class from outside: a full disk, a held gradebook, dead workers."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.notebooks.source import LessonError

SAVED = "What was graded is saved; run the command again for the rest."
FULL = (errno.ENOSPC, errno.EDQUOT)


class GradingStopped(LessonError):
    """Grading cannot go on, by no submission's fault: nobody gets a 0 for it."""


@contextmanager
def disk_faults(root: Path) -> Iterator[None]:
    """Turn a full or failing disk into GradingStopped."""
    try:
        yield
    except OSError as error:
        raise GradingStopped(told(error, root)) from error


def told(error: OSError, root: Path | None = None) -> str:
    """Say what the disk's fault is, and the way out."""
    where = error.filename or root or "the folder for temporary files (TMPDIR)"
    if error.errno in FULL:
        return f"the disk is full: {where} cannot be written. Free some space. {SAVED}"
    return f"{where}: {error.strerror or error}. {SAVED}"
