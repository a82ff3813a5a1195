"""The shell: IPython as a Jupyter kernel runs it, without the kernel.

ipykernel's own shell does the work, so outputs are a kernel's outputs. Only its session is another:
messages go into a function instead of a socket.
"""

import asyncio
import builtins
import getpass
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import json_clean
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.session import Session
from traitlets.config import Config

from autograder.grading.engine.interrupts import Interrupts
from autograder.grading.engine.tracebacks import know_cells

Message = dict[str, Any]
AWAITS = re.compile("await|async")


class FunctionSession(Session):
    """A Jupyter session that hands each message to a function."""

    deliver: Callable[[Message], None] = staticmethod(lambda message: None)

    def msg(self, msg_type, content=None, parent=None, header=None, metadata=None):  # type: ignore[no-untyped-def]
        """Make a message with what a notebook needs of it."""
        parent = parent or {}
        return {
            "msg_type": msg_type,
            "header": {"msg_type": msg_type},
            "parent_header": parent.get("header", parent),
            "content": content or {},
            "metadata": metadata or {},
        }

    def send(  # type: ignore[no-untyped-def,override]
        self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, **rest
    ):
        """Deliver a message."""
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, content, parent, metadata=rest.get("metadata"))
        if buffers:
            message = {**message, "buffers": buffers}
        self.deliver(message)
        return message


class FunctionComm(BaseComm):
    """A widget's channel to the front end."""

    session: FunctionSession

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):  # type: ignore[no-untyped-def]
        """Send one message of this channel."""
        content = json_clean(dict(data=data or {}, comm_id=self.comm_id, **keys))
        parent = shell().get_parent()
        self.session.send(None, msg_type, content, parent, metadata=metadata, buffers=buffers)


class Kernel:
    """What libraries ask of `get_ipython().kernel`."""

    eventloop = None
    iopub_socket = None

    def __init__(self, session: FunctionSession) -> None:
        """Hold the session."""
        self.session = session

    def get_parent(self, channel: str | None = None) -> Message:
        """The request that is being answered."""
        return shell().get_parent()


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """A kernel's shell that draws its figures inline and never waits for a person.

    Libraries look at the name of this class to tell a notebook from a terminal.
    """

    interrupts = Interrupts(lambda: None)  # of the cell that runs
    shown: Sequence[str] = ()  # the last traceback
    read: dict[str, str] = {}  # the cell that runs: its text, and what IPython makes of it

    def transform_cell(self, raw_cell: str) -> str:
        """Read a cell; IPython asks twice for each, and reading is slow."""
        if raw_cell not in self.read:
            self.read = {raw_cell: super().transform_cell(raw_cell)}
        return self.read[raw_cell]

    def should_run_async(  # type: ignore[no-untyped-def]
        self, raw_cell, *, transformed_cell=None, preprocessing_exc_tuple=None
    ):
        """Say whether a cell has a top-level await; it is compiled to find out, so not in vain."""
        if transformed_cell is not None and not AWAITS.search(transformed_cell):
            return False
        return super().should_run_async(
            raw_cell,
            transformed_cell=transformed_cell,
            preprocessing_exc_tuple=preprocessing_exc_tuple,
        )

    def showtraceback(  # type: ignore[no-untyped-def]
        self,
        exc_tuple=None,
        filename=None,
        tb_offset=None,
        exception_only=False,
        running_compiled_code=False,
    ):
        """Show an error. Where a cell was interrupted, another interrupt must not end this."""
        self.interrupts.report()
        super().showtraceback(exc_tuple, filename, tb_offset, exception_only, running_compiled_code)

    def _showtraceback(self, etype, evalue, stb):  # type: ignore[no-untyped-def]
        self.shown = stb
        super()._showtraceback(etype, evalue, stb)

    def _format_exception_for_storage(  # type: ignore[no-untyped-def]
        self, exception, filename=None, running_compiled_code=False
    ):
        """Return what `%notebook` would write of an error: as shown, not formatted once more."""
        return {
            "ename": type(exception).__name__,
            "evalue": str(exception),
            "traceback": self.shown,
        }

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no event loop of a window system to join."""

    def init_sys_modules(self) -> None:
        """Make the learner's namespace `__main__`, as in a kernel."""
        super().init_sys_modules()
        sys.modules["__main__"] = self.user_module


def make() -> ZMQInteractiveShell:
    """Make the process's shell. Called once, in the warm server; every submission inherits it."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.cache_size = 1000
    config.IPKernelApp.tqdm = "a kernel, says tqdm when it finds this section"
    session = FunctionSession(key=b"")
    made = ZMQInteractiveShell.instance(
        config=config, compiler_class=XCachingCompiler, kernel=Kernel(session)
    )
    made.displayhook.session = made.display_pub.session = session
    FunctionComm.session = session
    comm.create_comm = FunctionComm
    manager = comm.get_comm_manager()
    manager.register_target("jupyter.widget.control", lambda *_: None)
    _nobody_answers()
    know_cells(made.compile._filename_map)
    return made


def shell() -> ZMQInteractiveShell:
    """The process's shell."""
    return ZMQInteractiveShell.instance()


def _nobody_answers() -> None:
    def refuse(prompt: object = "", *_: object) -> str:
        raise StdinNotImplementedError(
            f"input({str(prompt)!r}) waits for somebody to type, and nobody does while a notebook "
            "is graded. Put the value into the cell instead."
        )

    builtins.input = refuse
    getpass.getpass = refuse  # type: ignore[assignment]


def tidy() -> None:
    """Undo what a submission may have done to how cells are read."""
    me = shell()
    me.input_transformer_manager = TransformerManager()
    me.input_transformers_post = []
    me.ast_transformers = []


async def run(source: str, cell: int) -> bool:
    """Run one cell in the running event loop, as ipykernel does; return whether it succeeded."""
    me = shell()
    header = {"msg_id": f"cell-{cell}", "msg_type": "execute_request"}
    me.set_parent({"header": header, "msg_type": "execute_request", "content": {"code": source}})
    me.display_pub.session.send(
        None, "execute_input", {"execution_count": me.execution_count}, me.get_parent()
    )
    failure = None
    me.read = {}  # the last cell may have changed how cells are read
    try:
        transformed = me.transform_cell(source)
    except Exception:
        transformed, failure = source, sys.exc_info()
    if me.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=failure):
        result = await _run_async(me, source, transformed, failure)
    else:
        result = zmqshell.ZMQInteractiveShell.run_cell(me, source, store_history=True)
    me.payload_manager.clear_payload()
    return bool(result is not None and result.success)


async def _run_async(me: ZMQInteractiveShell, source: str, transformed: str, failure: Any) -> Any:
    """Await a cell with a top-level await; the first interrupt cancels it."""
    task = asyncio.ensure_future(
        me.run_cell_async(
            source,
            store_history=True,
            transformed_cell=transformed,
            preprocessing_exc_tuple=failure,
        )
    )
    me.interrupts.awaited = task
    result = None
    try:
        result = await task
    finally:
        me.interrupts.awaited = None
        me.events.trigger("post_execute")
        me.events.trigger("post_run_cell", result)
    return result


def take_in(messages: list[Message]) -> None:
    """Hand messages of a front end (widgets that it updated) to their channels."""
    manager = comm.get_comm_manager()
    for message in messages:
        handlers = {"comm_msg": manager.comm_msg, "comm_close": manager.comm_close}
        if handler := handlers.get(str(message.get("msg_type"))):
            complete = {"metadata": {}, "buffers": [], **message}
            handler(None, "", complete)  # type: ignore[arg-type]
