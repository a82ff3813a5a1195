"""The tokenizer explorer in JupyterLab: what is typed is cut into tokens at once."""

from collections.abc import Callable

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.browser.pages import overflowing, run_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORER = """
from gradus.explore.tokens import TokenizerExplorer
from gradus.tokenizer import Tokenizer

few = Tokenizer.train("low lower lowest slow", 256 + 6)
TokenizerExplorer({"bytes": Tokenizer([]), "few": few}, "low lower")
"""


def test_tokens_follow_what_is_typed(opened: Callable[..., Page]) -> None:
    page = opened("explorer", new_notebook(cells=[new_code_cell(EXPLORER)]))
    run_all(page, 60)
    boxes = page.locator('.jp-OutputArea [role="listitem"]')
    expect(boxes.filter(has_text="l")).not_to_have_count(0)

    page.get_by_label("vocabulary").select_option("few")
    page.get_by_label("text").fill("slow é")

    expect(boxes).to_have_count(5)
    names = [box.get_attribute("aria-label") for box in boxes.all()]
    assert names[0].startswith("s, id 115")
    assert names[1].startswith("low, id ")
    assert names[3:] == ["‹C3›, id 195, bytes C3", "‹A9›, id 169, bytes A9"]

    page.get_by_label("show the bytes").check()
    expect(boxes.last).to_contain_text("A9")
    assert overflowing(page) == []
