"""What the standard library, NumPy and PyTorch say about themselves: six megabytes of docstrings.

Copyright Python Software Foundation, PSF License Version 2; NumPy Developers and PyTorch
contributors, both BSD-3-Clause: see the licence files that came with each.
"""

import ast
import contextlib
import importlib.metadata
import importlib.util
import json
import platform
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from tqdm.auto import tqdm

from gradus.data.cache import cache_folder, write_whole

# At most this many characters of each package; what comes after is left out.
SIZE = 3_000_000
# Tests, copies of other people's packages, and programs that only look like modules.
SKIPPED = set(
    """
    __pycache__ _vendor ensurepip idlelib lib2to3 site-packages test testing tests turtledemo
    """.split()
)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings() -> list[str]:
    """Return the docstrings of modules, classes and functions, each once.

    First come those of the standard library, then NumPy's, then PyTorch's, by file and by place in
    the file; so they are always the same with the same versions. The sources are read, not run.
    Reading takes some ten seconds, so the result is kept in the cache folder.
    """
    versions = [importlib.metadata.version(package) for package in ("numpy", "torch")]
    name = "-".join(["docstrings", platform.python_version(), *versions])
    kept = cache_folder() / f"{name}.json"
    with contextlib.suppress(OSError, ValueError):  # not there, or damaged: read the sources again
        return json.loads(kept.read_text(encoding="utf-8"))
    found = _read_all()
    with contextlib.suppress(OSError):  # a cache that cannot be written to
        write_whole(kept, json.dumps(found, ensure_ascii=False).encode())
    return found


def _read_all() -> list[str]:
    """Read all sources, with a progress bar."""
    packages = sources()
    found: dict[str, None] = {}
    with tqdm(total=sum(map(len, packages)), desc="reading docstrings", unit="file") as bar:
        for files in packages:
            size = 0
            for path in files:
                bar.update()
                for text in in_source(path.read_bytes()):
                    if text not in found and size + len(text) <= SIZE:
                        found[text] = None
                        size += len(text)
    return list(found)


def sources() -> list[list[Path]]:
    """List the files that `docstrings` reads: the standard library's, NumPy's and PyTorch's."""
    standard_library = Path(sysconfig.get_path("stdlib"))
    return [_python_files(standard_library), _python_files(_folder("numpy")), _public("torch")]


def in_source(source: bytes | str) -> Iterator[str]:
    """Yield the docstrings of one source file, outer ones first. None if it is not Python 3."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a backslash in somebody's string
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
            yield text


def _folder(package: str) -> Path:
    """Find a package that Gradus depends on, without running it."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _python_files(folder: Path) -> list[Path]:
    """List the sources below a folder, in the same order on every system."""
    files = {path.relative_to(folder).parts: path for path in folder.rglob("*.py")}
    return [files[parts] for parts in sorted(files) if not SKIPPED & set(parts)]


def _public(package: str) -> list[Path]:
    """Leave out what begins with "_": in PyTorch that is twice as much as what people call."""
    folder = _folder(package)
    return [
        path
        for path in _python_files(folder)
        if not any(
            part.startswith("_") and part != "__init__.py"
            for part in path.relative_to(folder).parts
        )
    ]
