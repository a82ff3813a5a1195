"""A verdict: what the examiner says of one answer, as data, as text, as HTML and as a number."""

from dataclasses import dataclass, field
from typing import Any, Self

from autograder.panel import verdict_html, verdict_text

MIME = "application/vnd.gradus.verdict+json"


@dataclass(frozen=True)
class CaseResult:
    """How one case went."""

    name: str
    points: float
    max_points: float
    passed: bool
    message: str = ""
    hidden: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that the answer behaves like: what it is, where to look, and how sure that is.

    `sure` is the share of what the answer did wrong that this mistake does too (1: all of it, and
    nothing else). Several diagnoses with one `sure` could not be told apart.
    """

    name: str
    look: str
    sure: float


@dataclass(frozen=True)
class Verdict:
    """Points, what passed, what failed and why, and which mistakes it looks like.

    `refused` says why nothing was tried (an unknown exercise, a forbidden built-in, ...); `carried`
    names the earlier mistake that this answer was excused for; `printed` is what the answer wrote;
    `older` says that a newer answer than this one has failed.
    """

    exercise: str
    points: float
    max_points: float
    cases: list[CaseResult] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    refused: str | None = None
    carried: str | None = None
    printed: str = ""
    older: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer earned every point."""
        return self.refused is None and self.points >= self.max_points

    def __float__(self) -> float:
        """The points, for nbgrader's partial credit."""
        return float(self.points)

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        cases = [dict(vars(case)) for case in self.cases]
        return {**vars(self), "cases": cases, "diagnoses": [dict(vars(d)) for d in self.diagnoses]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read a verdict from plain data."""
        cases = [CaseResult(**case) for case in data["cases"]]
        diagnoses = [Diagnosis(**diagnosis) for diagnosis in data["diagnoses"]]
        return cls(**{**data, "cases": cases, "diagnoses": diagnoses})

    def text(self) -> str:
        """Say it as plain text."""
        return verdict_text(self.as_json())

    def html(self) -> str:
        """Say it as a panel for a notebook."""
        return verdict_html(self.as_json())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Show the panel; the plain text is the bare number that nbgrader reads as the score."""
        return {
            "text/plain": str(float(self.points)),
            "text/html": self.html(),
            MIME: self.as_json(),
        }

    def __repr__(self) -> str:
        """Return the verdict as text, for plain Python."""
        return self.text()


@dataclass(frozen=True)
class Noted(Verdict):
    """What a notebook is told when it counts: the points, no more; its grader shows the rest."""

    def _ipython_display_(self) -> None:
        """Show nothing: the grader puts the whole verdict in this place."""
