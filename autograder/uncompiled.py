"""Operations on the meta device without torch's compiler, whose import takes over a second."""

import gc
import importlib
import types
from typing import Any

import torch
from torch._compile import _disable_dynamo

from autograder.facts import names_in

OPTIMIZERS = {"optim", *(name for name in vars(torch.optim) if name[0].isupper())}


def spare_the_compiler() -> None:
    """Let torch's own functions run as they are, where they would first be told to its compiler.

    Torch wraps what its compiler must not look into (`torch._disable_dynamo`, which imports the
    compiler with the first call, and keeps what the compiler makes of the function as its attribute
    `__dynamo_disable`). Kept already, the function itself, nothing is imported. Nothing changes for
    `torch.compile` of what answers consist of; it imports the compiler when it is called.
    """

    def sample() -> None: ...

    wrapped = _disable_dynamo(sample).__code__
    for found in gc.get_objects():
        if type(found) is types.FunctionType and found.__code__ is wrapped:
            function = _enclosed(found).get("fn")
            if callable(function):
                vars(function).setdefault("__dynamo_disable", function)


def ready_for(answer: Any) -> None:
    """Import the compiler now if the answer uses an optimizer, whose first step would.

    That takes seconds on a busy machine, and an answer's time is limited.
    """
    code = getattr(answer, "__code__", None)
    if code is not None and OPTIMIZERS & names_in(code):
        importlib.import_module("torch._dynamo")


def _enclosed(function: types.FunctionType) -> dict[str, Any]:
    cells = function.__closure__ or ()
    return {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
    }
