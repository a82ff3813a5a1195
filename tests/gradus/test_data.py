"""The texts that every computer with Python has."""

from gradus.data import python_docs


def test_pythons_documentation_is_long_enough_to_learn_from_and_always_the_same():
    text = python_docs()

    assert len(text) > 300_000
    assert "for" in text
    assert text == python_docs()
    assert text.encode().decode() == text
