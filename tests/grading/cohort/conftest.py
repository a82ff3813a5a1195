"""A small built course with a sample class, and a way to run notebooks without a kernel."""

import ast
import contextlib
import io
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import wire
from autograder.grading.engine.reading import read_submission
from autograder.notebooks.build import build_all, notebook_path
from autograder.notebooks.sample import write_sample
from autograder.office import Office

LESSON = "04_attention"

SOURCE = '''\
# %% [markdown]
# # Who reads whom?
# About 40 minutes.

# %%
import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor

from autograder.check import check

# %% exercise="causal_mask"
from gradus.mask import causal_mask

# %% check="causal_mask"
check(causal_mask)

# %% exercise="split_heads"
from gradus.heads import split_heads

# %% check="split_heads"
check(split_heads)


# %% answer="double"
def double(x: float) -> float:
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tests="double" points=2
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(7) == 14
### END HIDDEN TESTS
'''


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, built; for reading only."""
    root = tmp_path_factory.mktemp("course")
    (root / "solutions").mkdir()
    (root / "solutions" / f"{LESSON}.py").write_text(SOURCE)
    build_all(root)
    return root


@pytest.fixture
def course(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the small course, to change at will."""
    return Path(shutil.copytree(built_once, tmp_path / "course"))


@pytest.fixture(scope="session")
def sampled_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with a sample class; for reading only."""
    root = Path(shutil.copytree(built_once, tmp_path_factory.mktemp("sampled") / "course"))
    write_sample(root, LESSON)
    return root


@pytest.fixture
def sampled(sampled_once: Path, tmp_path: Path) -> Path:
    """A copy of the course with a sample class, to change at will."""
    return Path(shutil.copytree(sampled_once, tmp_path / "sampled"))


@pytest.fixture
def submit(course: Path) -> Callable[..., Path]:
    """Hand in the release with some answers filled in: `submit("ada", double="...")`."""

    def hand_in(learner: str, **answers: str) -> Path:
        notebook = read_submission(notebook_path(course, "course", LESSON))
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = answers[name]
        path = course / "build" / "submitted" / learner / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        return path

    return hand_in


@pytest.fixture
def run_here() -> Iterator[Callable[[NotebookNode, Path], str]]:
    """Run a notebook in this process: a stand-in for a kernel, in a fraction of its time."""
    yield run_in_process
    wire.use(None)


class Here:
    """An examiner in this process whose hidden cases are always the same."""

    def __init__(self) -> None:
        self.request = Office(seed=1).reply


def run_in_process(notebook: NotebookNode, folder: Path) -> str:
    """Run the cells one after the other in one namespace."""
    space: dict[str, object] = {"__name__": "__main__"}
    wire.use(Here())
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = list(run_cell(cell.source, space, number))
    return ""


def run_cell(source: str, space: dict[str, object], number: int) -> Iterable[NotebookNode]:
    """Run a cell as IPython does: the value of a last expression is its result."""
    loud = io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(loud):
            body = ast.parse(source).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "<cell>", "exec"), space)
            value = (
                eval(compile(ast.Expression(last.value), "<cell>", "eval"), space) if last else None
            )
    except Exception as error:
        told = [f"{type(error).__name__}: {error}"]
        yield new_output("error", ename=type(error).__name__, evalue=str(error), traceback=told)
        return
    if loud.getvalue():
        yield new_output("stream", name="stderr", text=loud.getvalue())
    if value is not None:
        bundle = getattr(value, "_repr_mimebundle_", lambda: {"text/plain": repr(value)})()
        yield new_output("execute_result", data=bundle, execution_count=number)
