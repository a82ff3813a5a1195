"""What the engine costs beside the cells themselves.

`python -m tests.benchmarks.overhead`. The sample class of 04_attention is run twice, turn about, in
this process's own warm engine: isolated, forked, examined from outside; and bare: the same cells
through ipykernel's shell in this process, with the examiner in it. Both have one processor, as a
worker of `gradus grade` has. The last line is one JSON object with the medians of both and of their
ratio.
"""

import io
import json
import statistics
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode

from autograder import exercises, wire
from autograder.examiner import set_paper
from autograder.grading.cohort import find_notebook, submissions
from autograder.grading.engine import processors
from autograder.grading.engine import shell as making
from autograder.grading.engine import warm as warming
from autograder.grading.handout import handout
from autograder.grading.warm import Engine, without_demonstrations
from autograder.office import Office
from tests.benchmarks.grading import LESSON, course

SEED = 5


def forget() -> None:
    """Let the examiner forget its verdicts, not what reference and mistakes show."""
    for exercise in exercises.of_lesson(LESSON):
        set_paper(exercise, SEED).verdicts.clear()


def bare(shell: InteractiveShell, notebook: NotebookNode) -> float:
    """Run the cells in this process, in an empty namespace; return the seconds."""
    shell.reset(new_session=False)
    forget()
    office = Office(SEED, once=True)

    class Here:
        request = staticmethod(office.reply)

    wire.use(Here())
    start = time.perf_counter()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source, store_history=False)
    return time.perf_counter() - start


def engine(warm: Engine, notebook: NotebookNode) -> float:
    """Run the notebook in the engine; return the seconds."""
    forget()
    start = time.perf_counter()
    warm.run(notebook)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    processors.stay_on(processors.shared_out(1)[0])
    with tempfile.TemporaryDirectory() as place:
        root = course(Path(place) / "course", 12)
        given = handout(root, LESSON)
        notebooks = [
            without_demonstrations(given.fill(find_notebook(one, given.names)[0])[0])
            for one in submissions(root, LESSON)
        ]
    warm = Engine(LESSON, SEED)
    shell = making.make()
    warming.threads = lambda: 1  # nothing is forked from this process
    warming.up()
    times: dict[str, list[float]] = {"bare": [], "engine": []}
    for measured in (False, True, True, True):  # the first round only warms up
        for notebook in notebooks:
            pair = {"bare": bare(shell, notebook), "engine": engine(warm, notebook)}
            if measured:
                for name, seconds in pair.items():
                    times[name].append(seconds)
    warm.close()
    ratios = [b / a for a, b in zip(times["bare"], times["engine"], strict=True)]
    result = {
        "submissions": len(notebooks),
        "median_seconds": {name: round(statistics.median(all_), 3) for name, all_ in times.items()},
        "median_overhead": round(statistics.median(ratios), 2),
        "worst_overhead": round(max(ratios), 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
