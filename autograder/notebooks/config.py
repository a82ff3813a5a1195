"""How nbgrader is set up here, for any folder that holds a course."""

from pathlib import Path

from traitlets.config import Config

from autograder.notebooks.gradebook import gradebook_path
from autograder.notebooks.source import DEMO

# What nbgrader does with a submission, in order; by name, because nbgrader takes seconds to import.
# Before a notebook is run:
PREPARE = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
]
# After it was run:
SAVE = [
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.grading.clean.CleanOutputs",
    "autograder.grading.marks.DistrustScores",
    "autograder.grading.save.SaveGrades",
]
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.grading.clean.CleanOutputs",
    "autograder.grading.clean.HideTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]


def nbgrader_config(root: Path) -> Config:
    """Return nbgrader's configuration for the course in `root`.

    Only `course/` is committed. Everything else that nbgrader reads or writes lies in `build/`.
    """
    root = root.resolve()
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "gradus"
    config.CourseDirectory.source_directory = "build/source"
    config.CourseDirectory.release_directory = "course"
    config.CourseDirectory.solution_directory = "build/solution"
    config.CourseDirectory.submitted_directory = "build/submitted"
    config.CourseDirectory.autograded_directory = "build/autograded"
    config.CourseDirectory.feedback_directory = "build/feedback"
    config.CourseDirectory.db_url = f"sqlite:///{gradebook_path(root).as_posix()}"
    # A warning on stderr is not a wrong answer: nbgrader alone would give 0 for it.
    config.IgnorePattern.enabled = True
    config.IgnorePattern.pattern = "^"
    # Execute runs plain kernels, where those are asked for.
    # nbgrader's 30 seconds a cell are too few to train anything.
    config.Execute.timeout = 300
    # ipykernel's advice on transport encryption is not for the terminal of somebody who grades.
    config.Execute.extra_arguments = ["--log-level=ERROR"]
    # Demonstrations are not run for a class. A learner who tags a test cell so gains nothing by it:
    # a graded cell without a number earns 0 (DistrustScores).
    config.Execute.skip_cells_with_tag = DEMO
    # A test cell that a learner has deleted comes back.
    config.OverwriteCells.add_missing_cells = True
    # `gradus grade` transplants and runs by itself, and need not check metadata that is its own.
    ours, check = "autograder.grading.preprocessors", "nbgrader.preprocessors.CheckCellMetadata"
    config.Autograde.sanitize_preprocessors = [f"{ours}.Transplant", *PREPARE, check]
    config.Autograde.autograde_preprocessors = [f"{ours}.WarmExecute", *SAVE, check]
    config.GenerateFeedback.preprocessors = FEEDBACK
    # Learners' Markdown is shown to others without scripts, in feedback and in formgrader.
    config.HTMLExporter.filters = {"markdown2html": "autograder.grading.clean.clean_markdown"}
    return config
