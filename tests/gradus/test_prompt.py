"""Prompts held against text worked out by hand, laws, and a search of all suffixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.prompt import build_prompt, fit_budget

LINE = "{text}: {label}"
EXAMPLES = [("ab", "x"), ("cd", "y"), ("ef", "z")]

texts = st.text(alphabet="ab {}%\n", min_size=1, max_size=8)
pairs = st.lists(st.tuples(texts, texts), max_size=4)


def test_by_hand():
    prompt = build_prompt(
        "Good or bad?", [("Joy.", "good")], "Meh.", "Text: {text}\nLabel: {label}"
    )

    assert prompt == "Good or bad?\n\nText: Joy.\nLabel: good\n\nText: Meh.\nLabel:"


def test_parts_that_are_not_there_leave_no_trace():
    assert build_prompt("", [], "one", LINE) == "one:"
    assert build_prompt("Count.", [], "one", LINE) == "Count.\n\none:"


@given(texts, texts)
def test_with_a_space_and_its_label_the_query_is_an_example(query, label):
    solved = build_prompt("", [(query, label)], "another one", LINE)

    assert solved.startswith(build_prompt("", [], query, LINE) + " " + label)


@given(pairs, texts)
def test_a_prompt_is_its_examples_and_then_the_query(examples, query):
    examples = [(f"<{text}>", label) for text, label in examples]  # none of them is the query
    lines = [f"{text}: {label}" for text, label in examples]

    assert build_prompt("", examples, query, LINE) == "\n\n".join([*lines, f"{query}:"])


@pytest.mark.parametrize(
    ("template", "ends"),
    [
        ("{text} => {label}", "q =>"),
        ("{text}\n\t {label}!", "q"),
        ("({{text}}) {label}", "({q})"),
        ("<{text}>{label}", "<q>"),
    ],
)
def test_the_query_ends_before_the_label_and_the_space_there(template, ends):
    assert build_prompt("", [], "q", template) == ends


def test_whitespace_of_the_query_is_its_own():
    assert build_prompt("", [], "q \n", "{text} {label}") == "q \n"


@pytest.mark.parametrize(
    "template",
    ["", "{text}", "{label}", "{label} {text}", "{text}{text}{label}", "{text}{label}{label}"],
)
def test_what_is_no_template_is_refused(template):
    with pytest.raises(ValueError, match="once each"):
        build_prompt("", [], "q", template)


def test_a_query_among_the_examples_is_refused():
    with pytest.raises(ValueError, match="take it out"):
        build_prompt("", EXAMPLES, "cd", LINE)


@given(pairs, st.integers(0, 120), st.integers(0, 20))
def test_the_longest_suffix_that_fits_is_kept(examples, max_tokens, reserve):
    def size(kept):
        return len(build_prompt("Do it.", kept, "Q", LINE).encode()) + reserve

    examples = [(f"<{text}>", label) for text, label in examples]
    suffixes = [examples[first:] for first in range(len(examples) + 1)]
    fitting = [kept for kept in suffixes if size(kept) <= max_tokens]

    def call():
        encode = lambda text: list(text.encode())  # noqa: E731
        return fit_budget("Do it.", examples, "Q", LINE, encode, max_tokens, reserve)

    if fitting:
        assert call() == max(fitting, key=len)
    else:
        with pytest.raises(ValueError, match="without any examples"):
            call()


def test_what_counts_is_the_whole_text():
    def in_pairs(text):  # a tokenizer that joins across the ends of parts
        return [ord(text[i]) for i in range(0, len(text), 2)]

    whole = build_prompt("", EXAMPLES, "gh", LINE)  # 24 letters

    assert fit_budget("", EXAMPLES, "gh", LINE, in_pairs, len(whole) // 2, 0) == EXAMPLES
    assert fit_budget("", EXAMPLES, "gh", LINE, in_pairs, len(whole) // 2 - 1, 0) == EXAMPLES[1:]
