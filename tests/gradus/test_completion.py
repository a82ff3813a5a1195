"""Completions as models write them, and what a person reads in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.completion import parse_completion

LABELS = ["positive", "negative"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (" positive", "positive"),
        ("\n\nPositive.", "positive"),
        ("**NEGATIVE** because", "negative"),
        ('"negative"', "negative"),
        ("positive, not negative", "positive"),
        (" positive\n\nText: more\nLabel: negative", "positive"),
        ("not positive", None),
        ("positively", None),
        ("nonpositive", None),
        ("(positive)", None),
        ("", None),
        (" \n", None),
    ],
)
def test_what_a_person_reads(text, label):
    assert parse_completion(text, LABELS) == label


def test_an_echo_is_taken_off_once_and_only_at_the_start():
    prompt = "Was it positive?"

    assert parse_completion(f"{prompt} negative", LABELS, prompt) == "negative"
    assert parse_completion("negative", LABELS, prompt) == "negative"
    assert parse_completion(f"{prompt}{prompt} negative", LABELS, prompt) is None


def test_the_first_stop_ends_the_answer():
    labels = ["very good", "very"]

    assert parse_completion("very good", labels) == "very good"
    assert parse_completion("very| good", ["very| good", "very"], stop=["good", "|"]) == "very"
    assert parse_completion("|very", labels, stop=["|"]) is None


@given(
    st.sampled_from(["red", "Dark blue", "dark", "7"]),
    st.sampled_from(["", " ", "\n", ' "', "**"]),
    st.sampled_from(["", ".", "\nblue", "!", '"', " red", "_"]),
    st.booleans(),
)
def test_a_label_is_found_however_it_is_dressed(label, ahead, behind, capitals):
    text = ahead + (label.upper() if capitals else label) + behind

    assert parse_completion(text, ["dark", "red", "Dark blue", "7"]) == label


@pytest.mark.parametrize(("labels", "stop"), [(["a", ""], ["x"]), (["a"], ["x", ""])])
def test_what_is_found_everywhere_is_refused(labels, stop):
    with pytest.raises(ValueError, match="may be empty"):
        parse_completion("a", labels, "", stop)
