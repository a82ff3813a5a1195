"""Which layers the learners of a lesson build, found by reading the exercises' files.

Reading, not importing: the warm server, which must not show these layers, is started first, and
warms up while the examiner imports torch and the exercises.
"""

import re
from pathlib import Path

import gradus
from autograder import exercises

REFERENCE = re.compile(r"^\w+ = Exercise\(\s*([\w.]+)", re.MULTILINE)
IMPORT = re.compile(r"^from (gradus[\w.]*) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)


def built_layers(lesson: str) -> list[Path]:
    """Return the files of the layers that the learners of this lesson and later ones build."""
    banks = Path(next(iter(exercises.__path__)))
    later = [topic for name, topic in exercises.LESSONS.items() if name >= lesson]
    files = [file for topic in later for file in sorted((banks / topic).glob("*.py"))]
    texts = [file.read_text(encoding="utf-8") for file in files]
    modules = {module for text in texts for module in _references(text)}
    folder = Path(next(iter(gradus.__path__)))
    return [folder / f"{module.replace('.', '/')}.py" for module in sorted(modules)]


def _references(text: str) -> set[str]:
    """The modules of gradus, as in `bpe` or `zoo.bert`, that `Exercise(bpe.train_bpe` refers to.

    By patterns: to parse all banks takes half a second, for which grading would wait.
    """
    imported: dict[str, str] = {}
    for module, in_brackets, in_line in IMPORT.findall(text):
        inside = module.removeprefix("gradus").removeprefix(".")
        for name in (in_brackets or in_line).replace("\n", " ").split(","):
            original, _, alias = name.strip().partition(" as ")
            imported[alias or original] = f"{inside}.{original}".lstrip(".")
    found = set()
    for reference in REFERENCE.findall(text):
        name, _, member = reference.partition(".")
        if name in imported:
            found.add(imported[name] if member else imported[name].rpartition(".")[0])
    return found
