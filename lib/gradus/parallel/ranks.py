"""Ranks in one process: they take turns, so that every run is the same and nothing can hang."""

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from gradus.parallel.link import Link, Message

PATIENCE = 1.0  # seconds that a rank gets to end itself after it was stopped


class Deadlock(RuntimeError):
    """Ranks wait for messages that nobody is going to send."""


class Stopped(BaseException):
    """Another rank failed. Not an Exception: `except Exception` must not swallow it."""


class Ranks:
    """Several ranks that run the same function, each on a thread and with a link of its own.

    One runs at a time, rank 0 first. It goes on until it waits for a message that is not there yet;
    then the next one goes on. `links` has the links by rank, `messages` all that was sent, in the
    order of sending.
    """

    def __init__(self, size: int) -> None:
        """Make the links; raises ValueError when there would be no rank."""
        if size < 1:
            raise ValueError(f"there are {size} ranks: there has to be at least one")
        self.size = size
        self.wires: dict[tuple[int, int], deque[Tensor]] = {}
        self.messages: list[Message] = []
        self.links = [_Wire(self, rank, size) for rank in range(size)]
        self._waiting: dict[int, int] = {}  # who waits for a message from whom
        self._running: set[int] = set()
        self._turns = [threading.Semaphore(0) for _ in range(size)]
        self._all_ended = threading.Semaphore(0)
        self._failure: BaseException | None = None

    def run(self, function: Callable[..., Any], each: Sequence[Sequence[Any]] = ()) -> list[Any]:
        """Call `function(link, *arguments)` on every rank; return the results by rank.

        `each` holds the arguments of each rank. An exception that a rank raises ends all and is
        raised here. Raises Deadlock when all that are left wait for each other.
        """
        results: list[Any] = [None] * self.size
        self._running, self._failure = set(range(self.size)), None
        self._waiting.clear()

        def work(rank: int) -> None:
            try:
                self._turns[rank].acquire()
                if self._failure is None:
                    arguments = each[rank] if each else ()
                    results[rank] = function(self.links[rank], *arguments)
            except BaseException as error:  # whatever it is, the others must not wait for this one
                if not isinstance(error, Stopped):
                    self._failure = self._failure or error
            self._running.discard(rank)
            self._pass_on(rank)

        threads = [
            threading.Thread(target=work, args=(rank,), name=f"rank {rank}", daemon=True)
            for rank in range(self.size)
        ]
        for thread in threads:
            thread.start()
        self._turns[0].release()
        try:
            self._all_ended.acquire()
        except BaseException:  # an interrupt, or the time is up
            self._failure = Stopped()
            _stop(threads)
            raise
        if self._failure is not None:
            raise self._failure
        return results

    def unread(self) -> int:
        """Count the messages that nobody has received."""
        return sum(len(wire) for wire in self.wires.values())

    def _pass_on(self, rank: int) -> None:
        """Let another rank go on: the next one that does not wait in vain."""
        if not self._running:
            self._all_ended.release()
            return
        others = [(rank + i) % self.size for i in range(1, self.size + 1)]
        ready = [r for r in others if r in self._running and self._can_go_on(r)]
        if not ready:
            who = [f"rank {r} for one from rank {s}" for r, s in sorted(self._waiting.items())]
            self._failure = Deadlock(f"nobody sends the messages that are waited for: {_and(who)}")
            ready = [r for r in others if r in self._running]
        self._turns[ready[0]].release()

    def _can_go_on(self, rank: int) -> bool:
        source = self._waiting.get(rank)
        return self._failure is not None or source is None or bool(self.wires.get((source, rank)))

    def take(self, source: int, rank: int) -> Tensor:
        """Give `rank` its oldest message from `source`; others run until there is one."""
        wire = self.wires.setdefault((source, rank), deque())
        if not wire:
            self._waiting[rank] = source
            self._pass_on(rank)
            self._turns[rank].acquire()
            self._waiting.pop(rank, None)
        if self._failure is not None:
            raise Stopped
        return wire.popleft()


class _Wire(Link):
    """A link to ranks in the same process."""

    def __init__(self, ranks: Ranks, rank: int, size: int) -> None:
        super().__init__(rank, size)
        self._ranks = ranks

    def _put(self, x: Tensor, to: int) -> None:
        self._ranks.wires.setdefault((self.rank, to), deque()).append(x.clone())
        self._ranks.messages.append(self.sent[-1])

    def _get(self, source: int) -> Tensor:
        return self._ranks.take(source, self.rank)


def _stop(threads: Sequence[threading.Thread]) -> None:
    """Raise Stopped in threads that run; those that wait for their turn hold nothing."""
    for thread in threads:
        if thread.is_alive() and thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped)
            )
    for thread in threads:
        thread.join(PATIENCE / len(threads))


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
