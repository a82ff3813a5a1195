"""Which layers are hidden from submissions: read from the banks' files, held against the banks."""

import subprocess
import sys
from pathlib import Path

import pytest

import gradus
from autograder import exercises
from autograder.grading.layers import built_layers

FOLDER = Path(next(iter(gradus.__path__)))


@pytest.mark.parametrize("lesson", exercises.LESSONS)
def test_reading_finds_what_importing_finds(lesson):
    later = [name for name in exercises.LESSONS if name >= lesson]
    built = [exercise for name in later for exercise in exercises.of_lesson(name)]
    modules = {e.reference.__module__ for e in built if e.kind != "value"}
    ours = {module for module in modules if module.startswith("gradus.")}

    found = {
        ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in built_layers(lesson)
    }

    assert {f"gradus.{name}" for name in found} == ours
    assert all(path.is_file() for path in built_layers(lesson))


def test_torch_is_not_waited_for():
    code = "import sys; from autograder.grading import fan_out, layers; "
    code += "layers.built_layers('04_attention'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
