"""Files beside a notebook, in the sandbox."""

from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.process import PIECE
from autograder.grading.engine.warm_server import WarmServer

pytestmark = pytest.mark.sandbox

FILES = {"data.csv": b"1,2\n", "data/words.txt": "wört\n".encode(), "empty": b""}


def shown(server: WarmServer, *sources: str, files=None, **limits) -> list[str]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    files = FILES if files is None else files
    result = server.run(
        notebook, bytes.upper, replace(server.limits, **limits), lambda: files.items()
    )
    return [
        "".join(o.get("text", "") + o.get("evalue", "") for o in cell.outputs)
        for cell in result.notebook.cells
    ]


def test_they_lie_in_the_working_directory(server):
    said = shown(
        server,
        "print(open('data.csv').read(), open('data/words.txt').read(), open('empty').read())",
        "import os; print(os.path.expanduser('~') == os.getcwd())",
    )

    assert said == ["1,2\n wört\n \n", "True\n"]


def test_a_submission_may_change_its_copy_and_nobody_elses(server):
    changed = shown(server, "open('data.csv', 'w').write('9'); print(open('data.csv').read())")
    untouched = shown(server, "print(open('data.csv').read())")

    assert [changed, untouched] == [["9\n"], ["1,2\n\n"]]


def test_they_are_there_again_after_a_restart(server):
    said = shown(server, "import os", "os._exit(1)", "print(open('data.csv').read())")

    assert said[2] == "1,2\n\n"


def test_a_module_beside_the_notebook_can_be_imported(server):
    files = {"helper.py": b"def twice(x): return 2 * x", "torch.py": b"raise SystemExit"}

    said = shown(server, "import torch, helper; print(helper.twice(torch.ones(1)))", files=files)

    assert said == ["tensor([2.])\n"]


def test_a_large_file_comes_in_pieces_and_whole(server):
    large = bytes(range(256)) * (2 * PIECE // 256) + b"end"
    source = (
        "import hashlib; f = open('large', 'rb').read(); print(len(f), f[-3:], f[:256] * "
        f"{2 * PIECE // 256} + b'end' == f)"
    )

    assert shown(server, source, files={"large": large}) == [f"{len(large)} b'end' True\n"]


def test_what_there_is_no_room_for_is_not_there_and_the_rest_is(server):
    files = {"large": bytes(2 * PIECE), "small": b"1"}
    said = shown(
        server, "import os; print(sorted(os.listdir()))", files=files, scratch_bytes=PIECE + 2**20
    )

    assert said == ["['small']\n"]
