"""Patience with the gradebook: another process, formgrader perhaps, may be writing to it."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from autograder.grading.stopped import SAVED, GradingStopped
from autograder.notebooks.gradebook import gradebook_path

P = ParamSpec("P")
T = TypeVar("T")
BUSY = 60.0  # seconds to wait for another process; SQLite itself waits the first 5 of them
PAUSE = 0.2
LOCKED = "database is locked"
FULL = ("database or disk is full", "disk I/O error")


def patient(
    step: Callable[Concatenate[Path, P], T],
) -> Callable[Concatenate[Path, P], T]:
    """Let a step that uses the gradebook of a course wait while somebody else holds it.

    Such a step may be begun again. Raises GradingStopped after `BUSY` seconds, and when the disk
    is full.
    """

    @wraps(step)
    def try_again(root: Path, *args: P.args, **words: P.kwargs) -> T:
        ends, said = time.monotonic() + BUSY, False
        while True:
            try:
                return step(root, *args, **words)
            except Exception as error:
                why = _fault(error)
                if why in FULL:
                    raise GradingStopped(
                        f"the gradebook {gradebook_path(root)} cannot be written: {why}. "
                        f"Free some space. {SAVED}"
                    ) from error
                if why != LOCKED:
                    raise
                path = gradebook_path(root)
                if time.monotonic() >= ends:
                    raise GradingStopped(
                        f"the gradebook {path} has been held for {BUSY:g} s by {holder(path)}. "
                        f"Let it finish, or end it. {SAVED}"
                    ) from error
                if not said:
                    said = True
                    print(
                        f"gradus: the gradebook is held by {holder(path)}; waiting, "
                        f"for {BUSY:g} s at most",
                        file=sys.stderr,
                    )
                time.sleep(PAUSE)

    return try_again  # type: ignore[return-value]  # mypy wants a first argument called root


def _fault(error: BaseException) -> str:
    """Return SQLite's own words if an error is the database's fault; nbgrader wraps some."""
    text = str(error)
    if "sqlite3.OperationalError" not in text and type(error).__name__ != "OperationalError":
        return ""
    return next((words for words in (LOCKED, *FULL) if words in text), "")


def holder(path: Path) -> str:
    """Name the process that holds a lock on a file, as far as the system tells."""
    with suppress(OSError, ValueError, IndexError):
        wanted = f":{path.stat().st_ino}"
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if words[1] == "POSIX" and words[3] == "WRITE" and words[5].endswith(wanted):
                command = Path(f"/proc/{words[4]}/cmdline").read_text().replace("\0", " ")
                return f"process {words[4]} ({command.strip()[:80]})"
    return "another process"
