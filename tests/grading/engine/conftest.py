"""One warm, fully isolated server for all tests of the engine."""

from pathlib import Path

import pytest

import gradus
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.warm_server import WarmServer

LAYERS = Path(next(iter(gradus.__path__)))
QUICK = Limits(cell_seconds=20, submission_seconds=120, grace_seconds=1)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> WarmServer:
    """A server that hides three layers; tests in both folders share it."""
    config = request.config
    if not hasattr(config, "warm_server"):
        masked = [LAYERS / f"{name}.py" for name in ("attention", "heads", "mask")]
        config.warm_server = WarmServer(mask_paths=masked, limits=QUICK)
        config.add_cleanup(config.warm_server.close)
    return config.warm_server
