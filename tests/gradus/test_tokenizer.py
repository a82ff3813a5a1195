"""The fast tokenizer does what the clear functions do, and refuses what makes no sense."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradus.bpe import bpe_decode, bpe_encode, train_bpe
from gradus.data import python_docs
from gradus.tokenizer import Tokenizer
from tests.gradus.byte_level import as_package, merges_of_package

DOCS = python_docs()[:100_000]
SPECIALS = ["<|end|>", "<|end|><|end|>"]
tokenizer = Tokenizer.train(DOCS, 1000, SPECIALS)


@given(st.text("abé <|end|>", max_size=80), st.integers(0, 15))
@example("aaaaaaaaaaaaaaa", 15)
@example("abababa baba", 15)
def test_it_learns_the_merges_of_the_clear_trainer(text, wanted):
    size = 256 + len(SPECIALS) + wanted
    if text.replace("<|end|>", ""):
        assert Tokenizer.train(text, size, SPECIALS).merges == train_bpe(text, size, SPECIALS)


def test_it_learns_the_merges_of_the_tokenizers_package():
    assert Tokenizer.train(DOCS, 1000).merges == merges_of_package(DOCS, 1000)


def test_it_learns_the_merges_of_the_clear_trainer_from_real_text():
    assert Tokenizer.train(DOCS[:10_000], 400).merges == train_bpe(DOCS[:10_000], 400)


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"])))
def test_its_ids_are_those_of_the_tokenizers_package(text):
    assert tokenizer.encode(text) == as_package(tokenizer.merges, SPECIALS).encode(text).ids


def test_its_ids_of_real_text_are_those_of_the_tokenizers_package():
    text = DOCS[:5000] + "<|end|><|end|>" + DOCS[-5000:]

    assert tokenizer.encode(text) == as_package(tokenizer.merges, SPECIALS).encode(text).ids


@given(st.text())
@example("\ufeff\x00\r\n👩‍👩‍👧<|end|>")
def test_it_agrees_with_the_clear_functions_and_text_comes_back(text):
    ids = tokenizer.encode(text)

    assert ids == bpe_encode(text, tokenizer.merges, SPECIALS)
    assert tokenizer.decode(ids) == text == bpe_decode(ids, tokenizer.merges, SPECIALS)


def test_what_it_handed_out_is_not_what_it_remembers():
    tokenizer.encode(" the").append(7)

    assert tokenizer.decode(tokenizer.encode(" the")) == " the"


def test_the_vocabulary_holds_bytes_then_merges_then_specials():
    assert len(tokenizer) == 1000
    assert tokenizer.token(104) == b"h"
    assert tokenizer.token(999) == b"<|end|><|end|>"
    assert tokenizer.encode("<|end|>") == [998]
    assert tokenizer.encode("") == []


@pytest.mark.parametrize("token", [-1, 1000])
def test_an_id_outside_the_vocabulary_is_refused(token):
    with pytest.raises(ValueError, match=f"no token {token}: the ids go from 0 to 999"):
        tokenizer.decode([token])


@pytest.mark.parametrize("text", ["", "<|end|>"])
def test_no_text_is_refused(text):
    with pytest.raises(ValueError, match="no text to learn from"):
        Tokenizer.train(text, 300, SPECIALS)


def test_a_vocabulary_too_small_is_refused():
    with pytest.raises(ValueError, match="make it at least 258"):
        Tokenizer.train("text", 257, SPECIALS)


@pytest.mark.parametrize("merges", [[(97, 256)], [(-1, 97)], [(97, 98), (257, 97)]])
def test_merges_of_what_is_not_there_yet_are_refused(merges):
    with pytest.raises(ValueError, match="may only join ids made before it"):
        Tokenizer(merges)


@pytest.mark.parametrize("specials", [["<a>", "<a>"], [""]])
def test_specials_that_cannot_be_told_apart_are_refused(specials):
    with pytest.raises(ValueError, match="specials must differ"):
        Tokenizer([], specials)
