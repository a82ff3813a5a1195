"""A disk that is really full: a small file system in memory, mounted for this test alone."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from autograder.grading.engine import own_code
from autograder.grading.gradebook import rows
from tests.grading.faults.conftest import DOUBLE, LESSON, hand_in, records

CLASS = [f"learner{number}" for number in range(6)]
# A file system of 16 MiB at $1, with the course of $2 in it, and $3 KiB of room.
FULL = """
mount -t tmpfs -o size=16m none "$1"
cp -r "$2/." "$1/"
cat /dev/zero > "$1/filled" 2> /dev/null
truncate -s "-$3K" "$1/filled"
"""
GRADE = f'"$PYTHON" -m autograder.cli grade {LESSON} --no-feedback --workers 1 $OPTIONS --root'
# The first run, and a second one when there is room again; what is there after each is copied out.
TWICE = f"""
{FULL}
cd "$1"
{GRADE} "$1" > "$4/first.txt" 2>&1; echo "exit $?" >> "$4/first.txt"
mkdir "$4/first" "$4/second"; cp -r "$1/build" "$4/first"
rm "$1/filled"
{GRADE} "$1" > "$4/second.txt" 2>&1; echo "exit $?" >> "$4/second.txt"
cp -r "$1/build" "$4/second"
"""
TEMPORARY = f"""
{FULL}
export TMPDIR="$1"
cd "$2"
{GRADE} "$2" > "$4/first.txt" 2>&1; echo "exit $?" >> "$4/first.txt"
ls "$1" > "$4/left.txt"
"""
FILLS = f"""
import contextlib, os, tempfile
for folder in (".", tempfile.gettempdir()):
    with contextlib.suppress(OSError), open(folder + "/fills", "wb", buffering=0) as file:
        while True: file.write(bytes(2**20))
    os.remove(folder + "/fills")
{DOUBLE}
"""


@cache
def namespace() -> list[str] | None:
    """How to run a command where it may mount things that nobody else sees; None if it cannot be.

    Root keeps the sandbox. Others become root in a namespace where bubblewrap cannot work again.
    """
    mount = ["sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]
    for way in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            if not subprocess.run([*way, *mount], capture_output=True, check=False).returncode:
                return way
        except FileNotFoundError:
            return None
    return None


pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has mount namespaces"),
    pytest.mark.skipif(
        sys.platform == "linux" and namespace() is None,
        reason="this machine lets nobody mount anything: neither root nor a user namespace may",
    ),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


def run(script: str, course: Path, room: int, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    way = namespace()
    assert way is not None
    env = os.environ | {
        "PYTHON": sys.executable,
        "PYTHONPATH": ":".join(own_code.search_path()),
        "OPTIONS": "--no-isolation" if "--map-root-user" in way else "",
    }
    arguments = [str(disk), str(course), str(room), str(tmp_path)]
    command = [*way, "bash", "-c", script, "bash", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def points(root: Path) -> dict[str, float]:
    return {row.learner: row.total for row in rows(root, LESSON)}


@pytest.mark.parametrize("room", [0, 40], ids=lambda room: f"{room} KiB of room")
def test_a_full_disk_stops_the_run_and_the_next_one_finishes(course, tmp_path, room):
    for learner in CLASS:
        hand_in(course, learner, DOUBLE)

    run(TWICE, course, room, tmp_path)

    said = (tmp_path / "first.txt").read_text()
    assert said.endswith("exit 2\n"), said
    assert "Traceback" not in said
    assert "full" in said
    assert "Free some space. What was graded is saved; run the command again" in said
    first, second = tmp_path / "first", tmp_path / "second"
    graded = records(first)
    assert len(graded) < len(CLASS)
    assert {learner: points(first)[learner] for learner in graded} == dict.fromkeys(graded, 2.0)
    assert (tmp_path / "second.txt").read_text().endswith("exit 0\n")
    assert points(second) == dict.fromkeys(CLASS, 2.0)
    assert records(second) == set(CLASS)


def test_without_room_for_temporary_files_the_command_says_so(course, tmp_path):
    hand_in(course, "ada", DOUBLE)

    run(TEMPORARY, course, 8, tmp_path)

    said = (tmp_path / "first.txt").read_text()
    assert said.endswith("exit 2\n"), said
    assert "Traceback" not in said
    assert "full" in said
    assert records(course) == set()


def test_a_submission_that_fills_every_folder_it_has_costs_nobody_anything(course, tmp_path):
    for learner in CLASS:
        hand_in(course, learner, FILLS if learner == CLASS[2] else DOUBLE)

    run(TEMPORARY, course, 8 * 1024, tmp_path)

    said = (tmp_path / "first.txt").read_text()
    assert said.endswith("exit 0\n"), said
    assert points(course) == dict.fromkeys(CLASS, 2.0)
    assert [name for name in (tmp_path / "left.txt").read_text().split() if "gradus" in name] == []
