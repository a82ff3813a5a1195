import sys
from pathlib import Path

import pytest

from gradus.data.cache import cache_folder, write_whole


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "{home}/gradus"),
        ("linux", "", "{home}/.cache/gradus"),
        ("darwin", "", "{home}/Library/Caches/gradus"),
        ("win32", "LOCALAPPDATA", "{home}/gradus/Cache"),
        ("win32", "", "{home}/AppData/Local/gradus/Cache"),
        ("win32", "GRADUS_CACHE", "{home}"),
    ],
)
def test_every_system_has_its_folder_and_the_variable_wins(
    tmp_path, monkeypatch, platform, variable, expected
):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("GRADUS_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))

    assert cache_folder() == Path(expected.format(home=tmp_path))


def test_a_relative_folder_in_the_systems_variable_is_ignored_as_its_standard_asks(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("GRADUS_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")

    assert cache_folder() == Path.home() / ".cache" / "gradus"


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a" / "b.bin"
    write_whole(path, b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]
