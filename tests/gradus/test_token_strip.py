"""The strip of tokens, and the explorer that draws it again while one types."""

import re
from html import unescape

import pytest

from gradus.explore.tokens import ALL, LONGEST, TokenizerExplorer
from gradus.plots.tokens import MOST_SHOWN, TokenStrip, token_strip, visible
from gradus.tokenizer import Tokenizer

bytes_alone = Tokenizer([])
few = Tokenizer.train("low lower lowest slow", 256 + 6)


def boxes(html: str) -> list[str]:
    """What a screen reader says of each box."""
    return [unescape(label) for label in re.findall(r'role="listitem" aria-label="([^"]*)"', html)]


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (b"low", "low"),
        (b" low", "␣low"),
        (b"\n\t\r", "⏎⇥␍"),
        ("é".encode(), "é"),
        (b"\xc3", "‹C3›"),
        (b"\xe6\x97", "‹E6 97›"),
        ("\u0301".encode(), "◌\u0301"),
        ("\u200d".encode(), "U+200D"),
        (b"\x00", "U+0000"),
    ],
)
def test_every_token_can_be_seen(token, text):
    assert visible(token) == text


def test_a_strip_shows_text_id_and_bytes_of_every_token():
    strip = token_strip(few, "low é<", show_bytes=True)

    assert strip.ids == few.encode("low é<")
    assert boxes(strip.html()) == [
        f"{visible(few.token(one))}, id {one}, bytes {few.token(one).hex(' ').upper()}"
        for one in strip.ids
    ]
    assert ">3C</span>" in strip.html()
    assert "&lt;" in strip.html()
    assert strip.alt == repr(strip) == strip._repr_mimebundle_()["text/plain"]
    assert f'"low" ({few.encode("low")[0]})' in strip.alt


def test_neighbours_differ_by_more_than_colour():
    lines = re.findall(r"border-bottom:3px (\w+)", token_strip(bytes_alone, "abcdefgh").html())

    assert len(lines) == 8
    assert all(one != other for one, other in zip(lines, lines[1:], strict=False))


def test_a_long_strip_is_cut():
    strip = token_strip(bytes_alone, "a" * (MOST_SHOWN + 7))

    assert len(boxes(strip.html())) == MOST_SHOWN
    assert "and 7 more" in strip.html()


def test_nothing_is_shown_of_no_text():
    strip = TokenStrip([], [], "empty")

    assert boxes(strip.html()) == []
    assert strip.alt == "empty: 0 tokens: nothing"


@pytest.fixture
def explorer() -> TokenizerExplorer:
    return TokenizerExplorer({"bytes": bytes_alone, "few": few}, "low lower")


def test_the_explorer_shows_all_vocabularies_at_first(explorer):
    both = [token_strip(bytes_alone, "low lower"), token_strip(few, "low lower")]

    assert boxes(explorer.strips.value) == [b for strip in both for b in boxes(strip.html())]


def test_the_tokens_follow_the_text(explorer):
    explorer.choice.value = "few"
    before = boxes(explorer.strips.value)

    explorer.text.value = "slow 日"

    assert boxes(explorer.strips.value) == boxes(token_strip(few, "slow 日").html()) != before


def test_the_tokens_follow_the_vocabulary(explorer):
    explorer.choice.value = "bytes"
    assert len(boxes(explorer.strips.value)) == len("low lower")

    explorer.choice.value = ALL
    assert len(boxes(explorer.strips.value)) > len("low lower")


def test_the_bytes_are_shown_when_asked_for(explorer):
    assert ">6C</span>" not in explorer.strips.value

    explorer.bytes.value = True

    assert ">6C</span>" in explorer.strips.value


def test_typing_can_break_nothing(explorer):
    for text in ("", "\ud83d", "<script>", "a" * (LONGEST + 1), "\x00"):
        explorer.text.value = text

        assert "<script>" not in explorer.strips.value

    assert "characters are shown" not in explorer.strips.value
    explorer.text.value = "a" * (LONGEST + 1)
    assert "Only the first 4,000 characters are shown" in explorer.strips.value
