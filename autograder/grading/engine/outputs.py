"""Outputs: messages become a notebook's outputs, as nbclient makes them, within limits."""

import logging
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.grading.engine.limits import Limits

RICH = ("display_data", "update_display_data", "execute_result")
KNOWN = (
    *RICH,
    "execute_input",
    "stream",
    "error",
    "clear_output",
    "comm_open",
    "comm_msg",
    "comm_close",
)


class _FrontEnd:
    """What nbclient's widgets take for a kernel's client: it collects what they send back."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.session = self.shell_channel = self

    def msg(self, kind: str, content: Any, parent: Any, metadata: Any) -> dict[str, Any]:
        return {"msg_type": kind, "content": content}

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


class Outputs:
    """The outputs of one submission's notebook, taking in one message after the other.

    nbclient itself places them, so displays that are updated, cleared outputs and widgets come out
    as they would from a kernel. Messages may be forged: what makes no valid output is left out.
    """

    def __init__(self, notebook: NotebookNode, limits: Limits) -> None:
        """Fill in the outputs of this very notebook."""
        self.limits = limits
        self.front_end = _FrontEnd()
        self.client = NotebookClient(notebook, log=_silent())
        self.client.kc = self.front_end  # type: ignore[assignment]
        self.cut: set[int] = set()
        self.start(0)

    def start(self, index: int) -> None:
        """Begin with a cell: no outputs, a full allowance."""
        self.index = index
        self.bytes = self.lines = 0
        self.client.clear_before_next_output = False

    def restart(self) -> None:
        """Forget what the previous process displayed: it cannot be updated any more."""
        self.client.output_hook_stack.clear()
        self.client._display_id_map.clear()
        self.front_end.sent.clear()

    def take(self, message: dict[str, Any], size: int) -> None:
        """Take in a message of so many bytes."""
        cell = self.client.nb.cells[self.index]
        kind, content = message.get("msg_type"), message.get("content")
        if kind not in KNOWN or not _valid(kind, content):
            return
        message["header"] = {"msg_type": kind}
        message.setdefault("parent_header", {})
        if not isinstance(message["parent_header"], dict):
            return
        self.bytes += size
        if kind == "stream":
            self.lines += content["text"].count("\n")
        over = self.bytes > self.limits.output_bytes or self.lines > self.limits.output_lines
        if over and kind not in ("error", "clear_output"):
            self._cut(cell, content["text"] if kind == "stream" else None)
            return
        if kind == "stream" and self._append(cell, content, message["parent_header"]):
            return
        if kind == "error":
            content["traceback"] = [line[:20_000] for line in content["traceback"][:200]]
            content["evalue"] = content["evalue"][:20_000]
        try:
            self.client.process_message(message, cell, self.index)
        except Exception as error:
            logging.getLogger(__name__).info("left out an output: %r", error)

    def _append(self, cell: NotebookNode, content: Any, parent: dict[str, Any]) -> bool:
        """Join text to text of the same stream, however many pieces it comes in."""
        last = cell.outputs[-1] if cell.outputs else None
        hooked = self.client.output_hook_stack.get(str(parent.get("msg_id")))
        waiting = self.client.clear_before_next_output
        if last is None or hooked or waiting or last.get("name") != content["name"]:
            return False
        last["text"] += content["text"]
        return True

    def _cut(self, cell: NotebookNode, text: str | None) -> None:
        """Leave out the rest of a cell's outputs, and say so once."""
        if self.index in self.cut:
            return
        self.cut.add(self.index)
        limits = self.limits
        self.note(
            f"[The rest of this cell's output was left out: the limit is {limits.output_lines:,} "
            f"lines and {limits.output_bytes / 2**20:g} MiB.]\n"
        )

    def note(self, text: str) -> None:
        """Add a remark of the grader's."""
        cell = self.client.nb.cells[self.index]
        cell.outputs.append(new_output("stream", name="stdout", text=text))

    def fail(self, index: int, name: str, text: str) -> None:
        """Add an error of the grader's to a cell."""
        self.client.nb.cells[index].outputs.append(
            new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])
        )

    def sent_back(self) -> list[dict[str, Any]]:
        """What widgets have to tell the submission; asking empties the list."""
        sent, self.front_end.sent = self.front_end.sent, []
        return sent

    def finish(self) -> None:
        """Put the state of the widgets into the notebook."""
        if self.client.widget_state:
            self.client.set_widgets_metadata()


def _silent() -> logging.Logger:
    logger = logging.getLogger("autograder.grading.engine.nbclient")
    logger.setLevel(logging.CRITICAL)
    return logger


def _valid(kind: str, content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    match kind:
        case "stream":
            return content.get("name") in ("stdout", "stderr") and isinstance(
                content.get("text"), str
            )
        case "error":
            lines = content.get("traceback")
            return (
                isinstance(content.get("ename"), str)
                and isinstance(content.get("evalue"), str)
                and isinstance(lines, list)
                and all(isinstance(line, str) for line in lines)
            )
        case "execute_input":
            return isinstance(content.get("execution_count"), int)
        case "clear_output":
            return isinstance(content.get("wait"), bool)
        case "display_data" | "update_display_data" | "execute_result":
            data, metadata = content.get("data"), content.get("metadata")
            count = content.get("execution_count", 0)
            return (
                isinstance(data, dict)
                and isinstance(metadata, dict | None)
                and isinstance(content.get("transient"), dict | None)
                and isinstance(count, int)
                and all(_valid_data(mime, value) for mime, value in data.items())
            )
    return isinstance(content.get("data"), dict) and isinstance(content.get("comm_id"), str)


def _valid_data(mime: str, value: Any) -> bool:
    if mime.endswith("json"):
        return True
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )
