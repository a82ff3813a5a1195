"""Splitting, held against the `regex` and `tokenizers` packages."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import pre_tokenizers

from gradus.splitting import split_specials, split_words

# As published: https://github.com/openai/gpt-2/blob/master/src/encoder.py
GPT2 = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
AWKWARD = " \t\n\r\x0b\x1c\x1f\x85\xa0\u2003\u3000ab_Zé日½²Ⅷ19٣'sdtmlvre!-—\u0301\u200d👩\x00"
assigned = st.characters(exclude_categories=["Cs", "Cn"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("to be", ["to", " be"]),
        ("don't", ["don", "'t"]),
        ("we'll", ["we", "'ll"]),
        ("it's 1999!", ["it", "'s", " 1999", "!"]),
        ("a  b", ["a", " ", " b"]),
        ("a \n", ["a", " \n"]),
        ("if x:\n    y", ["if", " x", ":", "\n   ", " y"]),
        ("naïve", ["naïve"]),
        ("10½", ["10½"]),
        ("snake_case", ["snake", "_", "case"]),
        ("", []),
    ],
)
def test_words_are_cut_as_gpt2_cuts_them(text, words):
    assert split_words(text) == words == GPT2.findall(text)


def test_every_character_belongs_to_the_class_that_unicode_gives_it():
    characters = [
        c for c in map(chr, range(0x20000)) if unicodedata.category(c) not in ("Cs", "Cn")
    ]
    text = "".join(f"a{c}1 {c}" for c in characters)

    assert split_words(text) == GPT2.findall(text)


@given(st.text(st.one_of(st.sampled_from(AWKWARD), assigned), max_size=30))
def test_words_are_those_of_the_tokenizers_package(text):
    package = pre_tokenizers.ByteLevel(add_prefix_space=False)

    assert split_words(text) == [text[a:b] for _, (a, b) in package.pre_tokenize_str(text)]


@given(st.text())
def test_nothing_is_lost(text):
    assert "".join(split_words(text)) == text


def test_specials_become_pieces_of_their_own():
    assert split_specials("a<|end|>b", ["<|end|>"]) == ["a", "<|end|>", "b"]


def test_of_specials_that_begin_together_the_longest_is_taken():
    text = "a<|end|><|end|>b<|end|>"

    assert split_specials(text, ["<|end|>", "<|end|><|end|>"]) == [
        "a",
        "<|end|><|end|>",
        "b",
        "<|end|>",
    ]


def test_specials_are_no_patterns():
    assert split_specials("a.b|c", [".", "|"]) == ["a", ".", "b", "|", "c"]


@given(st.text("ab<|>"), st.lists(st.text("ab<|>", min_size=1), max_size=3))
def test_joined_pieces_are_the_text(text, specials):
    pieces = split_specials(text, specials)

    assert "".join(pieces) == text
    assert "" not in pieces
