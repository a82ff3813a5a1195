"""Runs jobs on workers that may die: nothing is lost, and one that kills workers is found out."""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass

import nbformat

from autograder.grading.engine.bubblewrap import NoIsolation
from autograder.grading.job import TRIES, Job, work
from autograder.grading.ran import Ran
from autograder.grading.stopped import SAVED, GradingStopped, told

AHEAD = 128  # submissions on their way at once: enough for a cluster, few enough for the memory

Workers = Callable[[], AbstractContextManager[Executor]]


@dataclass(frozen=True)
class Crashed:
    """A submission that could not be run, though others could; `why` is for its comment."""

    why: str


class WorkersLost(GradingStopped):
    """Workers die whatever they are given."""


def run_all(
    jobs: Iterator[tuple[str, Job]], workers: Workers
) -> Iterator[tuple[str, Ran | Crashed]]:
    """Run all jobs, the first while the last are still being made; yield each as it is done.

    No submission runs in a worker itself, so a worker that dies was killed from outside: its jobs
    go to new workers, one at a time, so that one which does kill workers is found. Such a one
    comes back as Crashed, after all others. Raises WorkersLost when workers die or fail `TRIES`
    times in a row with nothing done between, GradingStopped when a disk or the cluster fails.
    """
    run = _Run(jobs)
    while not run.over():
        with workers() as executor:
            yield from run.on(executor)
    yield from run.crashed.items()


class _Run:
    """What is left of a run, whatever happens to its workers."""

    def __init__(self, jobs: Iterator[tuple[str, Job]]) -> None:
        self.jobs = jobs
        self.more = True
        self.again: deque[tuple[str, Job]] = deque()  # were waiting when their workers died
        self.alone: deque[tuple[str, Job]] = deque()  # were at work when their workers died
        self.flying: dict[Future[str], tuple[str, Job]] = {}  # in order
        self.suspects: set[str] = set()  # of killing workers: those that run alone
        self.tries: Counter[str] = Counter()
        self.crashed: dict[str, Crashed] = {}
        self.in_vain = 0  # deaths and failures in a row

    def over(self) -> bool:
        return not (self.more or self.again or self.alone or self.flying)

    def next(self) -> tuple[str, Job] | None:
        for queue in (self.alone, self.again):
            if queue:
                return queue.popleft()
        job = next(self.jobs, None)
        self.more = job is not None
        return job

    def on(self, executor: Executor) -> Iterator[tuple[str, Ran]]:
        """Run on these workers, until all is done or they have died."""
        while self.send(executor):
            done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            broken: BrokenProcessPool | None = None
            for future in [future for future in self.flying if future in done]:
                key, _job = self.flying[future]
                try:
                    result = json.loads(future.result())
                except BrokenProcessPool as error:
                    broken = error
                    continue
                except (CancelledError, NoIsolation, GradingStopped):
                    raise
                except OSError as error:
                    raise GradingStopped(f"a worker failed: {told(error)}") from error
                except Exception as error:
                    self.give_up(key, error)
                else:
                    self.in_vain = 0
                    notebook = nbformat.from_dict(result["notebook"])
                    yield key, Ran(notebook, result["flags"])
                del self.flying[future]
                self.suspects.discard(key)
            if broken:
                self.died(executor, broken)
                return

    def send(self, executor: Executor) -> bool:
        """Send off jobs until one is done; return whether any is on its way."""
        while not any(future.done() for future in self.flying):
            if len(self.flying) >= (1 if self.suspects else AHEAD) or (item := self.next()) is None:
                break
            try:
                self.flying[executor.submit(work, item[1])] = item
            except BrokenProcessPool as error:
                self.again.appendleft(item)
                self.died(executor, error)
                break
        return bool(self.flying)

    def died(self, executor: Executor, error: Exception) -> None:
        """Sort what a broken pool leaves: the first in line were at work, the rest were waiting."""
        lost = list(self.flying.values())
        self.flying.clear()
        at_work = getattr(executor, "_max_workers", len(lost)) + 1  # one lies ready
        self.again.extendleft(reversed(lost[at_work:]))
        self.in_vain += not lost
        for key, job in lost[:at_work]:
            if len(lost) == 1:
                self.tries[key] += 1
            if self.tries[key] >= TRIES:
                self.suspects.discard(key)
                self.give_up(key, error)
            else:
                self.suspects.add(key)
                self.alone.append((key, job))
        self.check(error)

    def give_up(self, key: str, error: Exception) -> None:
        """Note that a job cannot be done."""
        why = f"{type(error).__name__}: {error}"
        if isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker":
            why = "each worker that ran it died (killed for want of memory, perhaps)"
        self.crashed[key] = Crashed(
            f"Crashed: it could not be run: {why}. It counts 0 for now; grading again tries again."
        )
        self.in_vain += 1
        self.check(error)

    def check(self, error: Exception) -> None:
        """Stop when nothing can be done any more, before everybody gets 0 for it."""
        if self.in_vain >= TRIES:
            raise WorkersLost(
                f"workers died or failed {TRIES} times in a row, the last with "
                f"{type(error).__name__}: {error} {SAVED}"
            ) from error
