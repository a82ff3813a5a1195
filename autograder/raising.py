"""Raising: what is kept of an exception that an answer raised."""

import inspect
import linecache
import re
import traceback
from typing import Any

from autograder.builtins_watch import Watch
from autograder.observation import Raised

# Functions that read values, which is fine on every device.
COPYING_OUT = ("cpu", "tolist", "numpy", "item", "__bool__", "to", "__array__")
# With stable=..., sort takes no axis by place; torch answers with a list of all its signatures.
UNNAMED_DIM = re.compile(r"(arg)?sort\(\) received an invalid combination.*got \([^)]*stable=")


def raised_by(error: BaseException, watch: Watch, device: str, answer: Any) -> Raised:
    """Return kind, message and place of an error; device trouble gets kinds of its own."""
    kind, message = type(error).__name__, str(error)[:2000]
    if device == "meta" and isinstance(error, RuntimeError):
        # Reading a value is fine on a real GPU; mixing two devices is not.
        copied = "meta tensor" in message.lower() or "item()" in message or "nonzero" in message
        reading = copied and (watch.failed in COPYING_OUT or "Cannot copy out" not in message)
        mixing = "expected device" in message or ("Cannot copy out" in message and not reading)
        kind = "DeviceMismatch" if mixing else "ReadsValues" if copied else kind
    if UNNAMED_DIM.match(message):
        message = f"{message.partition('(')[0]} wants its axis by name here: write dim=-1"
    bases = [base.__name__ for base in type(error).__mro__]
    return Raised(kind, bases, message, _where(error, answer))


def _where(error: BaseException, answer: Any) -> str:
    """The line of the answer's own file where the error arose, for people."""
    try:
        own = inspect.unwrap(answer).__code__.co_filename if callable(answer) else None
    except AttributeError:
        init = getattr(answer, "__init__", None)
        own = getattr(getattr(init, "__code__", None), "co_filename", None)
    # Not extract_tb, which reads the lines of all files on the way, torch's too.
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        if file == own or file.startswith(("<ipython", "/tmp/ipykernel")):
            linecache.checkcache(file)
            return f"line {number}: {linecache.getline(file, number).strip()}"
    return ""
