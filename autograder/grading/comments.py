"""What the examiner said of an answer, as nbgrader's automatic comment beside its points."""

from autograder.panel import title
from autograder.verdict import Verdict


def summary(verdict: Verdict) -> str:
    """Say in one paragraph how an answer fared.

    What kind of mistake it looks like stays behind the panel's fold, so that thinking comes first.
    """
    failed = "; ".join(case.name for case in verdict.cases if not case.passed)
    parts = [f"{title(verdict.as_json())}.", verdict.refused]
    if not verdict.refused:
        parts += [f"Failed: {failed}." if failed else "All cases passed.", verdict.carried]
    return " ".join(part for part in parts if part)
