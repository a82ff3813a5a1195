"""The panel says the same in text and HTML, in the order of thinking, never by colour alone."""

import re
from html import unescape

from autograder.verdict import CaseResult, Diagnosis, Verdict

VERDICT = Verdict(
    "attend",
    2.5,
    5.0,
    [
        CaseResult("two keys by hand", 1.0, 1.0, True),
        CaseResult("identical keys give the mean", 1.5, 1.5, True),
        CaseResult(
            "a masked key has no say", 0.0, 2.5, False, "Changing <key> 3 moved it.", hint="H."
        ),
    ],
    [Diagnosis("The mask comes late.", "Which comes first?", 1.0)],
    printed="debugging\nhere",
)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_the_text_has_points_passes_failures_and_folds_in_order():
    assert VERDICT.text().splitlines() == [
        "attend · 2.5 of 5 points",
        "  passed   two keys by hand (1) · identical keys give the mean (1.5)",
        "  failed   a masked key has no say (2.5)",
        "           Changing <key> 3 moved it.",
        "           H.",
        "  ▸ What kind of mistake is this?  The mask comes late.",
        "  ▸ Where to look  Which comes first?",
        "  printed  debugging",
        "           here",
    ]


def test_the_html_says_the_same_words_and_escapes_them():
    html = VERDICT.html()
    said = words(html)

    for text in ("attend · 2.5 of 5 points", "Changing <key> 3 moved it.", "debugging here"):
        assert text in said
    for text in ("passed", "failed", "The mask comes late.", "Which comes first?"):
        assert text in said
    assert "<key>" not in html
    assert 'aria-label="attend · 2.5 of 5 points"' in html


def test_the_kind_of_mistake_is_behind_a_fold():
    folds = re.findall(r"<details.*?</details>", VERDICT.html())

    assert [words(fold).split("?")[0].strip() for fold in folds[:1]] == [
        "What kind of mistake is this"
    ]
    assert all("open" not in fold.split(">")[0] for fold in folds)


def test_ties_and_doubts_are_said():
    two = [Diagnosis("A.", "Look?", 1.0), Diagnosis("B.", "Look?", 1.0)]
    tie = Verdict("f", 0.0, 1.0, [CaseResult("c", 0, 1, False, "m")], two)
    doubt = Verdict(
        "f", 0.0, 1.0, [CaseResult("c", 0, 1, False, "m")], [Diagnosis("A.", "L?", 0.6)]
    )

    both = Verdict(
        "f", 0.0, 1.0, [CaseResult("c", 0, 1, False, "m")],
        [Diagnosis("A.", "L?", 0.6), Diagnosis("B.", "L?", 0.6)],
    )  # fmt: skip

    assert "These cannot be told apart from here. A. Or: B." in tie.text()
    assert tie.text().count("Look?") == 1
    assert "Part of what went wrong looks like this: A." in doubt.text()
    assert "Part of what went wrong looks like one of these: A. Or: B." in both.text()


def test_a_full_score_is_marked_by_a_sign_and_shows_nothing_printed():
    full = Verdict("f", 1.0, 1.0, [CaseResult("c", 1, 1, True)], printed="noise")

    assert full.html().count("✓") == 1
    assert "noise" not in full.html() + full.text()
    assert "✗" in VERDICT.html()
