"""Our own code in the sandbox: which of its files a submission needs, found by reading imports."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OURS = ("autograder", "gradus")
FORBIDDEN = ("exercises", "examiner", "office", "diagnosis", "notebooks", "cli")


def package(name: str) -> Path | None:
    """Return the folder of a package; None if it is not there."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def packages() -> list[str]:
    """The folders that hold installed packages, the user's own included."""
    return [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]


def search_path() -> list[str]:
    """The folders that a process outside the installed packages needs to import our own code."""
    found = [package(name) for name in OURS]
    return sorted({str(package.parent) for package in found if package is not None}) + packages()


@cache
def learner_side() -> frozenset[Path]:
    """The files of `autograder` that enter the sandbox: what `check` and the server import.

    Found by reading their imports; raises RuntimeError if they would take examiner's code along.
    """
    root = package("autograder")
    assert root is not None
    found: set[Path] = {root / "__init__.py"}
    server = root / "grading" / "engine" / "__main__.py"
    waiting = [root / "check.py", root / "answering.py", server]
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        relative = file.relative_to(root)
        if relative.parts[0].removesuffix(".py") in FORBIDDEN:
            raise RuntimeError(
                f"the learner's side imports autograder/{relative}, which is the examiner's."
            )
        found.add(file)
        waiting += [path for name in _imports(file) for path in _files(root, name)]
    return frozenset(found)


def _imports(file: Path) -> Iterator[str]:
    for node in _statements(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """All statements in a block, however deep: ast.walk, through expressions too, is slow."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(block, name, ()):
            yield node
            yield from _statements(node)


def _files(root: Path, name: str) -> Iterator[Path]:
    first, *rest = name.split(".")
    if first == "autograder" and rest:
        yield root.joinpath(*rest).with_suffix(".py")
        yield root.joinpath(*rest, "__init__.py")
