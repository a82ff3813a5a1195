"""A class graded by stock nbgrader and by gradus, in one run.

`python -m tests.benchmarks.grading --submissions 40 --json`. The same sample class of 04_attention
is graded in fresh courses, turn about, cold start included, feedback pages left out:

- gradus: by `gradus grade` with full isolation;
- stock: by `nbgrader autograde` as it comes, with its own preprocessors and plain kernels. It runs
  all cells, demonstrations too, which no points hang on and gradus leaves out: most of its time;
- same_cells: by the same, told to leave demonstrations out as well.

Errors on stderr cost nothing in any. The last line is one JSON object: `speed_up` is stock over
gradus, `speed_up_same_cells` says what is left of it where both run the same cells, and `overhead`
comes from `tests.benchmarks.overhead`. Stock takes half a minute a submission.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograder.grading.gradebook import rows
from autograder.notebooks.build import build_all
from autograder.notebooks.sample import write_sample

LESSON = "04_attention"
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NBGRADER = [str(BIN / "nbgrader"), "autograde", LESSON, "--create"]
GRADUS = [str(BIN / "gradus"), "grade", LESSON, "--no-feedback"]


def course(folder: Path, learners: int) -> Path:
    """Build a course with one lesson and its sample class."""
    (folder / "solutions").mkdir(parents=True)
    (folder / "autograder").mkdir()
    shutil.copy(ROOT / "solutions" / f"{LESSON}.py", folder / "solutions")
    config = "from pathlib import Path\nfrom autograder.notebooks.config import nbgrader_config\n"
    config += "c = get_config()\nc.merge(nbgrader_config(Path(__file__).parents[1]))\n"
    (folder / "autograder" / "nbgrader_config.py").write_text(config, encoding="utf-8")
    build_all(folder)
    write_sample(folder, LESSON, learners)
    return folder


# nbgrader 0.9.6's own lists, and nbclient 0.11's own tag, instead of ours.
SAME_CELLS = """
from nbgrader.converters.autograde import Autograde
for name in ("sanitize_preprocessors", "autograde_preprocessors"):
    c.Autograde[name] = [f"{step.__module__}.{step.__name__}"
                         for step in Autograde.class_traits()[name].default()]
"""
STOCK = SAME_CELLS + 'c.Execute.skip_cells_with_tag = "skip-execution"\n'


def stock_course(like: Path, folder: Path, settings: str) -> Path:
    """Copy a course, and let nbgrader grade it in its own way."""
    shutil.copytree(like, folder)
    with (folder / "autograder" / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    return folder


def run(command: list[str], folder: Path, most: list[float] | None = None) -> float:
    """Run a command in a course; return seconds. `most` gets the most that one submission took.

    Looking at memory takes time from those who grade, so it has a run of its own.
    """
    env = os.environ | {"JUPYTER_CONFIG_PATH": str(folder / "autograder")}
    env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if most is not None:
        watch(process, most)
    process.wait()
    return time.perf_counter() - start


def watch(process: "subprocess.Popen[bytes]", most: list[float]) -> None:
    """Note the largest private memory of any forked submission."""
    while process.poll() is None:
        for child in _descendants(process.pid):
            try:
                # An engine becomes a server in a process of its own, which forks submissions.
                if sum(_is_engine(ancestor) for ancestor in child.parents()) > 1:
                    most[0] = max(most[0], child.memory_full_info().uss / 2**20)
            except psutil.Error:
                continue
        time.sleep(0.2)


def _is_engine(process: psutil.Process) -> bool:
    command = process.cmdline()
    return process.name().startswith("python") and "autograder.grading.engine" in command


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def scores(folder: Path) -> dict[str, dict[str, float | None]]:
    """Return all points by learner."""
    return {row.learner: row.points for row in rows(folder, LESSON)}


def main() -> None:
    """Grade, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="nothing but the last line")
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {"gradus": [], "stock": [], "same_cells": []}
    equal, memory = [], [0.0]
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as place:
            one = course(Path(place) / "gradus", options.submissions)
            truth = json.loads((one / "build" / "sample" / f"{LESSON}.json").read_text())
            known = {name: one["cells"] for name, one in truth["learners"].items()}
            others = {
                "stock": stock_course(one, Path(place) / "stock", STOCK),
                "same_cells": stock_course(one, Path(place) / "same_cells", SAME_CELLS),
            }
            seconds["gradus"].append(run(GRADUS, one))
            equal.append(scores(one) == known)
            for name, other in others.items():
                command = [*NBGRADER, f"--CourseDirectory.root={other}"]
                seconds[name].append(run(command, other))
                equal.append(scores(other) == known)
            run([*GRADUS, "--force"], one, memory)
            if not options.json:
                print({name: round(values[-1], 1) for name, values in seconds.items()})
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    overhead = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.overhead"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    result = {
        "submissions": options.submissions,
        "median_seconds": {name: round(value, 2) for name, value in middle.items()},
        "submissions_per_second": {
            name: round(options.submissions / value, 3) for name, value in middle.items()
        },
        "speed_up": round(middle["stock"] / middle["gradus"], 1),
        "speed_up_same_cells": round(middle["same_cells"] / middle["gradus"], 1),
        "equal_scores": all(equal),
        "peak_private_mib_per_child": round(memory[0], 1),
        "overhead": json.loads(overhead.stdout.splitlines()[-1]),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
