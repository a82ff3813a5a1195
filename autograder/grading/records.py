"""Records: what each submission was graded from, so that grading again does only what is new."""

import json
from hashlib import sha256
from pathlib import Path

from autograder.grading.cohort import Submission

MOST_BYTES = 100 * 2**20  # that are graded along, beside a notebook


def autograded_path(root: Path, submission: Submission) -> Path:
    """Return where nbgrader keeps the graded notebook."""
    place = root / "build" / "autograded" / submission.learner / submission.lesson
    return place / f"{submission.lesson}.ipynb"


def record_path(root: Path, submission: Submission) -> Path:
    """Return where it is kept what a submission was graded from, and the note on it."""
    return root / "build" / "grading" / submission.lesson / f"{submission.learner}.json"


def read_record(path: Path) -> dict[str, str]:
    """Return what was kept of the last grading; empty if there was none."""
    try:
        record: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record


def write_record(root: Path, submission: Submission, note: str, made: str = "") -> None:
    """Keep what a submission was graded from; where that is not told, it is graded again."""
    path = record_path(root, submission)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"made": made, "note": note}, indent=1), encoding="utf-8")


def made(root: Path, submission: Submission, common: str) -> str:
    """Digest all that the grading of a submission is made of, and what it has made."""
    folders = (submission.folder, autograded_path(root, submission).parent)
    return digest(common, *(part for folder in folders for part in contents(root, folder)))


def contents(root: Path, folder: Path) -> list[str]:
    """Return the name and a digest of every file in a folder of the course."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            parts += [path.relative_to(root).as_posix(), _content(path)]
    return parts


def digest(*parts: str) -> str:
    """Return one fingerprint of many texts."""
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _content(path: Path) -> str:
    """Digest a file; of one that grading leaves out, only its size and time."""
    found = path.stat()
    if found.st_size > MOST_BYTES:
        return f"{found.st_size} {found.st_mtime_ns}"
    return sha256(path.read_bytes()).hexdigest()
