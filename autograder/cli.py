"""The command `gradus`."""

import typer

from autograder.commands.fetch import fetch
from autograder.commands.grading import check, grade, report
from autograder.commands.lessons import build, lab, sample
from autograder.commands.plan import plan
from autograder.commands.validating import validate

app = typer.Typer(
    help="""Gradus: learn how large language models work by building one.

\b
Learners:     gradus lab                      open the course in JupyterLab
              gradus check 04_attention.ipynb how many points does it get?
              gradus fetch                    trained weights and larger data
              gradus plan --budget 1e21       what to train with that, and what it takes
Instructors:  gradus build                    make course/ from solutions/
              gradus sample 04_attention      a class to try with
              gradus grade 04_attention       gradebook, feedback, table
              gradus report 04_attention      what the class misunderstood
CI:           gradus validate                 do all lessons grade as they should?

\b
Exit codes: 0 all is well; 1 it ran, and the answer is no (points are missing,
a lesson fails validation); 2 it could not be done (no such lesson or notebook).
""",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for command in (lab, check, fetch, plan, build, sample, grade, report, validate):
    app.command()(command)

if __name__ == "__main__":
    app()
