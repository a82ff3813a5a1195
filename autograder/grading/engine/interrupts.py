"""Interrupts: how a cell that has run too long is asked to stop.

It is asked more than once: an interrupt may come before the cell has begun, or be swallowed.
"""

import asyncio
from collections.abc import Callable


class Interrupts:
    """What SIGINT does while one cell runs: stops it. Deaf once it shows where it was stopped."""

    def __init__(self, tell: Callable[[], None]) -> None:
        """`tell` is called when a cell that was interrupted begins to show its traceback."""
        self.tell = tell
        self.taken = False
        self.deaf = False
        self.awaited: asyncio.Task[object] | None = None  # runs a cell with a top-level await

    def __call__(self, *_: object) -> None:
        """Cancel what is awaited, the first time; otherwise raise KeyboardInterrupt."""
        if self.deaf:
            return
        first, self.taken = not self.taken, True
        if not first or self.awaited is None:
            raise KeyboardInterrupt
        self.awaited.get_loop().call_soon_threadsafe(self.awaited.cancel)

    def report(self) -> None:
        """Tell, once, that the cell has been stopped and shows where."""
        if self.taken and not self.deaf:
            self.deaf = True
            self.tell()
