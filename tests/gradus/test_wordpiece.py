"""WordPiece, held against the `tokenizers` package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from gradus.wordpiece import wordpiece_encode

VOCAB = {"un", "una", "##ffa", "##ble", "##able", "play", "##ing", "##s", "s", "é"}


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("unaffable", ["una", "##ffa", "##ble"]),
        ("playings", ["play", "##ing", "##s"]),
        ("s", ["s"]),
        ("é", ["é"]),
        ("ing", ["[UNK]"]),
        ("playful", ["[UNK]"]),
        ("Play", ["[UNK]"]),
        ("", []),
    ],
)
def test_the_longest_piece_is_taken_first(word, pieces):
    assert wordpiece_encode(word, VOCAB) == pieces


def test_words_that_are_too_long_are_unknown():
    assert wordpiece_encode("s" * 100, {"s", "##s"}) == ["s"] + ["##s"] * 99
    assert wordpiece_encode("s" * 101, {"s", "##s"}) == ["[UNK]"]
    assert wordpiece_encode("sss", {"s", "##s"}, unknown="?", longest_word=2) == ["?"]


pieces = st.text("abc", min_size=1, max_size=3)


@given(st.text("abcd", min_size=1, max_size=12), st.sets(pieces), st.sets(pieces))
def test_pieces_are_those_of_the_tokenizers_package(word, first, later):
    vocab = sorted(first | {"##" + piece for piece in later} | {"[UNK]"})
    package = Tokenizer(
        models.WordPiece(
            vocab={piece: i for i, piece in enumerate(vocab)},
            unk_token="[UNK]",
            max_input_chars_per_word=10,
        )
    )

    assert wordpiece_encode(word, vocab, longest_word=10) == package.encode(word).tokens
