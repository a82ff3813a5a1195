"""What comes back of a submission that has been run."""

from dataclasses import dataclass, field

from nbformat import NotebookNode


@dataclass(frozen=True)
class Ran:
    """A submission that has been run: its notebook and what an instructor should know."""

    notebook: NotebookNode
    flags: list[str] = field(default_factory=list)
