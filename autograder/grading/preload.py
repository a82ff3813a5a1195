"""What workers are forked from: a process that has imported the examiner and set the papers.

It is told of the class in its environment, since a fork server takes no arguments.
"""

import os

from autograder.grading.early import CLASS
from autograder.grading.importing import importing


def get_ready() -> None:
    """Import what every worker needs, and set the papers of the class.

    What lies ready here is shared with the workers, as long as none looks for garbage in it.
    """
    with importing():
        import autograder.grading.job
        import autograder.office  # noqa: F401

        if CLASS in os.environ:
            lesson, seed = os.environ[CLASS].split()
            set_papers(lesson, int(seed))


def set_papers(lesson: str, seed: int) -> None:
    """Set the papers of a lesson, ready to be sent, and have the reference sit them."""
    import torch

    from autograder import exercises
    from autograder.examiner import set_paper, sit_reference
    from autograder.office import asked

    torch.set_num_threads(1)  # others would not survive the fork
    if lesson in exercises.LESSONS:  # an instructor's own lesson has tests of its own
        for exercise in exercises.of_lesson(lesson):
            paper = set_paper(exercise, seed)
            sit_reference(paper)
            asked(paper)


get_ready()
