"""The class report: what a class can do and what it misunderstood, as one page of HTML."""

from pathlib import Path
from statistics import mean, median

import jinja2

from autograder.grading import plots
from autograder.grading.flags import FLAGS, flags
from autograder.grading.results import Results, results
from autograder.grading.tally import KINDS, RECOGNISED, Tally, most_frequent, tally
from autograder.panel import number

MOST = 12  # mistakes in the plot


def write_report(root: Path, lesson: str) -> Path:
    """Write the report of a lesson that has been graded; return where it lies."""
    path = root / "build" / "report" / f"{lesson}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report_html(results(root, lesson)), encoding="utf-8", newline="\n")
    return path


def report_html(found: Results) -> str:
    """Return the page."""
    tallies = tally(found)
    counts = most_frequent([count for one in tallies for count in one.mistakes.values()])
    totals = [learner.total for learner in found.learners]
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        Path(__file__).with_name("report.html").read_text(encoding="utf-8")
    )
    lost = sum(sum(one.kinds.values()) for one in tallies)
    return template.render(
        results=found,
        tallies=tallies,
        number=number,
        percent=percent,
        mean=mean(totals),
        median=median(totals),
        full=sum(total >= found.points for total in totals),
        flags=flags,
        flagged=flagged(found),
        noted=[learner for learner in found.learners if learner.note],
        waiting=sum(one.waiting for one in tallies),
        lost=lost,
        recognised=sum(one.kinds[RECOGNISED] for one in tallies),
        kinds=[(kind, sum(one.kinds[kind] for one in tallies)) for kind in KINDS],
        carried=sum(one.carried for one in tallies),
        hardest=min(tallies, key=lambda one: one.share),
        counts=counts[:MOST],
        histogram=plots.histogram(found),
        success=plots.success(tallies),
        mistakes=plots.mistakes(counts[:MOST]) if counts else "",
        answered=answered,
    )


def flagged(found: Results) -> dict[str, list[str]]:
    """Return the names of the learners under each flag that there is."""
    names = {
        flag: [learner.name for learner in found.learners if flag in flags(learner.note)]
        for flag in FLAGS
    }
    return {flag: learners for flag, learners in names.items() if learners}


def percent(share: float) -> str:
    """Write a share."""
    return f"{100 * share:.0f} %"


def answered(one: Tally) -> int:
    """Return how many answers to an exercise were graded."""
    return one.full + one.some + one.none
