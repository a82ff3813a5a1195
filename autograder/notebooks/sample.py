"""The sample class: learners who are right, or wrong in known ways, with their true scores."""

import json
import random
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import exercises
from autograder.notebooks.answers import answer_source
from autograder.notebooks.build import notebook_path
from autograder.notebooks.names import defined
from autograder.notebooks.source import DEMO, LessonError
from autograder.notebooks.truth import Truth, definitions

FIRST = """
    amara aoife bilal chidi daniela emre farid grace hana ines jonas kofi leila marta mateo
    nadia noor olu priya rosa samir tomas uma vera yuki
""".split()
LAST = """
    adeyemi baker costa dubois eriksen fischer garcia haddad ito jansen kaya larsen mensah
    nowak okafor patel quispe rossi santos tanaka umar varga wong yilmaz zhou
""".split()

TRIES = 20


@dataclass(frozen=True)
class Answer:
    """The source of one answer cell, and what it is: solution, variant, mistake, blank, ..."""

    what: str
    source: str


# What there is to choose from for every exercise: answers by their first word, such as "mistake".
Choices = dict[str, dict[str, list[Answer]]]
Answers = dict[str, Answer]


def write_sample(root: Path, lesson: str, learners: int = 12) -> Path:
    """Write the notebooks of a sample class to build/submitted/; return where the truth is.

    The same number of learners always gives the same class. An earlier sample is replaced; what
    real learners have submitted stays.
    """
    path = root / "build" / "sample" / f"{lesson}.json"
    if not notebook_path(root, "build/source", lesson).exists():
        raise LessonError(f"{lesson} has not been built yet. Run `gradus build` first.")
    source = nbformat.read(notebook_path(root, "build/source", lesson), as_version=4)
    release = nbformat.read(notebook_path(root, "course", lesson), as_version=4)
    submitted = root / "build" / "submitted"
    for old in json.loads(path.read_text(encoding="utf-8"))["learners"] if path.exists() else ():
        shutil.rmtree(submitted / old / lesson, ignore_errors=True)
    class_ = SampleClass(source, choices_of(source, release))
    found = {}
    for number, name in enumerate(names(learners, lambda n: not (submitted / n / lesson).exists())):
        role = ROLES[number] if number < len(ROLES) else random.Random(number).choice(ROLES)
        answers, true = class_.learner(role, random.Random(f"{lesson} {number}"))
        place = submitted / name / lesson / f"{lesson}.ipynb"
        place.parent.mkdir(parents=True)
        text = nbformat.writes(fill(release, answers)) + "\n"
        place.write_text(text, encoding="utf-8", newline="\n")
        found[name] = {
            "role": role,
            "points": sum(true.values()),
            "cells": true,
            "answers": {name: answer.what for name, answer in answers.items()},
        }
    points = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in _graded(source)}
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "lesson": lesson,
        "max_points": sum(points.values()),
        "cells": points,
        "learners": found,
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


class SampleClass:
    """Invents learners of a lesson, whose true scores do not depend on the hidden cases' seed."""

    def __init__(self, source: NotebookNode, choices: Choices) -> None:
        """Begin with a lesson's notebook with all tests, and the answers to choose from."""
        self.source = source
        self.choices = choices
        self.truths = [Truth(seed) for seed in (1, 2, 3)]

    def learner(self, role: str, chance: random.Random) -> tuple[Answers, dict[str, float]]:
        """Return a learner's answers and the points that they are worth."""
        for _ in range(TRIES):
            answers = ROLE[role](self.choices, chance)
            sources = {name: answer.source for name, answer in answers.items()}
            scores = [truth.points(self.source, sources) for truth in self.truths]
            if scores[0] == scores[1] == scores[2]:
                return answers, scores[0]
        raise LessonError(
            f"no learner for the role {role!r} has a score that does not depend on the seed of the "
            "hidden cases. Make those of the mistakes less a matter of luck."
        )


def choices_of(source: NotebookNode, release: NotebookNode) -> Choices:
    """Return the answers that there are for every answer cell of a lesson."""
    blank = {
        c.metadata.nbgrader.grade_id: c.source for c in release.cells if "nbgrader" in c.metadata
    }
    known: dict[str, Any] = {}
    choices: Choices = {}
    for cell in source.cells:
        words = cell.metadata.get("nbgrader", {})
        if words.get("solution"):
            choices[words.grade_id] = _choices(words.grade_id, cell.source, blank, known)
            known |= dict.fromkeys(defined(cell.source))
        elif cell.cell_type == "code" and not words and DEMO not in cell.metadata.get("tags", []):
            exec(definitions(cell.source), known)
    return choices


def _choices(
    name: str, source: str, blank: dict[str, str], known: dict[str, Any]
) -> dict[str, list[Answer]]:
    lines = source.splitlines()
    right = "\n".join(line for line in lines if not line.lstrip().startswith("### "))
    # nbgrader leaves this where an answer belongs.
    unset = blank[name].replace("raise NotImplementedError()", "return unfinished")
    loud = source.replace("### BEGIN SOLUTION", 'print("still slow here", file=sys.stderr)')
    loud = "import sys\n\n\n" + loud.replace("### END SOLUTION", "# done")
    found = {
        "solution": [Answer("solution", right)],
        "blank": [Answer("blank", blank[name])],
        "crash": [Answer("crash", f"print(scores_so_far)\n\n\n{right}")],
        "syntax": [Answer("syntax error", f"{right}\n\nprint(")],
        "raises": [Answer("raises", unset)] if unset != blank[name] else [],
        "loud": [Answer("loud", loud)],
        "variant": [],
        "mistake": [],
    }
    exercise = exercises.find(name)
    for variant in exercise.variants if exercise else ():
        text = answer_source(exercise, variant.answer, known) if exercise else None
        if text:
            found["variant"].append(Answer(f"variant: {variant.name}", text))
    for mistake in exercise.mistakes if exercise else ():
        text = answer_source(exercise, mistake.answer, known) if exercise else None
        if text:
            found["mistake"].append(Answer(f"mistake: {mistake.name}", text))
    return found


def fill(release: NotebookNode, answers: Answers) -> NotebookNode:
    """Return the released notebook with these answers in it."""
    notebook = deepcopy(release)
    for cell in notebook.cells:
        words = cell.metadata.get("nbgrader", {})
        if words.get("solution"):
            cell.source = answers[words.grade_id].source
    return notebook


def names(count: int, free: Callable[[str], bool]) -> list[str]:
    """Return names for so many learners."""
    everybody = [f"{first}_{last}" for last in LAST for first in FIRST]
    random.Random(2026).shuffle(everybody)
    found = [name for name in everybody if free(name)][:count]
    if len(found) < count:
        raise LessonError(f"a sample class has at most {len(found)} learners, not {count}.")
    return found


def all_of(choices: Choices, *wanted: str) -> Answers:
    """Answer every exercise in the first of the wanted ways that there is for it."""
    return {
        name: next(found[want][0] for want in (*wanted, "solution") if found[want])
        for name, found in choices.items()
    }


def but_for(choices: Choices, chance: random.Random, want: str, count: int) -> Answers:
    """Answer everything right but for some exercises, which are answered in the wanted way."""
    answers = all_of(choices)
    able = [name for name, found in choices.items() if found[want]]
    for name in chance.sample(able, min(count, len(able))):
        answers[name] = chance.choice(choices[name][want])
    return answers


def unfinished(choices: Choices, chance: random.Random) -> Answers:
    """Answer the first exercises and leave the others blank."""
    done = chance.randint(1, max(1, len(choices) - 1))
    blank = all_of(choices, "blank")
    return {**blank, **dict(list(all_of(choices).items())[:done])}


def mixed(choices: Choices, chance: random.Random) -> Answers:
    """Answer each exercise right, right in other words, wrong or not at all."""
    answers = {}
    for name, found in choices.items():
        ways = [way for way in ("solution", "variant", "mistake", "mistake", "blank") if found[way]]
        answers[name] = chance.choice(found[chance.choice(ways)])
    return answers


def in_other_words(choices: Choices, chance: random.Random) -> Answers:
    """Answer everything right, where possible in another way than the solution."""
    return {n: chance.choice(found["variant"] or found["solution"]) for n, found in choices.items()}


ROLE: dict[str, Callable[[Choices, random.Random], Answers]] = {
    "right": lambda choices, chance: all_of(choices),
    "one mistake": lambda choices, chance: but_for(choices, chance, "mistake", 1),
    "right in other words": in_other_words,
    "mixed": mixed,
    "three mistakes": lambda choices, chance: but_for(choices, chance, "mistake", 3),
    "unfinished": unfinished,
    "a cell that crashes": lambda choices, chance: but_for(choices, chance, "crash", 1),
    "a syntax error": lambda choices, chance: but_for(choices, chance, "syntax", 1),
    "answers that raise": lambda choices, chance: but_for(choices, chance, "raises", 2),
    "right, and loud": lambda choices, chance: all_of(choices, "loud"),
    "blank": lambda choices, chance: all_of(choices, "blank"),
    "a mistake everywhere": lambda choices, chance: but_for(choices, chance, "mistake", 99),
}
ROLES = list(ROLE)


def _graded(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
