"""Files beside a notebook: a learner's own and the lesson's, which win, as in nbgrader."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.grading.records import MOST_BYTES

MOST_FILES = 1000  # beside a notebook


@dataclass(frozen=True)
class Beside:
    """Files by their name in the notebook's folder.

    Where they lie, as long as they have not been sent to another process; then, what is in them.
    """

    files: Mapping[str, Path | bytes] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type["Beside"], tuple[dict[str, bytes]]]:
        """Travel with what is in the files: a worker may run on another machine."""
        return type(self), (dict(self.contents()),)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Yield each name and what is in the file."""
        for name, file in self.files.items():
            yield name, file.read_bytes() if isinstance(file, Path) else file


def beside(root: Path, lesson: str, folder: Path) -> Beside:
    """Return what a submission in this folder finds in its working directory."""
    given, _ = listing(handed_out(root, lesson))
    own, _ = listing(folder)
    return Beside({name: path for name, path in own.items() if not _hides(name, given)} | given)


def copy_beside(root: Path, lesson: str, folder: Path, target: Path) -> list[str]:
    """Copy the same into a folder, which should be empty; returns notes on what was left out."""
    for name, file in beside(root, lesson, folder).files.items():
        assert isinstance(file, Path)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target / name)
    return listing(folder)[1]


def handed_out(root: Path, lesson: str) -> Path:
    """Return the folder that learners were given: the notebook, and files that it needs."""
    return root / "course" / lesson


def listing(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the files beside a notebook, within limits, and notes; links are not followed.

    Archives are files like others: nothing in them is unpacked.
    """
    files: dict[str, Path] = {}
    links, size, too_many = [], 0, 0
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_symlink():
            links.append(ascii(place.as_posix())[1:-1])
        elif path.is_file() and path.suffix != ".ipynb" and ".ipynb_checkpoints" not in place.parts:
            own = path.stat().st_size
            if len(files) >= MOST_FILES or size + own > MOST_BYTES:
                too_many += 1
                continue
            size += own
            files[place.as_posix()] = path
    notes = [f"Links were left out: {', '.join(links)}."] if links else []
    if too_many:
        limits = f"{MOST_FILES:,} files and {MOST_BYTES / 2**20:g} MiB"
        notes.append(f"Files were left out: {too_many:,}, over the limit of {limits}.")
    return files, notes


def _hides(name: str, given: Mapping[str, Path]) -> bool:
    """Whether a learner's file has a name that one of the lesson's needs, for itself or above."""
    above = {parent.as_posix() for parent in PurePosixPath(name).parents}
    needed = {parent.as_posix() for other in given for parent in PurePosixPath(other).parents}
    return name in given or name in needed or bool(above & given.keys())
