"""A warm server that the tests of the engine share."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gradus

if TYPE_CHECKING:
    from autograder.grading.engine.warm_server import WarmServer

LAYERS = Path(next(iter(gradus.__path__)))


@pytest.fixture(scope="session")
def server() -> Iterator["WarmServer"]:
    """A server in full isolation, with the layers of the attention lesson out of sight."""
    from autograder.grading.engine.warm_server import WarmServer

    if sys.platform != "linux":
        pytest.skip("only Linux can isolate")

    masked = [LAYERS / f"{name}.py" for name in ("attention", "cache", "heads", "mask")]
    with WarmServer(mask_paths=masked) as warm:
        yield warm
