"""Mistakes of answers that refuse what is to be refused, like the reference does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograder.exercise import Exercise

Answer = Callable[..., Any]


def mistakes_of(exercise: Exercise) -> Callable[[str, str], Callable[[Answer], Answer]]:
    """Return a decorator like `exercise.mistake`; what the reference refuses is refused first."""

    def mistake(name: str, look: str) -> Callable[[Answer], Answer]:
        def add(wrong: Answer) -> Answer:
            @wraps(wrong)
            def answer(*args: Any, **kwargs: Any) -> Any:
                exercise.reference(*args, **kwargs)  # raises what is to be raised
                return wrong(*args, **kwargs)

            exercise.mistake(name, look)(answer)
            return wrong

        return add

    return mistake
