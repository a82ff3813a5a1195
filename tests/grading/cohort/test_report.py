import inspect
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from autograder.grading import cohort, kernel, warm
from autograder.grading.engine import reading, transplant
from autograder.grading.flags import FLAGS
from autograder.grading.marks import Mark
from autograder.grading.report import report_html, write_report
from autograder.grading.results import Exercise, Learner, Results, results
from autograder.grading.table import class_table, hyphenated, notebook_table, notes
from autograder.grading.tally import (
    BLANK,
    BROKEN,
    PARTLY,
    RECOGNISED,
    REFUSED,
    TIED,
    UNKNOWN,
    kind_of,
    tally,
)
from autograder.notebooks.source import LessonError
from autograder.verdict import CaseResult, Diagnosis, Verdict

LESSON = "04_attention"
UNSCALED = Diagnosis("The scores are <not> scaled.", "What keeps them small?", 1)
SHIFTED = Diagnosis("The mask is shifted.", "Which row is first?", 1)


def verdict(points, *diagnoses, refused=None, carried=None):
    cases = [CaseResult("two keys", 5, 5, points >= 5)]
    return Verdict("attend", points, 5, cases, list(diagnoses), refused, carried)


def learner(name, points, found, note=""):
    made = Learner(name, {"check-attend": points}, points or 0.0, note, Path("not graded"))
    vars(made)["verdicts"] = {"check-attend": found} if found else {}  # as if read already
    return made


@pytest.fixture
def found():
    return Results(
        LESSON,
        "Attention",
        (Exercise("check-attend", "attend", 5),),
        (
            learner("ada", 5.0, verdict(5)),
            learner("ben", 2.0, verdict(2, UNSCALED)),
            learner("cem", 2.0, verdict(2, UNSCALED)),
            learner("dora", 1.0, verdict(1, UNSCALED, SHIFTED)),
            learner("eve", 0.0, None, "The kernel died."),
            learner("finn", 0.0, verdict(0, refused="attend is not written yet.")),
            learner("gil", 5.0, verdict(5, carried="Right, given your earlier causal_mask.")),
        ),
    )


def test_a_class_is_counted(found):
    [one] = tally(found)

    assert (one.full, one.some, one.none, one.carried) == (2, 3, 2, 1)
    assert one.kinds == {RECOGNISED: 2, TIED: 1, BROKEN: 1, BLANK: 1}
    first, second = one.by_frequency()
    assert (first.name, first.surely, first.perhaps) == (UNSCALED.name, ["ben", "cem"], ["dora"])
    assert (second.name, second.surely, second.perhaps) == (SHIFTED.name, [], ["dora"])
    assert one.failed_cases == {"two keys": 4}
    assert one.share == pytest.approx(15 / 35)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (None, BROKEN),
        (verdict(0, refused="attend is not written yet."), BLANK),
        (verdict(0, refused="It calls softmax."), REFUSED),
        (verdict(1), UNKNOWN),
        (verdict(1, Diagnosis("x", "y", 0.5)), PARTLY),
        (verdict(1, UNSCALED), RECOGNISED),
        (verdict(1, UNSCALED, SHIFTED), TIED),
    ],
)
def test_how_sure_it_is(found, kind):
    assert kind_of(found) == kind


class Page(HTMLParser):
    """What a reader, or a screen reader, finds in a page."""

    def __init__(self, html):
        super().__init__()
        self.drawings, self.headings, self.links, self.open = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.links += [v for k, v in attributes if k in ("src", "href") and tag != "use"]
        if tag == "svg":
            self.drawings.append(given)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)


def test_the_report_stands_alone_and_says_in_words_what_its_drawings_show(found):
    html = report_html(found)
    page = Page(html)

    assert [link for link in page.links if not link.startswith("#")] == []
    assert "<script" not in html
    assert "url(http" not in html
    assert len(page.drawings) == 3
    for drawing in page.drawings:
        assert drawing["role"] == "img"
        assert len(drawing["aria-label"]) > 40
    assert page.headings[0] == "h1"
    assert html.count("<caption>") >= 4
    assert "@media print" in html


def test_what_comes_from_elsewhere_is_escaped(found):
    html = report_html(found)

    assert "The scores are <not> scaled." not in html
    assert "The scores are &lt;not&gt; scaled." in html
    assert "The kernel died." in html


def test_the_same_class_gives_the_same_report(found):
    assert report_html(found) == report_html(found)


def test_a_perfect_class_and_a_class_of_one_can_be_reported():
    one = Results(
        LESSON,
        "Attention",
        (Exercise("check-attend", "attend", 5),),
        (learner("ada", 5.0, verdict(5)),),
    )

    html = report_html(one)

    assert "No answer lost points." in html
    assert "No known mistake was recognised." in html


def test_the_drawings_do_not_share_ids(found):
    ids = re.findall(r'<(?:clipPath|path|g) id="([^"]+)"', report_html(found))
    clips = [one for one in ids if re.fullmatch(r"[a-z0-9]{11}", one)]

    assert len(clips) == len(set(clips))


def text_of(table, width=80):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_the_table_has_a_line_for_every_learner_and_a_column_for_every_exercise(found):
    text = text_of(class_table(found), 100)

    for name in ("ada", "ben", "cem", "dora", "eve", "finn", "gil", "attend"):
        assert name in text
    assert notes(found) == ["eve: The kernel died."]


def test_where_names_of_exercises_do_not_fit_they_stand_below_the_table(found):
    lines = [line.split() for line in text_of(class_table(found, 12)).splitlines()]

    assert ["1", "all"] in lines
    assert lines[-1] == ["1=attend"]


def test_names_are_broken_where_a_reader_would():
    assert hyphenated("MultiHeadAttention") == "Multi\nHead\nAttention"
    assert hyphenated("causal_mask") == "causal_\nmask"
    assert hyphenated("attend") == "attend"


def test_points_that_a_person_has_to_give_are_a_question_mark():
    text = text_of(notebook_table("a", [Mark("essay", None, 3), Mark("check-attend", 2.5, 5)]))

    assert "?" in text
    assert "2.5" in text


def test_the_results_of_the_sample_class_are_read_and_reported(sampled, run_here):
    from autograder.grading.grade import grade

    with pytest.raises(LessonError, match="gradus grade"):
        results(sampled, LESSON)
    list(grade(sampled, LESSON, run=run_here))

    read = results(sampled, LESSON)
    path = write_report(sampled, LESSON)

    assert [one.label for one in read.exercises] == ["causal_mask", "split_heads", "double"]
    assert read.title == "Who reads whom?"
    assert len(read.learners) == 12
    assert all("check-causal_mask" in one.verdicts for one in read.learners if one.total > 8)
    assert path == sampled / "build" / "report" / f"{LESSON}.html"


def test_flags_are_shown_and_counted(found):
    noted = [
        learner("hal", 0.0, None, "Crashed: a cell ended its process (exit code 3)."),
        learner("ida", 0.0, None, "Not isolated: it ran without a sandbox."),
        learner(
            "jon", 0.0, None, "The test check-attend had been changed; the released one was used."
        ),
    ]
    page = report_html(replace(found, learners=(*found.learners, *noted)))

    text = re.sub(r"\s+", " ", page)
    for flag in ("crashed", "not isolated", "tampering", "restored cells"):
        assert f'<span class="flag">{flag}</span>' in text
    assert "<strong>crashed</strong>: 2" in text  # eve's kernel died, too


def test_every_flag_fits_what_the_engine_and_the_transplant_really_say():
    sources = [inspect.getsource(module) for module in (transplant, warm, kernel, reading, cohort)]
    said = " ".join("\n".join(sources).replace('"\n', "").split())
    for flag, phrases in FLAGS.items():
        assert any(phrase in said for phrase in phrases), flag
        for phrase in phrases:
            assert phrase.strip() in said, phrase
