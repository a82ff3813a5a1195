"""Quick tracebacks: those of a kernel, made without a search of all modules for every cell."""

import inspect
import types
from collections.abc import Container
from typing import Any


def know_cells(cells: Container[str]) -> None:
    """Let inspect.getmodule answer at once for code of these file names: there is no module.

    Its own answer is the same, after a look at each of the thousands of modules that torch brings.
    A traceback asks four times for each cell in it.
    """
    search = inspect.getmodule

    def getmodule(object: Any, _filename: str | None = None) -> types.ModuleType | None:
        found = object.tb_frame if isinstance(object, types.TracebackType) else object
        found = found.f_code if isinstance(found, types.FrameType) else found
        if isinstance(found, types.CodeType) and found.co_filename in cells:
            return None
        return search(object, _filename)

    inspect.getmodule = getmodule
