import builtins
import io
import keyword
import token
import tokenize

import pytest

from gradus.data import code_tokens
from gradus.data.code import LABELS, CodeLine, label_lines


@pytest.fixture(scope="module")
def lines() -> list[CodeLine]:
    return code_tokens()


def test_every_line_read_by_itself_has_the_same_parts_and_labels(lines):
    """The oracle: tokenize on the line alone, and its own names for what it finds."""
    names = {"OP": "operator", "NUMBER": "number", "STRING": "string", "COMMENT": "comment"}
    for line in lines[::7]:
        parts = []
        try:
            for part in tokenize.generate_tokens(io.StringIO(line.text).readline):
                parts.append(part)
        except (tokenize.TokenError, IndentationError):
            pass  # a bracket that closes in a later line of the source: what came before counts
        for at, part in enumerate(
            part
            for part in parts
            if part.string.strip() and part.type not in (token.NEWLINE, token.NL, token.ERRORTOKEN)
        ):
            kind = token.tok_name[part.type]
            expected = names.get(kind) or ("name", "keyword")[part.string in keyword.kwlist]
            assert (line.tokens[at], line.labels[at]) == (part.string, expected), line
            assert line.starts[at] == part.start[1]


def test_parts_stand_where_they_are_said_to_and_nothing_but_blanks_between(lines):
    for line in lines:
        rest = list(line.text)
        for part, start in zip(line.tokens, line.starts, strict=True):
            assert line.text[start : start + len(part)] == part
            rest[start : start + len(part)] = " " * len(part)
        assert not "".join(rest).strip(" \\\f")
        assert len(line.tokens) == len(line.labels)
        assert set(line.labels) <= set(LABELS)


def test_there_are_enough_of_them_short_distinct_and_always_the_same(lines):
    assert len(lines) > 10_000
    assert len({line.text for line in lines}) == len(lines)
    assert max(len(line.text) for line in lines) <= 80
    assert lines == code_tokens()
    assert {label for line in lines for label in line.labels} == set(LABELS)


def test_labels_of_characters_tell_what_stands_around_them():
    [line] = label_lines('if iffy: "if"  # if\n')

    told = line.label_of_characters()

    assert line.text == 'if iffy: "if"  # if'
    assert [told[at] for at in (0, 3, 10, 17)] == ["keyword", "name", "string", "comment"]
    assert [told[at] for at in (2, 7, 8, 13)] == ["space", "operator", "space", "space"]


def test_lines_that_cannot_be_read_by_themselves_are_left_out():
    source = 'a = 1\nb = """two\nlines""" + c\nd = f"{a}"\n    \ne = {1:\n  2}\n'

    assert [line.text for line in label_lines(source)] == ["a = 1", "e = {1:", "2}"]


def test_names_that_are_built_in_are_names(lines):
    for line in lines:
        for part, label in zip(line.tokens, line.labels, strict=True):
            if hasattr(builtins, part) and not keyword.iskeyword(part):
                assert label == "name"
