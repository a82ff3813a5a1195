"""The line to the client: what can wait travels with what cannot, in order."""

import select
import socket

import pytest

from autograder.grading.engine import frames
from autograder.grading.engine.child import Line


def arrived(connection):
    """What lies ready at the client's end, as (kind, message type)."""
    found = []
    while select.select([connection], [], [], 0)[0]:
        kind, body = frames.receive(connection)
        found.append((kind, frames.parse(body).get("msg_type")))
    return found


@pytest.fixture
def ends():
    """The client's end of a connection, and a submission's line at the other."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, Line(theirs)


def message(kind):
    return {"msg_type": kind, "parent_header": {}, "content": {}}


def test_what_can_wait_travels_with_the_next_frame(ends):
    ours, line = ends
    line.deliver(message("execute_input"))
    line.deliver(message("execute_result"))

    assert arrived(ours) == []

    line.send(frames.DONE, {"cell": 3})

    assert arrived(ours) == [
        (frames.MESSAGE, "execute_input"),
        (frames.MESSAGE, "execute_result"),
        (frames.DONE, None),
    ]


def test_what_is_printed_or_drawn_is_sent_at_once(ends):
    ours, line = ends
    line.deliver(message("execute_input"))
    line.print_({}, "stdout", "before the crash")
    line.deliver(message("display_data"))

    assert [kind for _, kind in arrived(ours)] == ["execute_input", "stream", "display_data"]


def test_what_is_too_large_is_left_out_and_holds_nothing_up(monkeypatch, ends):
    monkeypatch.setattr(frames, "LARGEST", 1000)
    ours, line = ends
    line.deliver(message("execute_input"))
    line.deliver({**message("execute_result"), "content": {"data": "x" * 2000}})

    assert [kind for _, kind in arrived(ours)] == ["execute_input", "stream"]
