"""A tiny course and the real command on it, for tests that break things meanwhile."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.grading.engine import own_code
from autograder.notebooks.build import build_all, notebook_path

LESSON = "04_attention"
SOURCE = '''\
# %% [markdown]
# # Twice
# About 5 minutes.

# %% answer="double"
def double(x: float) -> float:
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tests="double" points=2
assert double(2) == 4
'''
DOUBLE = "def double(x):\n    return 2 * x"
SLOW = f"import time\ntime.sleep(1)\n{DOUBLE}"


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, built; for reading only."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "solutions").mkdir()
    (root / "solutions" / f"{LESSON}.py").write_text(SOURCE)
    build_all(root)
    return root


@pytest.fixture
def course(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the tiny course, to change at will."""
    return Path(shutil.copytree(built_once, tmp_path / "course"))


@pytest.fixture
def submit(course: Path) -> Callable[..., Path]:
    """Hand in an answer."""
    return lambda learner, source=DOUBLE: hand_in(course, learner, source)


def hand_in(course: Path, learner: str, source: str) -> Path:
    """Hand in an answer; return the notebook's place."""
    notebook = nbformat.read(notebook_path(course, "course", LESSON), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = source
    path = course / "build" / "submitted" / learner / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start `gradus grade` with options; whatever is left of it is killed in the end."""
    started: list[subprocess.Popen] = []

    def begin(course: Path, *options: str, **environment: str) -> subprocess.Popen:
        env = os.environ | {"PYTHONPATH": ":".join(own_code.search_path())} | environment
        command = [sys.executable, "-m", "autograder.cli", "grade", LESSON, "--no-feedback"]
        process = subprocess.Popen(
            [*command, "--root", str(course), *options],
            env=env,
            cwd=course,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        for one in family(process.pid):
            one.kill()
        process.communicate()


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def records(course: Path) -> set[str]:
    """The learners who are on record as graded."""
    return {path.stem for path in (course / "build" / "grading" / LESSON).glob("*.json")}
