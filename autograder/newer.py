"""A newer answer that failed: the notebook still holds the older one, and `check` judges that."""

import inspect
import re
import sys
import types
from typing import Any


def failed_since(answer: Any, name: str) -> str:
    """Say that a later cell defines the answer as well but has failed; empty if none does.

    Known only where IPython runs the cells: it keeps their texts, and the names of their files.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    numbers = getattr(getattr(shell, "compile", None), "_filename_map", {})
    judged = numbers.get(_file(answer))
    if shell is None or judged is None:
        return ""
    defines = re.compile(rf"^(async +def|def|class) +{re.escape(name)}\b", re.MULTILINE)
    texts = list(enumerate(shell.history_manager.input_hist_raw))
    later = [number for number, text in texts[judged + 1 :] if defines.search(text)]
    if not later:
        return ""
    return (
        f"Cell [{later[-1]}] defines {name} too, but failed before it got there. What is judged "
        f"here is the older one, of cell [{judged}]."
    )


def _file(answer: Any) -> str | None:
    """The file of the answer's code; of a class, that of its first function."""
    functions = vars(answer).values() if inspect.isclass(answer) else [answer]
    for function in functions:
        if inspect.isfunction(function):
            code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
            return code.co_filename if isinstance(code, types.CodeType) else None
    return None
