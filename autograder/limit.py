"""Time and output limits for code that is being tried, on any platform."""

import _thread
import contextlib
import io
import signal
import sys
import threading
from collections.abc import Iterator


class TimeUp(BaseException):
    """The time for a trial is up. Not an Exception: `except Exception` must not swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in the body when it runs longer than `seconds`.

    In the main thread of a POSIX system a timer signal does it (and goes on every half second,
    should the body swallow it; at once where Python did, as it does with whatever is raised in a
    destructor). Elsewhere the main thread is interrupted from a timer thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # nothing can interrupt this thread; whoever started it has to limit it
    elif hasattr(signal, "setitimer"):
        running = True

        def ring(*_: object) -> None:
            raise TimeUp

        def ring_again(unheard: "sys.UnraisableHookArgs") -> None:
            if not issubclass(unheard.exc_type, TimeUp):
                ignored(unheard)
            elif running:
                signal.setitimer(signal.ITIMER_REAL, 1e-3, 0.5)

        before = signal.signal(signal.SIGALRM, ring)
        ignored, sys.unraisablehook = sys.unraisablehook, ring_again
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
        try:
            yield
        finally:
            running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            sys.unraisablehook = ignored
    else:
        rang = threading.Event()

        def interrupt() -> None:
            rang.set()
            _thread.interrupt_main()

        timer = threading.Timer(seconds, interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        except KeyboardInterrupt:
            if rang.is_set():
                raise TimeUp from None
            raise
        finally:
            timer.cancel()


class Bounded(io.TextIOBase):
    """A text stream that keeps the first `limit` characters and counts the rest."""

    def __init__(self, limit: int = 600) -> None:
        """Start empty."""
        self.limit = limit
        self.kept: list[str] = []
        self.size = 0

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what still fits."""
        room = self.limit - self.size
        if room > 0:
            self.kept.append(text[:room])
        self.size += len(text)
        return len(text)

    def text(self) -> str:
        """Return what was kept, with a note on what was not."""
        rest = self.size - self.limit
        return "".join(self.kept) + (f"\n... and {rest:,} more characters" if rest > 0 else "")
