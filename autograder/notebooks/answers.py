"""The bank's mistakes and variants as sources of answer cells, as learners would type them."""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from autograder.exercise import Exercise
from autograder.notebooks.names import needed

Definition = ast.FunctionDef | ast.ClassDef


def answer_source(exercise: Exercise, answer: Any, known: Mapping[str, Any]) -> str | None:
    """Return the source of an answer under the exercise's name, with the helpers that it needs.

    `known` are the names that the notebook defines above, and what they stand for where that is
    imported. None if the answer cannot stand in a notebook: it is made by other code, leans on the
    library or the examiner, or means something else by one of the names.
    """
    if exercise.kind == "value":
        simple = isinstance(answer, int | float | str | bool | tuple)
        return f"{exercise.name} = {answer!r}" if simple else None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
    except (OSError, TypeError, SyntaxError):
        return None
    [definition] = tree.body
    if not isinstance(definition, Definition) or definition.name != answer.__name__:
        return None
    if getattr(answer, "__closure__", None):
        return None
    text = textwrap.dedent(inspect.getsource(answer))
    source = "\n".join(text.splitlines()[definition.lineno - 1 :])
    pieces: list[str] = []
    if not gather(source, inspect.getmodule(answer), dict(known), pieces, exercise):
        return None
    # What stands for the library's own layer here is a first attempt of the learner's.
    name = exercise.name
    first = "FirstAttempt" if exercise.kind == "class" else "first_attempt"
    pieces = [re.sub(rf"\b{name}\b", first, piece) for piece in (*pieces, source)]
    if definition.name in needed(pieces[-1].replace(definition.name, "_", 1)):
        pieces[-1] = re.sub(rf"\b{definition.name}\b", name, pieces[-1])
    pieces[-1] = re.sub(rf"^(def|class) {definition.name}\b", rf"\1 {name}", pieces[-1])
    return "\n\n\n".join(pieces)


def gather(
    source: str,
    module: ModuleType | None,
    known: dict[str, Any],
    pieces: list[str],
    exercise: Exercise,
) -> bool:
    """Add to `pieces` what `source` uses of its module, and what that uses in turn.

    Returns false if it uses something that a learner does not have.
    """
    if module is None:
        return False
    names = needed(source)
    if any(_clash(known[name], getattr(module, name, None)) for name in names & known.keys()):
        return False
    for name in sorted(names - known.keys()):
        statement = definition_of(name, ast.parse(inspect.getsource(module)))
        if isinstance(statement, ast.Import | ast.ImportFrom):
            home = other_module(statement)
            if home is not None:  # a helper in another file of the bank
                name_there = next(a.name for a in statement.names if name == (a.asname or a.name))
                if name_there != name or not gather(name, home, known, pieces, exercise):
                    return False
                continue
            if getattr(module, name) is exercise.reference:
                text, home = (
                    inspect.getsource(exercise.reference),
                    inspect.getmodule(exercise.reference),
                )
            else:
                text, home = import_text(statement, name), module
            if re.match(r"(from|import) (autograder|gradus)", text):
                return False
        elif statement is None:
            return False
        else:
            text, home = ast.get_source_segment(inspect.getsource(module), statement) or "", module
        known[name] = None
        if not gather(text, home, known, pieces, exercise):
            return False
        pieces.append(text)
    return True


def _clash(here: Any, there: Any) -> bool:
    """Whether a name that the notebook has imported means another thing in the bank."""
    ours = (getattr(there, "__module__", None) or "").split(".")[0] in ("gradus", "autograder")
    return here is not None and there is not None and here is not there and not ours


def other_module(statement: ast.Import | ast.ImportFrom) -> ModuleType | None:
    """Return the file of the bank that an import is from, if it is from one."""
    name = getattr(statement, "module", None) or ""
    return sys.modules.get(name) if name.startswith("autograder.exercises.") else None


def definition_of(name: str, tree: ast.Module) -> ast.stmt | None:
    """Return the statement of a module that defines a name, and that is nothing of the bank's."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if any(name == (alias.asname or alias.name) for alias in node.names):
                return node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            if name in names:
                return node
        elif isinstance(node, Definition) and node.name == name:
            return None if node.decorator_list else node
    return None


def import_text(statement: ast.Import | ast.ImportFrom, name: str) -> str:
    """Return the import of one name."""
    [alias] = [a for a in statement.names if name == (a.asname or a.name)]
    return ast.unparse(type(statement)(**{**vars(statement), "names": [alias]}))
