"""Tells whether course/ is what its lessons and layers say it should be."""

import shutil
import tempfile
from pathlib import Path

from autograder.notebooks.build import build_all
from autograder.notebooks.points import Points, bank_points

# Left behind by people and programs who use the course; git ignores them too.
IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


def stale(root: Path, points: Points = bank_points) -> list[str]:
    """Build the course in `root` elsewhere and return how course/ differs, a line per file."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        shutil.copytree(root / "solutions", new / "solutions")
        page = root / "course" / "README.md"
        if page.exists():
            (new / "course").mkdir()
            shutil.copy(page, new / "course")
        build_all(new, points)
        return compare(_files(root / "course"), _files(new / "course"))


def compare(committed: dict[str, bytes], fresh: dict[str, bytes]) -> list[str]:
    """Return a line for every file that is missing, differs, or should not be there."""
    lines = []
    for name in sorted(committed.keys() | fresh.keys()):
        if name not in committed:
            lines.append(f"course/{name} is missing")
        elif name not in fresh:
            # Next to the page, people may keep what they like; lesson folders belong to the build.
            if "/" in name:
                lines.append(f"course/{name} belongs to no lesson")
        elif committed[name] != fresh[name]:
            lines.append(f"course/{name} differs from a fresh build")
    return lines


def explain(lines: list[str]) -> str:
    """Return the lines of `stale` as a message that says how to mend it; empty if all is fresh."""
    if not lines:
        return ""
    return "\n".join(
        [
            "course/ is not what solutions/ and lib/gradus/ make. Run `gradus build`, and remove "
            "what belongs to no lesson:",
            *(f"  {line}" for line in lines),
        ]
    )


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not IGNORED & set(path.relative_to(folder).parts)
    }
