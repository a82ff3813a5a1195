"""Who may import whom, and how long a file may be: read off the sources, without running them."""

import ast
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = sorted((ROOT / "lib").rglob("*.py"))
AUTOGRADER = sorted((ROOT / "autograder").rglob("*.py"))
LESSONS = sorted((ROOT / "solutions").glob("*.py"))

EXERCISES = [path for path in AUTOGRADER if path.is_relative_to(ROOT / "autograder/exercises")]

# The core is every file directly in autograder/, but for those that people and nbgrader start.
OUTER = {"__init__.py", "cli.py", "nbgrader_config.py"}
CORE = [path for path in AUTOGRADER if path.parent.name == "autograder" and path.name not in OUTER]

# All of the core that enters the sandbox with a submission, and where it is entered. Nothing here
# may hold or reach an answer, a case or a mistake: think of that before adding a name.
LEARNER_SIDE = """
    answering apprentice builtins_watch check described facts left_behind limit newer
    observation on_ranks panel parts raising readers stand_ins suspects trial uncompiled verdict
    wire
""".split()
# The wires between ranks, which lessons and learners use as they are, hold no answer either.
WIRES = {"gradus", "gradus.parallel", "gradus.parallel.link", "gradus.parallel.ranks"}
GATES = ["autograder.check", "autograder.answering", "autograder.grading.engine.__main__"]

JUPYTER = """
    IPython ipykernel ipywidgets jupyter_client jupyter_core jupyter_server jupyterlab jupytext
    nbclient nbconvert nbformat nbgrader notebook
""".split()
OURS = {"autograder", "gradus", "solutions", "tests"}
FOR_LESSONS = {"einops", "ipywidgets", "jaxtyping", "matplotlib", "numpy", "torch", "tqdm"}


def module_name(path: Path) -> str:
    """The name a file is imported by: lib/gradus/mask.py is gradus.mask."""
    relative = path.relative_to(ROOT / "lib" if path.is_relative_to(ROOT / "lib") else ROOT)
    parts = relative.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in LIBRARY + AUTOGRADER}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it the import stands."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:  # from package import module, or a name from a module
                full = f"{source}.{alias.name}"
                found.add(full if full in MODULES else source)
    return found


def with_packages(name: str) -> set[str]:
    """A module and the packages around it: importing a.b.c runs a, a.b and a.b.c."""
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts) + 1)}


def reach(name: str) -> set[str]:
    """All modules of ours that come along when one is imported."""
    seen: set[str] = set()
    waiting = with_packages(name) & MODULES.keys()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        brought = set(chain.from_iterable(map(with_packages, imports(MODULES[module]))))
        waiting |= (brought & MODULES.keys()) - seen
    return seen


def inside(name: str, *packages: str) -> bool:
    """Is this module one of the packages, or in one of them?"""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def ids(paths: list[Path]) -> list[str]:
    """Readable names for parametrised tests."""
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", LIBRARY, ids=ids(LIBRARY))
def test_the_library_imports_nothing_of_ours_and_jupyter_only_to_explore(path):
    wrong = OURS - {"gradus"}
    if not inside(module_name(path), "gradus.explore"):
        wrong = wrong | {"gradus.explore", *JUPYTER}

    assert not {name for name in imports(path) if inside(name, *wrong)}


@pytest.mark.parametrize("path", CORE, ids=ids(CORE))
def test_the_core_knows_no_notebook_no_grading_and_no_single_exercise(path):
    wrong = {"autograder.notebooks", "autograder.grading", "autograder.cli"}
    single = {name for name in MODULES if name.startswith("autograder.exercises.")}

    assert not {name for name in imports(path) if inside(name, *wrong) or name in single}


@pytest.mark.parametrize("gate", GATES)
def test_what_enters_the_sandbox_brings_no_examiner_along(gate):
    welcome = {"autograder", "autograder.grading", *(f"autograder.{name}" for name in LEARNER_SIDE)}
    welcome |= WIRES

    entering = {name for name in reach(gate) if not inside(name, "autograder.grading.engine")}

    assert gate in MODULES
    assert entering <= welcome


@pytest.mark.parametrize("path", EXERCISES, ids=ids(EXERCISES))
def test_exercises_import_the_library_and_the_core(path):
    allowed = {"gradus", "autograder.exercises", *map(module_name, CORE)}
    ours = {name for name in imports(path) if inside(name, *OURS)}

    assert not {name for name in ours if not inside(name, *allowed)}


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_lessons_import_gradus_and_check_only(path):
    allowed = {"gradus", "autograder.check", *FOR_LESSONS, *sys.stdlib_module_names}

    assert not {name for name in imports(path) if not inside(name, *allowed)}


@pytest.mark.parametrize("path", LIBRARY + AUTOGRADER, ids=ids(LIBRARY + AUTOGRADER))
def test_no_file_is_longer_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_the_sources_were_found():
    assert {"gradus.attention", "autograder"} <= MODULES.keys()
