"""What a notebook shows as HTML, and everything else as the same in words."""

from typing import Protocol


class Shown(Protocol):
    """Has `html()` for notebooks, and `alt`, the same in words, for terminals."""

    @property
    def alt(self) -> str:
        """Tell in words what is shown."""

    def html(self) -> str:
        """Return what a notebook shows."""

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:  # called by notebooks
        return {"text/html": self.html(), "text/plain": repr(self)}
