"""Which layers the learners of a lesson build, found by reading the exercises' files.

Reading, not importing: the warm server, which must not show these layers, is started first, and
warms up while the examiner imports torch and the exercises.
"""

import ast
from pathlib import Path

import gradus
from autograder import exercises

CALL = "= Exercise("


def built_layers(lesson: str) -> list[Path]:
    """Return the files of the layers that the learners of this lesson and later ones build."""
    banks = Path(next(iter(exercises.__path__)))
    later = [topic for name, topic in exercises.LESSONS.items() if name >= lesson]
    files = [file for topic in later for file in sorted((banks / topic).glob("*.py"))]
    texts = [text for file in files if CALL in (text := file.read_text(encoding="utf-8"))]
    modules = {module for text in texts for module in _references(ast.parse(text))}
    folder = Path(next(iter(gradus.__path__)))
    return [folder / f"{module.replace('.', '/')}.py" for module in sorted(modules)]


def _references(tree: ast.Module) -> set[str]:
    """The modules of gradus, as in `bpe` or `zoo.bert`, that `Exercise(bpe.train_bpe` refers to."""
    imported: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("gradus"):
            inside = node.module.removeprefix("gradus").removeprefix(".")
            for alias in node.names:
                imported[alias.asname or alias.name] = f"{inside}.{alias.name}".lstrip(".")
    found = set()
    for node in tree.body:
        call = getattr(node, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Exercise":
            match call.args[0]:
                case ast.Attribute(value=ast.Name(id=module)) if module in imported:
                    found.add(imported[module])
                case ast.Name(id=name) if name in imported:
                    found.add(imported[name].rpartition(".")[0])
    return found
