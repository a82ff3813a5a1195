"""Lesson 10: prompts, labels scored and calibrated, completions read and compared."""

# These add themselves to their exercise.
from autograder.exercises.prompting import (  # noqa: F401
    build_prompt_mistakes,
    build_prompt_template_mistakes,
    calibrate_mistakes,
    fit_budget_choice_mistakes,
    fit_budget_mistakes,
    parse_completion_find_mistakes,
    parse_completion_mistakes,
    rouge_n_mistakes,
    rouge_n_score_mistakes,
    score_labels_mistakes,
    score_labels_score_mistakes,
    token_f1_mistakes,
    token_f1_word_mistakes,
)
from autograder.exercises.prompting.build_prompt import build_prompt
from autograder.exercises.prompting.calibrate import calibrate
from autograder.exercises.prompting.fit_budget import fit_budget
from autograder.exercises.prompting.parse_completion import parse_completion
from autograder.exercises.prompting.rouge_n import rouge_n
from autograder.exercises.prompting.score_labels import score_labels
from autograder.exercises.prompting.token_f1 import token_f1

EXERCISES = (
    build_prompt,
    fit_budget,
    score_labels,
    calibrate,
    parse_completion,
    token_f1,
    rouge_n,
)
