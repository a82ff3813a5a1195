"""Warming up: import, once, whatever a lesson's cells would otherwise wait for."""

import gc
import importlib
import linecache
import os
import random
import sys

import numpy
from matplotlib_inline.backend_inline import show

from autograder.grading.engine import shell

# Imported by the first optimiser, backward pass, printed tensor, figure.
LAZY = (
    "numpy",
    "numpy.ctypeslib",
    "torch",
    "torch._tensor_str",
    "torch.optim",
    "torch.utils.data",
    "torch.nn.attention",
    "torch.nn.utils.parametrizations",
    "torch.distributions",
    "torch.utils.checkpoint",
    "torch.testing",
    "torch.func",
    "torch._meta_registrations",
    "einops",
    "einops.layers.torch",
    "jaxtyping",
    "safetensors.torch",
    "ipywidgets",
    "tqdm.auto",
    "tqdm.notebook",
    "matplotlib.pyplot",
    "matplotlib.font_manager",
    "matplotlib_inline.backend_inline",
    "matplotlib.backends.backend_agg",
    "IPython.core.magics",
    "IPython.core.logger",
    "IPython.core.completer",
    "bdb",
    "pexpect",
    "autograder.answering",
    "autograder.check",
)


def _rehearse() -> None:
    """Do once what imports more on its first use; nothing of torch's."""
    me = shell.shell()
    source = "def f(x):\n    return x / 0\n\n\nf(1)  # a comment"
    try:
        name = me.compile.cache(source, 0)
        exec(compile(source, name, "exec"), {})
    except ZeroDivisionError:
        me.InteractiveTB.structured_traceback(*sys.exc_info())
        linecache.cache.pop(name, None)
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([1, 2], label="$x$")
    axes.set_title("title")
    axes.legend()
    me.display_formatter.format(figure)
    pyplot.close(figure)
    show._to_draw, show._draw_called = [], False
    me.transform_cell("%time 1\n!true\nawait x")
    random.seed(0)
    numpy.random.seed(0)  # grading twice shall give the same


class NotWarm(RuntimeError):
    """The warm server cannot be forked safely."""


def threads() -> int:
    """Threads of this process, those that Python does not know included."""
    return len(os.listdir("/proc/self/task"))


def up() -> None:
    """Import everything, leave no garbage, and make sure that there is one thread only."""
    for name in LAZY:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            if name in ("torch", "IPython.core.magics"):
                raise
    _rehearse()
    if threads() > 1:
        raise NotWarm(f"the warm server must have one thread, and has {threads()}")
    gc.collect()
    gc.freeze()
    gc.enable()
