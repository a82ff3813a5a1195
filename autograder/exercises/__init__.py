"""All exercises, by lesson: one package per lesson, one file per exercise or close pair.

A lesson's package lists its exercises in the order of the lesson, as `EXERCISES`.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # with torch: what only asks for the names of lessons need not wait for it
    from autograder.exercise import Exercise

LESSONS = {
    "00_warmup": "warmup",
    "01_next_word": "next_word",
    "02_tokenizer": "tokenizer",
    "03_embedding": "embedding",
    "04_attention": "attention",
    "05_block": "block",
    "06_encoder": "encoder",
    "07_decoder": "decoder",
    "08_encoder_decoder": "encoder_decoder",
    "09_sampling": "sampling",
    "10_prompting": "prompting",
    "11_scaling_laws": "scaling_laws",
    "12_memory_and_parallelism": "memory_and_parallelism",
    "13_project": "project",
}


@cache
def of_lesson(lesson: str) -> tuple[Exercise, ...]:
    """Return a lesson's exercises in order; raises KeyError for a lesson that does not exist."""
    found: tuple[Exercise, ...] = importlib.import_module(f"{__name__}.{LESSONS[lesson]}").EXERCISES
    return found


def find(name: str) -> Exercise | None:
    """Return the exercise of this name, None if there is none."""
    loaded = sorted(LESSONS, key=lambda one: f"{__name__}.{LESSONS[one]}" not in sys.modules)
    for lesson in loaded:  # first those whose exercises need not be read now
        for exercise in of_lesson(lesson):
            if exercise.name == name:
                return exercise
    return None


def names() -> list[str]:
    """Return the names of all exercises."""
    return [exercise.name for lesson in LESSONS for exercise in of_lesson(lesson)]
