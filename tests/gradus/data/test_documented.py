import json

import pytest

from gradus.data import docstring_summaries, docstrings, documented, summaries
from gradus.data.documented import SIZE, in_source

SOURCE = '''
"""A module."""

class Layer:
    """A class."""

    def forward(self):
        """A method,
        on two lines."""

async def main():
    """Another function."""

def silent():
    return """not a docstring"""
'''


def test_modules_classes_methods_and_functions_are_read_without_being_run():
    found = list(in_source(SOURCE + "\nraise SystemExit"))

    assert sorted(found) == [
        "A class.", "A method,\non two lines.", "A module.", "Another function."
    ]  # fmt: skip


def test_a_file_that_is_not_python_three_has_none():
    assert list(in_source("print 'hello'")) == []
    assert list(in_source(b"x = '\xff'")) == []


@pytest.mark.slow
def test_they_are_many_never_twice_and_the_same_from_the_cache(cache):
    first = docstrings()

    [kept] = cache.iterdir()
    assert json.loads(kept.read_text(encoding="utf-8")) == first
    assert docstrings() == first
    assert len(set(first)) == len(first) > 10_000
    assert 4_000_000 < sum(map(len, first)) <= 3 * SIZE
    assert any("Applies Layer Normalization" in text for text in first)
    assert any("Test whether any array element" in text for text in first)
    assert any("Heap queue algorithm" in text for text in first)
    pairs = docstring_summaries()
    assert len({pair.summary for pair in pairs}) == len({pair.body for pair in pairs}) > 2_000


def test_a_damaged_cache_is_read_anew_and_one_that_cannot_be_written_does_no_harm(
    cache, monkeypatch
):
    monkeypatch.setattr(documented, "_read_all", lambda: ["text"])
    assert docstrings() == ["text"]
    [kept] = cache.iterdir()
    kept.write_text('["te')
    assert docstrings() == ["text"]
    assert kept.read_text() == '["text"]'
    kept.unlink()
    cache.rmdir()
    cache.write_text("a file where the folder should be")
    assert docstrings() == ["text"]


BODY = "This is a paragraph that explains at some length what the function does.\nIt goes on."


def pairs_of(monkeypatch: pytest.MonkeyPatch, *texts: str, **options):
    monkeypatch.setattr(summaries, "docstrings", lambda: list(texts))
    return docstring_summaries(**options)


def test_a_docstring_is_cut_into_what_it_explains_and_its_first_line(monkeypatch):
    [pair] = pairs_of(monkeypatch, f"Add two `numbers`.\n\n{BODY}")

    assert pair == (BODY, "Add two `numbers`.")


def test_a_long_body_ends_with_a_paragraph(monkeypatch):
    [pair] = pairs_of(monkeypatch, f"Add two numbers.\n\n{BODY}\n\n{'word ' * 300}\n\nEnd.")

    assert pair.body == BODY


@pytest.mark.parametrize(
    "text",
    [
        f"Add two\nnumbers of any kind.\n\n{BODY}",
        f"Add two numbers\n\n{BODY}",
        f"Add them.\n\n{BODY}",
        f"Very {'very ' * 30}long summary.\n\n{BODY}",
        "Add two numbers.",
        "Add two numbers.\n\nShort.",
        f"Add two numbers.\n\nParameters\n----------\n{BODY}",
        f"Add two numbers.\n\n>>> add(1, 2)\n\n{BODY}",
    ],
    ids=[
        "two lines",
        "no full stop",
        "two words",
        "too long",
        "no body",
        "short body",
        "a heading",
        "an example",
    ],
)
def test_what_does_not_keep_to_the_convention_is_left_out(monkeypatch, text):
    assert pairs_of(monkeypatch, text) == []


def test_no_summary_and_no_body_comes_twice(monkeypatch):
    texts = [f"Add two numbers.\n\n{BODY}", f"Add two numbers.\n\nNow. {BODY}"]
    texts += [f"Sum two numbers.\n\n{BODY}"]

    assert len(pairs_of(monkeypatch, *texts)) == 1
