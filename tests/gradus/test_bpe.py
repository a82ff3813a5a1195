"""Byte-pair encoding: by hand, against a naive oracle, and against the `tokenizers` package."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradus.bpe import bpe_decode, bpe_encode, merge_pair, pair_counts, train_bpe
from gradus.data import python_docs
from gradus.splitting import split_words
from tests.gradus.byte_level import as_package, merges_of_package

DOCS = python_docs()[:8000]
MERGES = train_bpe(DOCS, 400, ["<|end|>"])
assigned = st.text(st.characters(exclude_categories=["Cs", "Cn"]))


def naive_merges(text: str, wanted: int) -> list[tuple[int, int]]:
    """BPE with nothing clever: all words in a row, every pair counted in every round."""
    words = [list(word.encode()) for word in split_words(text)]
    merges: list[tuple[int, int]] = []
    for new in range(256, 256 + wanted):
        pairs = [(w[i], w[i + 1]) for w in words for i in range(len(w) - 1)]
        if not pairs:
            break
        most = max(Counter(pairs).values())
        best = sorted(p for p, n in Counter(pairs).items() if n == most)[0]
        merges.append(best)
        for w in words:
            i = 0
            while i < len(w) - 1:
                if (w[i], w[i + 1]) == best:
                    w[i : i + 2] = [new]
                i += 1
    return merges


def test_the_example_of_wikipedia():
    """aaabdaaabac: "aa" becomes Z, then "ab" Y (here "aa" + "a" ties with it and comes later)."""
    merges = train_bpe("aaabdaaabac", 256 + 3)

    assert merges == [(97, 97), (97, 98), (256, 257)]
    assert bpe_encode("aaabdaaabac", merges) == [258, 100, 258, 97, 99]


def test_pairs_count_as_often_as_their_words_and_overlap():
    assert pair_counts({(7, 7, 7): 2, (1, 7): 5, (9,): 4}) == {(7, 7): 4, (1, 7): 5}
    assert pair_counts({}) == {}


def test_pairs_merge_from_left_to_right():
    ids = [7, 7, 7, 1, 7, 7]

    assert merge_pair(ids, (7, 7), 300) == [300, 7, 1, 300]
    assert ids == [7, 7, 7, 1, 7, 7]
    assert merge_pair([], (1, 2), 3) == []
    assert merge_pair([1, 1, 1, 1], (1, 1), 1) == [1, 1]


@given(st.text("abé <|>", max_size=60), st.integers(0, 12))
def test_training_finds_what_a_naive_trainer_finds(text, wanted):
    assert train_bpe(text, 256 + wanted) == naive_merges(text, wanted)


def test_training_finds_what_the_tokenizers_package_finds():
    assert train_bpe(DOCS, 450) == merges_of_package(DOCS, 450)


def test_specials_count_towards_the_vocabulary_and_teach_nothing():
    with_specials = train_bpe("low<|end|>lower<|end|>lowest", 256 + 5, ["<|end|>", "<|pad|>"])

    assert len(with_specials) == 3
    assert with_specials == train_bpe("low", 256 + 3) + [(257, 101)]


def test_words_on_two_sides_of_a_special_are_two_words():
    assert train_bpe("a<|end|>a", 300, ["<|end|>"]) == []


def test_training_ends_when_no_pair_is_left():
    assert train_bpe("aaaa bb", 10_000) == [(97, 97), (32, 98), (256, 256), (257, 98)]
    assert train_bpe("", 300) == []


@pytest.mark.parametrize(("size", "specials"), [(255, []), (256, ["<|end|>"]), (-1, [])])
def test_a_vocabulary_too_small_is_refused(size, specials):
    with pytest.raises(ValueError, match=f"make it at least {256 + len(specials)}"):
        train_bpe("text", size, specials)


@given(assigned)
@example("\ufeffBOM, cafe\u0301, \r\n\x00 and 👩‍👩‍👧 <|end|>")
@example("  two  spaces, don't 1999½ ")
def test_ids_are_those_of_the_tokenizers_package(text):
    package = as_package(MERGES, ["<|end|>"])

    assert bpe_encode(text, MERGES, ["<|end|>"]) == package.encode(text).ids


@given(st.text())
@example("\ufeff\x00\r\n👩‍👩‍👧<|end|>")
@example("")
def test_any_text_comes_back(text):
    assert bpe_decode(bpe_encode(text, MERGES, ["<|end|>"]), MERGES, ["<|end|>"]) == text


# The first 64 merges of GPT-2's vocab.bpe (MIT licence), with "_" for the space.
GPT2 = """
_ t|_ a|h e|i n|r e|o n|_t he|e r|_ s|a t|_ w|_ o|e n|_ c|i t|i s|a n|o r|e s|_ b|e d|_ f|in g|_ p
|o u|_a n|a l|a r|_t o|_ m|_o f|_ in|_ d|_ h|_an d|i c|a s|l e|_t h|i on|o m|l l|en t|_ n|_ l|s t
|_ re|v e|_ e|r o|l y|_b e|_ g|_ T|c t|_ S|i d|o t|_ I|u t|e t|_ A|_ is|_ on
""".replace("\n", "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [(" the", [262]), (" and", [290]), (" to", [284]), (" of", [286]), ("ed", [276])]
    + [(" thing", [294, 278]), (" is on", [318, 319])],
)
def test_merged_tokens_have_their_published_gpt2_ids(text, ids):
    """GPT-2 numbers its bytes in another order, but merge i makes id 256 + i there, too."""
    known = {bytes([byte]): byte for byte in range(256)}
    merges = []
    for new, line in enumerate(GPT2.split("|"), 256):
        left, right = (part.replace("_", " ").encode() for part in line.split(" "))
        merges.append((known[left], known[right]))
        known[left + right] = new

    assert bpe_encode(text, merges) == ids


def test_half_a_character_is_replaced():
    assert bpe_decode([0xC3], []) == "\ufffd"
    assert bpe_decode([0xC3, 0xA9], []) == "é"


@pytest.mark.parametrize("token", [-1, 259, 10**9])
def test_an_id_outside_the_vocabulary_is_refused(token):
    with pytest.raises(ValueError, match=f"no token {token}: the ids go from 0 to 258"):
        bpe_decode([65, token], [(97, 98), (256, 99)], ["<|end|>"])


def test_text_that_is_no_unicode_is_refused():
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        bpe_encode("\ud800", MERGES)
