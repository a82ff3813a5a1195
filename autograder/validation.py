"""Validation: does every exercise catch its mistakes, name them, and accept its variants?"""

import sys
from dataclasses import dataclass, field

from autograder import exercises
from autograder.compare import difference
from autograder.diagnosis import observe_own
from autograder.exercise import ByHand, Exercise
from autograder.generic_mistakes import generic_mistakes
from autograder.rehearsal import sit
from autograder.words import Words

LARGEST_TIE = 3  # mistakes reported together still count as recognised up to this many


@dataclass
class Counts:
    """What `gradus validate` counts, for one exercise, one lesson, or all."""

    exercises: int = 0
    cases: int = 0
    mistakes: int = 0
    mistakes_caught: int = 0
    mistakes_recognised: int = 0
    generic: int = 0
    generic_caught: int = 0
    variants: int = 0
    variants_accepted: int = 0
    problems: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Counts") -> "Counts":
        """Add another's counts and problems."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


def validate_exercise(exercise: Exercise, seed: int = 1) -> Counts:
    """Try the reference, every mistake and every variant of one exercise."""
    counts = Counts(exercises=1, cases=len(exercise.all_cases()))
    own = sit(exercise, exercise.reference, seed)
    if not own.passed:
        counts.problems.append(f"{exercise.name}: its own reference fails\n{own.text()}")
    counts.problems += by_hand_problems(exercise)
    for mistake in exercise.mistakes:
        verdict = sit(exercise, mistake.answer, seed)
        named = [d.name for d in verdict.diagnoses]
        counts.mistakes += 1
        counts.mistakes_caught += not verdict.passed
        counts.mistakes_recognised += mistake.name in named and len(named) <= LARGEST_TIE
        if verdict.passed:
            counts.problems.append(f"{exercise.name}: not caught: {mistake.name}")
        elif mistake.name not in named:
            said = verdict.refused or "; ".join(named) or "nothing"
            counts.problems.append(
                f"{exercise.name}: not recognised: {mistake.name} (said: {said})"
            )
        elif len(named) > LARGEST_TIE:
            counts.problems.append(f"{exercise.name}: a tie of {len(named)}: {'; '.join(named)}")
    for mistake in generic_mistakes(exercise):
        caught = not sit(exercise, mistake.answer, seed).passed
        counts.generic += 1
        counts.generic_caught += caught
        if not caught:
            counts.problems.append(f"{exercise.name}: not caught: generic, {mistake.name}")
    for variant in exercise.variants:
        verdict = sit(exercise, variant.answer, seed)
        counts.variants += 1
        counts.variants_accepted += verdict.passed
        if not verdict.passed:
            counts.problems.append(f"{exercise.name}: refused: {variant.name}\n{verdict.text()}")
    return counts


def by_hand_problems(exercise: Exercise) -> list[str]:
    """Hold the reference against results that were worked out by hand."""
    problems = []
    for case in exercise.cases:
        made = case.made()
        if isinstance(made, ByHand):
            shown = observe_own(exercise, exercise.reference, made.trial)
            text = difference(shown.outputs[-1], made.output, Words(exercise.name))
            if text:
                problems.append(f"{exercise.name}: by hand, {case.name}: {text}")
    return problems


def validate_lesson(lesson: str, seed: int = 1) -> Counts:
    """Validate all exercises of a lesson."""
    counts = Counts()
    for exercise in exercises.of_lesson(lesson):
        counts += validate_exercise(exercise, seed)
    return counts


if __name__ == "__main__":  # a quick look while an exercise is being written
    wanted = sys.argv[1:]
    for found in exercises.of_lesson(wanted[0]):
        if not wanted[1:] or found.name in wanted[1:]:
            result = validate_exercise(found)
            print(found.name, {k: v for k, v in vars(result).items() if k != "problems"})
            print("".join(f"  - {problem}\n" for problem in result.problems))
