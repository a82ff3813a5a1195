"""A small course: one lesson on the reference layers, one in nbgrader's ordinary way."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.notebooks.build import build_all
from autograder.notebooks.source import Lesson, read

LAYERS = """\
# %% [markdown]
# # Attention
# Who reads whom? About 40 minutes.

# %%
# %matplotlib inline
from einops import einsum
from jaxtyping import Bool, Float
from torch import Tensor, nn

from autograder.check import check
from gradus.cache import KVCache
from gradus.heads import merge_heads, repeat_kv, split_heads

# %% [markdown]
# ## Scores to weights

# %% exercise="attend"
from gradus.attention import attend

# %% check="attend"
check(attend)

# %% exercise="MultiHeadAttention" holes="forward"
from gradus.attention import MultiHeadAttention

# %% check="MultiHeadAttention"
check(MultiHeadAttention)

# %% [markdown]
# How many bytes does the cache hold?

# %% answer="cache_bytes"
### BEGIN SOLUTION
cache_bytes = 2 * 12 * 1024 * 64
### END SOLUTION

# %% check="cache_bytes"
check(cache_bytes=cache_bytes)
"""

PLAIN = '''\
# %% [markdown]
# # Warm-up
# About 5 minutes.

# %%
import math


# %% answer="rms"
def rms(x: list[float]) -> float:
    """Root mean square of x."""
    ### BEGIN SOLUTION
    return math.sqrt(sum(value * value for value in x) / len(x))
    ### END SOLUTION


# %% tests="rms" points=2
assert rms([3.0, 3.0]) == 3.0
### BEGIN HIDDEN TESTS
assert math.isclose(rms([1.0, 7.0]), 5.0)
### END HIDDEN TESTS

# %% tests="rms-one" points=1.5
assert rms([-4.0]) == 4.0, "the root mean square of one number is its size"

# %%
rms([1.0, 2.0])
'''

README = """\
# The course

<!-- lessons: written by gradus build -->
<!-- end of lessons -->

Written by hand.
"""

POINTS = {"attend": 5.0, "MultiHeadAttention": 4.0, "cache_bytes": 1.0}


@pytest.fixture(scope="session")
def points() -> Callable[[str], float]:
    """What the small course's exercises are worth: stands in for the bank."""
    return POINTS.__getitem__


@pytest.fixture
def lesson(tmp_path: Path) -> Callable[[str], Lesson]:
    """Read a text as a lesson; `lesson(cells)` puts the heading above by itself."""

    def read_text(text: str) -> Lesson:
        path = tmp_path / "04_topic.py"
        path.write_text(f"# %% [markdown]\n# # Topic\n# About 10 minutes.\n\n{text}")
        return read(path)

    return read_text


def write_course(root: Path) -> Path:
    """Put the small course's authored files in `root`."""
    (root / "solutions").mkdir(parents=True)
    (root / "solutions" / "00_warmup.py").write_text(PLAIN)
    (root / "solutions" / "04_attention.py").write_text(LAYERS)
    (root / "course").mkdir()
    (root / "course" / "README.md").write_text(README)
    return root


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course, not built yet."""
    return write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, points: Callable[[str], float]) -> Path:
    """The small course, built; for reading only."""
    root = write_course(tmp_path_factory.mktemp("course"))
    build_all(root, points)
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the built course, to change at will."""
    return Path(shutil.copytree(built_once, tmp_path / "built"))
