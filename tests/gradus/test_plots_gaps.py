"""The strip of gaps: what it says of each word, in boxes and in words."""

from gradus.plots.gaps import GapStrip

WORDS = ["the", "cat", "<b>", "sat", "[MASK]"]


def strip():
    return GapStrip([0, 4, 2, 3], [-100, 1, 2, 0], WORDS, mask_id=4, title="p = 0.5")


def test_it_tells_what_became_of_each_chosen_word():
    assert strip().alt == (
        "p = 0.5. 3 of 4 words chosen. the [[MASK]: hidden, was cat] [<b>: kept, was <b>] "
        "[sat: another, was the]"
    )


def test_a_screen_reader_reads_a_list_of_words():
    html = strip().html()
    assert html.count('role="listitem"') == 4
    assert "hidden: cat" in html
    assert "<b>:" not in html  # words are text, whatever they look like
    assert "&lt;b&gt;" in html
