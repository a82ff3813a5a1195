"""Real processes: run a function on several ranks at once, and leave nothing behind.

One process, the *launcher*, imports torch and starts the ranks; they share nothing but a folder,
where they meet and leave their results. If a rank fails, or time is up, or this process ends, all
of them end.
"""

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle

from gradus.parallel.launcher import DIED, TASK, Failed, Outcome, result_file

Number = int | float

BACKENDS = ("gloo", "nccl")
START = "from gradus.parallel.launcher import main; main()"
POLL = 0.02  # seconds between two looks at a process


class RankError(RuntimeError):
    """A rank raised an exception, or ended without a result."""


@dataclass(frozen=True)
class Task:
    """What the launcher is to do."""

    function: Callable[..., Any]
    each: Sequence[Sequence[Any]]
    size: int
    backend: str
    seconds: Number
    imports: Sequence[str]


def run_processes(
    function: Callable[..., Any],
    size: int,
    each: Sequence[Sequence[Any]] = (),
    backend: str = "gloo",
    seconds: Number = 120,
    imports: Sequence[str] = (),
) -> list[Outcome]:
    """Call `function(link, *arguments)` in `size` processes, and return what came of it, by rank.

    `each` holds the arguments of each rank. A function that is defined in a notebook travels as its
    code; what it returns has to be picklable (tensors are). Every rank works on one thread, so that
    several do not fight over the cores. `backend` is "gloo" (on any computer) or "nccl" (one GPU
    for each rank). `imports` names modules that take long to import: this is done once for all.

    Raises RankError, with the rank's number and its own traceback, when one fails; TimeoutError if
    they have not all ended after `seconds`; ValueError for sizes and backends that there are not.
    """
    if size < 1:
        raise ValueError(f"there are {size} ranks: there has to be at least one")
    if backend not in BACKENDS:
        raise ValueError(f"there is no backend {backend!r}, only {' and '.join(BACKENDS)}")
    if each and len(each) != size:
        raise ValueError(f"there are arguments for {len(each)} ranks, and {size} ranks")
    # A killed launcher may still hold a file for a moment, which Windows does not like.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        task = Task(function, each, size, backend, seconds, imports)
        (folder / TASK).write_bytes(cloudpickle.dumps(vars(task)))
        with _launched(folder) as launcher:
            end = time.monotonic() + seconds
            while launcher.poll() is None and time.monotonic() < end:
                time.sleep(POLL)
            timed_out = launcher.poll() is None
        return _collected(folder, size, seconds, timed_out)


@contextlib.contextmanager
def _launched(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the launcher; end it and all its ranks on the way out, whatever the way."""
    own_group = hasattr(os, "killpg")
    path = os.pathsep.join(place or os.getcwd() for place in sys.path)
    with (folder / "errors").open("wb") as errors:
        launcher = subprocess.Popen(
            [sys.executable, "-c", START, str(folder)],
            stdin=subprocess.PIPE,  # closes when this process ends, however it ends
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            start_new_session=own_group,
        )
    try:
        yield launcher
    finally:
        if own_group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(launcher.pid, signal.SIGKILL)
        launcher.kill()
        launcher.wait()
        assert launcher.stdin is not None
        launcher.stdin.close()


def _collected(folder: Path, size: int, seconds: Number, timed_out: bool) -> list[Outcome]:
    outcomes: list[Outcome] = []
    failed: list[Failed] = []
    missing: list[str] = []
    for rank in range(size):
        file = result_file(folder, rank)
        found = pickle.loads(file.read_bytes()) if file.exists() else None
        if isinstance(found, Failed):
            failed.append(found)
        elif found is None:
            missing.append(str(rank))
        else:
            outcomes.append(found)
    died = folder / DIED
    if died.exists() and (codes := json.loads(died.read_text())):
        # Before what others say: they fail because a rank that they talk to has gone.
        raise RankError(
            "ended without a result: "
            + ", ".join(f"rank {rank} ({_ended(code)})" for rank, code in codes.items())
            + f". {_last_words(folder)}"
        )
    if failed:  # the first to fail is the cause; others may have missed it then
        first = min(failed, key=lambda one: one.at)
        raise RankError(f"rank {first.rank} failed: {first.says}\n\n{first.traceback}")
    if timed_out:
        raise TimeoutError(
            f"after {seconds:g} seconds these ranks had not ended, and were stopped: "
            f"{', '.join(missing)}. Does one wait for a message that is never sent?"
        )
    if missing:
        raise RankError(f"ended without a result: rank {', '.join(missing)}. {_last_words(folder)}")
    return outcomes


def _ended(code: int) -> str:
    """Say how a process ended: a negative exit code is the signal that killed it."""
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _last_words(folder: Path) -> str:
    words = (folder / "errors").read_text(errors="replace").strip().splitlines()[-20:]
    return "\n".join(["The last it said:", *words]) if words else "It said nothing."
