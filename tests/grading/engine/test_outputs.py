"""What a notebook shows after the engine has run it, held against Jupyter's own kernel."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.limits import Limits
from autograder.grading.engine.salvage import RunResult
from autograder.grading.engine.warm_server import WarmServer

CELLS = (Path(__file__).parent / "torture.txt").read_text().split("\n---\n")
NOISE = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"(?m)^(CPU times|Wall time|.*per loop).*$", "TIMES"),
    (r"\?it/s|[\d.]+it/s|\d\d:\d\d<(\?|\d\d:\d\d)", "SPEED"),
    (r"ipykernel_\d+", "ipykernel"),
    (r"0x[0-9a-f]{6,}|[0-9a-f]{32}", "ADDRESS"),
)

pytestmark = pytest.mark.sandbox


def quiet(cell: NotebookNode) -> tuple[int | None, str]:
    """A cell's count and outputs, without what differs from one run to the next."""
    outputs: list[dict] = []
    for output in cell.outputs:
        last = outputs[-1] if outputs else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            outputs.append(dict(output))
    for output in outputs:
        for field in ("text", "traceback", "evalue", "data"):
            if field in output:
                text = output[field]
                text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
                for pattern, word in NOISE:
                    text = re.sub(pattern, word, text.replace("\\u001b", "\x1b"))
                output[field] = text
    return cell.execution_count, json.dumps(outputs, indent=1, ensure_ascii=False)


@pytest.fixture(scope="module")
def both(server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[NotebookNode, ...]:
    """The torture notebook, run by a kernel and by the engine."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(c) for c in CELLS], metadata={"kernelspec": spec})
    result = server.run(notebook, lambda message: message, Limits())
    # ipykernel leaves out what programs print while it believes that it is being tested.
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("kernel"))}}
    NotebookClient(notebook, allow_errors=True, timeout=120, resources=folder).execute()
    monkeypatch.undo()
    return notebook, result.notebook


@pytest.mark.filterwarnings("ignore")  # a kernel's sockets
@pytest.mark.parametrize("number", range(len(CELLS)))
def test_a_cell_shows_what_it_shows_in_a_kernel(both, number):
    kernel, engine = (quiet(notebook.cells[number]) for notebook in both)

    assert engine == kernel, CELLS[number]


def test_the_state_of_widgets_is_kept(both):
    kernel, engine = (
        notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
        for notebook in both
    )

    def shown(state: object) -> str:
        return re.sub(r"IPY_MODEL_\w+|[0-9.]+it/s|\d\d:\d\d", "", json.dumps(state, sort_keys=True))

    assert len(kernel) > 20
    assert sorted(map(shown, engine)) == sorted(map(shown, kernel))


def test_the_result_is_a_valid_notebook(both):
    nbformat.validate(both[1])


def outputs(run: Callable[..., RunResult], *sources: str, **limits: float) -> list[NotebookNode]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return run(notebook, lambda message: message, Limits(**limits)).notebook.cells[-1].outputs


def test_input_is_refused_in_words(server):
    [error] = outputs(server.run, "input('name? ')")

    assert error.evalue.startswith("input('name? ') waits for somebody to type")


def test_outputs_over_the_limit_are_left_out_with_a_remark(server):
    kept, remark = outputs(server.run, "for i in range(100): display(i) if i else print(1)\n" * 3)[
        :2
    ]

    assert kept.text == "1\n"
    shown = outputs(server.run, "print('x' * 900)\nprint('y' * 900, flush=True)", output_bytes=1500)
    assert "was left out" in shown[-1].text


def test_what_a_cell_showed_before_it_died_is_kept(server):
    shown = outputs(server.run, "display(1)\nprint('said', flush=True)\nimport os\nos._exit(3)")

    assert shown[0].data["text/plain"] == "1"
    assert shown[1].text == "said\n"
    assert shown[2].evalue == (
        "This cell was fatal: it ended the notebook's process (exit code 3)."
    )
