"""Facts about an answer that its examiner asks for before any trial."""

import inspect
import types
from typing import Any


def facts_of(answer: Any, name: str) -> dict[str, Any]:
    """Return kind, parameters and origin of an answer, as a value for the wire."""
    if inspect.isclass(answer):
        kind = "class"
    elif callable(answer):
        kind = "function"
    else:
        kind = "value"
    return {
        "kind": kind,
        "parameters": _parameters(answer) if kind == "function" else [],
        "library": _library_name(answer, name),
    }


def _parameters(answer: Any) -> list[str]:
    """The parameters as written, `mask=None` style; `*` forms are kept as they are."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ["*args", "**kwargs"]
    written = []
    for parameter in signature.parameters.values():
        bare = parameter.replace(annotation=inspect.Parameter.empty)
        written.append(str(bare).replace(" ", ""))
    return written


def _library_name(answer: Any, name: str) -> str | None:
    """The dotted name of the library's own layer, if the answer is it or calls it."""
    if _is_library(answer, name):
        return f"{answer.__module__}.{name}"
    functions = [answer]
    if inspect.isclass(answer):
        functions = [f for f in vars(answer).values() if inspect.isfunction(f)]
        for base in answer.__mro__[1:]:
            if _is_library(base, name):
                return f"{base.__module__}.{name}"
    for function in functions:
        code = getattr(function, "__code__", None)
        found = _calls_library(function, code, name) if code else None
        if found:
            return found
    return None


def _calls_library(function: types.FunctionType, code: types.CodeType, name: str) -> str | None:
    """The dotted name of the library's layer, if a function reaches for it in any usual way."""
    names = names_in(code)
    imported = sorted(used for used in names if used.split(".")[0] == "gradus")
    if name in names and imported:
        return f"{imported[-1]}.{name}"
    closed = zip(code.co_freevars, function.__closure__ or (), strict=True)
    enclosed = {variable: cell.cell_contents for variable, cell in closed if _filled(cell)}
    for used in sorted(names | set(enclosed)):
        found = enclosed.get(used, function.__globals__.get(used))
        if _is_library(found, name):
            return f"{found.__module__}.{name}"
        module = found.__name__ if isinstance(found, types.ModuleType) else ""
        ours = module.split(".")[0] == "gradus" and name in names
        if ours and _is_library(getattr(found, name, None), name):
            return f"{module}.{name}"
    return None


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # a variable that has no value yet
        return False


def names_in(code: types.CodeType) -> set[str]:
    """Return the names that a piece of code uses, functions inside it included."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= names_in(constant)
    return names


def _is_library(thing: Any, name: str) -> bool:
    module = getattr(thing, "__module__", None) or ""
    return getattr(thing, "__name__", None) == name and module.split(".")[0] == "gradus"
