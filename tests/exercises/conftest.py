"""Exercises are tried here as learners meet them: without the tests' checks of every shape."""

from collections.abc import Iterator

import jaxtyping
import pytest


@pytest.fixture(autouse=True)
def _no_checks_of_shapes() -> Iterator[None]:
    # Stand-ins are no KVCache, and wrong answers must fail as they do in a notebook.
    before = jaxtyping.config.jaxtyping_disable
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", before)
