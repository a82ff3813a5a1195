"""Starts the warm server: `python -m autograder.grading.engine DESCRIPTOR jail`.

Garbage is not looked for until it is warm: importing makes none, and looking takes a fifth of the
time.
"""

import contextlib
import gc
import os

gc.disable()

from autograder.grading.engine.server import main  # noqa: E402

with contextlib.suppress(KeyboardInterrupt):
    main()
os._exit(0)
