"""A check in JupyterLab: the panel, its folds, and what a learner can read of it."""

from collections.abc import Callable

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page

from tests.browser.pages import overflowing, run_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNSCALED = """
import torch
from autograder.check import check

def attend(q, k, v, mask=None):
    scores = q @ k.mT
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(-1).nan_to_num(0)
    return weights @ v, weights
"""


def test_a_wrong_answer_shows_its_diagnosis_behind_a_fold(opened: Callable[..., Page]) -> None:
    cells = [new_code_cell(UNSCALED), new_code_cell("check(attend)")]
    page = opened("panel", new_notebook(cells=cells))
    run_all(page, 60)
    panel = page.get_by_role("group", name="attend ·")

    assert "expected" in panel.inner_text()
    fold = panel.get_by_text("What kind of mistake is this?")
    hint = panel.locator("details").first.locator("div")
    assert not hint.is_visible()
    fold.focus()
    page.keyboard.press("Space")  # in JupyterLab, Enter means: edit this cell
    assert hint.is_visible()
    assert overflowing(page) == []
