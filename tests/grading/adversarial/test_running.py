"""Hostile and unlucky submissions, run in the sandbox and examined from outside."""

import os
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder import exercises
from autograder.grading.engine.salvage import RunResult
from autograder.grading.engine.transplant import transplant
from autograder.grading.engine.warm_server import WarmServer
from autograder.office import Office

CASES = tomllib.loads((Path(__file__).parent / "corpus.toml").read_text())["case"]
RIGHT = {
    "split_heads": """
def split_heads(x, heads):
    if x.shape[-1] % heads:
        raise ValueError(f"a width of {x.shape[-1]} does not divide evenly into {heads} heads")
    return x.unflatten(-1, (heads, x.shape[-1] // heads)).transpose(1, 2)
""",
    "merge_heads": """
def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
""",
    "causal_mask": """
def causal_mask(query, key=None, *, device=None):
    key = query if key is None else key
    if key < query:
        raise ValueError(f"{query} queries need at least as many keys, not {key}")
    return torch.ones(query, key, dtype=torch.bool, device=device).tril(key - query)
""",
}

pytestmark = pytest.mark.sandbox


def marks(name: str, **switches: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **switches}}


def lesson() -> NotebookNode:
    cells = [new_code_cell("import torch\nfrom autograder.check import check")]
    for name in RIGHT:
        answer = marks(name, grade=False, solution=True, locked=False)
        test = marks(f"check_{name}", grade=True, solution=False, locked=True, points=1)
        cells += [
            new_code_cell("raise NotImplementedError", metadata=answer),
            new_code_cell(f"check({name})", metadata=test),
        ]
    return new_notebook(cells=cells)


def submission(case: dict[str, Any]) -> NotebookNode:
    notebook = lesson()
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in RIGHT:
            cell.source = case.get("answers", {}).get(name, RIGHT[name])
            if name in case.get("extra", {}):
                cells.append(new_code_cell(case["extra"][name]))
    notebook.cells = cells
    return notebook


def grade(server: WarmServer, case: dict[str, Any]) -> tuple[RunResult, Office]:
    notebook, _ = transplant(lesson(), submission(case))
    office = Office(seed=7, once=True)
    limits = replace(server.limits, **case.get("limits", {}))
    return server.run(notebook, office.reply, limits), office


def words(result: RunResult) -> str:
    return "\n".join(
        output.get("text", "") or output.get("evalue", "") or str(output.get("data", ""))
        for cell in result.notebook.cells
        for output in cell.outputs
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_marks_are_the_examiners(server, case, monkeypatch):
    monkeypatch.setenv("GRADUS_TEST_SECRET", "1")
    began = time.monotonic()

    result, office = grade(server, case)

    said = "\n".join([words(result), *(verdict.text() for verdict in office.verdicts.values())])
    for name in RIGHT:
        expected = case.get("marks", {}).get(name, 1)
        verdict = office.verdicts.get(name)
        share = verdict.points / verdict.max_points if verdict else 0.0
        assert share == expected, f"{name}: {verdict}\n{said[:5000]}"
    assert "BREACH" not in said
    assert case.get("shown", "") in said
    fatal = [kind(result, index) for index in result.fatal]
    assert fatal == case.get("fatal", [])
    limit = case.get("limit")
    assert result.limits_hit == ([limit] if limit else [])
    assert bool(result.cut) == case.get("cut", False)
    assert len(said) < 5_000_000
    nbformat.validate(result.notebook)
    nbformat.writes(result.notebook).encode()
    assert time.monotonic() - began < 100


def kind(result: RunResult, index: int) -> str:
    cell = result.notebook.cells[index]
    return cell.metadata.get("nbgrader", {}).get("grade_id", "extra")


def test_the_questions_of_this_corpus_exist():
    assert all(exercises.find(name) for name in RIGHT)


def test_nothing_is_left_when_a_submission_is_done(server):
    case = next(case for case in CASES if "daemon" in case["name"])

    grade(server, case)

    host = psutil.Process(server.server.process.pid).children(recursive=True)
    assert [p for p in host if "98765" in " ".join(p.cmdline())] == []
    assert [p for p in host if p.status() == psutil.STATUS_ZOMBIE] == []
    assert not os.path.exists("/tmp/gradus-pickled")


def test_a_submission_sees_nothing_of_the_one_before(server):
    leave = new_notebook(
        cells=[
            new_code_cell(
                "import os\nfor place in ('/tmp', '/dev/shm', os.path.expanduser('~')):\n"
                "    open(place + '/mine', 'w').write('x')\nimport builtins; builtins.mine = 1"
            )
        ]
    )
    look = new_notebook(
        cells=[
            new_code_cell(
                "import os, sys, builtins\n"
                "installed = sys.prefix.split('/')  # which may stand below /tmp itself\n"
                "print([sorted(set(os.listdir(p)) - {*installed}) for p in "
                "('/tmp', '/dev/shm', '.')], hasattr(builtins, 'mine'))"
            )
        ]
    )

    server.run(leave, lambda message: message)
    result = server.run(look, lambda message: message)

    assert words(result) == "[[], [], []] False\n"
