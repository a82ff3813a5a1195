"""Damaged texts as rows of words."""

from gradus.plots.spans import SpanStrip


def test_signs_are_boxes_and_words_are_escaped():
    strip = SpanStrip({"read": ["a", "<X>", "<b>"], "written": ["<X>", "c"]}, ["<X>"], "T & U")
    page = strip.html()
    assert page.count("border-bottom") == 2
    assert "&lt;b&gt;" in page
    assert "T &amp; U" in page
    assert repr(strip) == "T & U | read (3): a <X> <b> | written (2): <X> c"
    assert set(strip._repr_mimebundle_()) == {"text/html", "text/plain"}
