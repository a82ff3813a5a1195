"""Replaces an exercise's import by the layer's own source, with the answer between markers."""

import ast
from importlib.util import find_spec
from pathlib import Path

from autograder.notebooks.names import needed
from autograder.notebooks.source import Cell, LessonError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def transclude(cell: Cell, known: set[str]) -> str:
    """Return the source of the layer that an exercise cell imports, its answer between markers.

    `known` are the names that the notebook defines above this cell.
    """
    module = imported_module(cell)
    text = module_file(module, cell).read_text(encoding="utf-8")
    tree = ast.parse(text)
    found = [node for node in tree.body if isinstance(node, Definition) and node.name == cell.name]
    if len(found) != 1:
        raise LessonError(
            f"{cell.place}: {module} defines {cell.name} {len(found)} times instead of once. "
            "Import it from the module that holds its source."
        )
    lines = text.splitlines()
    first, last = first_line(found[0]), found[0].end_lineno or 0
    missing = sorted(needed("\n".join(lines[first - 1 : last])) - known)
    if missing:
        imports = "; ".join(import_of(name, tree, module) for name in missing)
        raise LessonError(
            f"{cell.place}: {cell.name} uses {', '.join(missing)}, which no cell above defines. "
            f"Add to a cell above: {imports}"
        )
    regions = [region(function, lines, cell) for function in left_open(found[0], cell)]
    last = max(last, *(end for _, end, _ in regions)) + 2 * len(regions)
    # From the bottom up, so that no marker moves a line that is still to be marked.
    for start, end, indent in sorted(regions, reverse=True):
        lines[end:end] = [indent + END]
        lines[start - 1 : start - 1] = [indent + BEGIN]
    return "\n".join(lines[first - 1 : last])


def imported_module(cell: Cell) -> str:
    """Return the module in `from module import name`, which must be all that the cell says."""
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:
        statements = []
    match statements:
        case [ast.ImportFrom(module=str(module), names=[ast.alias(asname=None) as alias], level=0)]:
            if alias.name == cell.name and module.split(".")[0] == "gradus":
                return module
    raise LessonError(
        f'{cell.place}: exercise="{cell.name}" needs the one line `from gradus.<module> import '
        f"{cell.name}` as its body, not `{cell.source.strip()}`."
    )


def module_file(module: str, cell: Cell) -> Path:
    """Return the file of a module, without running the module."""
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        raise LessonError(f"{cell.place}: there is no module {module}. Correct the import.")
    return Path(spec.origin)


def left_open(definition: Definition, cell: Cell) -> list[Function]:
    """Return what the learner writes: the function, or the methods of the class in `holes`."""
    if not isinstance(definition, ast.ClassDef):
        if cell.holes is not None:
            raise LessonError(f"{cell.place}: {cell.name} is a function: holes has no use here.")
        return [definition]
    methods = [node for node in definition.body if isinstance(node, Function)]
    names = [method.name for method in methods]
    for hole in cell.holes or ():
        if hole not in names:
            raise LessonError(
                f"{cell.place}: {cell.name} has no method {hole} to leave open. It has "
                f"{', '.join(names)}."
            )
    methods = [method for method in methods if cell.holes is None or method.name in cell.holes]
    if not methods:
        raise LessonError(f"{cell.place}: {cell.name} leaves no method open. Name some in holes.")
    return methods


def first_line(definition: Definition) -> int:
    """Return the line of a definition's first decorator, or of its `def`."""
    return min([definition.lineno, *(node.lineno for node in definition.decorator_list)])


def region(function: Function, lines: list[str], cell: Cell) -> tuple[int, int, str]:
    """Return first line, last line and indent of an answer: all that follows the docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    body = function.body[documented:]
    start = _start(body[0]) if body else 0
    if not body or lines[start - 1][: body[0].col_offset].strip():
        raise LessonError(
            f"{cell.place}: the body of {function.name} must start on a line of its own, after its "
            "signature and docstring. Write it so in the layer."
        )
    # Comments above the first statement belong to the answer, and so do those below the last.
    top = (function.body[0].end_lineno or 0) if documented else function.lineno
    while start - 1 > top and _is_comment(lines[start - 2]):
        start -= 1
    while not lines[start - 1].strip():
        start += 1
    end = function.end_lineno or start
    for number, line in enumerate(lines[end:], end + 1):
        if not _is_comment(line) or (line.strip() and _indent(line) < body[0].col_offset):
            break
        if line.strip():
            end = number
    return start, end, " " * body[0].col_offset


def import_of(name: str, tree: ast.Module, module: str) -> str:
    """Return the import that gives a notebook what the layer's own file calls `name`."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    one = type(node)(**{**vars(node), "names": [alias]})
                    return f"`{ast.unparse(one)}`"
    return f"`from {module} import {name}`"


def _start(node: ast.stmt) -> int:
    return first_line(node) if isinstance(node, Definition) else node.lineno


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
