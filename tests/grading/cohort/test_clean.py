import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.grading.clean import CleanOutputs, HideTests, clean_html, clean_markdown, shorten
from autograder.verdict import MIME, Verdict

EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='https://example.org'></iframe>",
    "<svg onload=alert(1)></svg>",
    "<style>body{display:none}</style>",
    "<form action='https://example.org'><input name=password></form>",
]


@pytest.mark.parametrize("html", EVIL)
def test_nothing_that_acts_survives_in_html_or_markdown(html):
    for cleaned in (clean_html(html), clean_markdown({}, f"# A\n\n{html}\n\n[x](javascript:1)")):
        for bad in ("<script", "onerror", "onload", "javascript:", "data:text", "<iframe", "<form"):
            assert bad not in cleaned
        assert "display:none" not in cleaned


def test_tables_pictures_and_code_survive():
    html = '<table><tr><td>1</td></tr></table><img alt="A plot" src="data:image/png;base64,AAAA">'

    assert "<td>1</td>" in clean_html(html)
    assert 'src="data:image/png;base64,AAAA"' in clean_html(html)
    assert "<code>x</code>" in clean_markdown({}, "`x`")


def clean(*outputs):
    cell = new_code_cell("1", outputs=list(outputs), metadata={"tags": ["x"]})
    notebook, _ = CleanOutputs()(new_notebook(cells=[cell], metadata={"widgets": {}}), {})
    assert notebook.metadata == {}
    assert notebook.cells[0].metadata == {}
    return notebook.cells[0].outputs


def test_outputs_that_act_are_dropped():
    javascript = new_output("display_data", data={"application/javascript": "alert(1)"})
    html = new_output("display_data", data={"text/html": "<b>x</b><script>1</script>"})
    picture = new_output("display_data", data={"image/png": '"><script>alert(1)</script>'})
    drawing = new_output("display_data", data={"image/svg+xml": "<svg onload='alert(1)'/>"})

    cleaned = clean(javascript, html, picture, drawing)

    assert "application/javascript" not in cleaned[0].data
    assert cleaned[1].data["text/html"] == "<b>x</b>"
    assert "image/png" not in cleaned[2].data
    assert cleaned[3].data["text/html"].startswith("<img ")
    assert "alert" not in cleaned[3].data["text/html"]


def test_a_verdict_keeps_its_panel_and_only_its_own():
    verdict = Verdict("attend", 1.0, 5.0, refused="<script>alert(1)</script>")
    bundle = {**verdict._repr_mimebundle_(), "text/html": "<script>alert(2)</script>"}

    [output] = clean(new_output("execute_result", data=bundle, execution_count=1))

    assert output.data["text/html"] == verdict.html()
    assert output.data[MIME] == verdict.as_json()
    assert "<script" not in output.data["text/html"]


def test_long_outputs_are_shortened():
    [output] = clean(new_output("stream", name="stdout", text="x" * 10_000_000))

    assert len(output.text) < 110_000
    assert "9,900,000 characters are left out" in output.text
    assert shorten("short") == "short"


def test_raw_cells_are_shown_as_text():
    notebook, _ = CleanOutputs()(new_notebook(cells=[new_raw_cell("<script>1</script>")]), {})

    assert "<script" not in notebook.cells[0].source


def test_hidden_tests_are_hidden_in_the_cell_and_in_its_traceback():
    source = "assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(7)\n### END HIDDEN TESTS"
    error = new_output("error", ename="AssertionError", evalue="no", traceback=["assert f(7)"])
    cells = [new_code_cell(source, outputs=[error]), new_markdown_cell("BEGIN")]

    notebook, _ = HideTests()(new_notebook(cells=cells), {})

    assert notebook.cells[0].source == "assert f(1)\n# Hidden tests stand here."
    assert notebook.cells[0].outputs[0].traceback == ["AssertionError: no"]
