"""Every lesson, as a learner meets it: opened in JupyterLab, run to the end, played with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from autograder.notebooks.notebook import assemble
from autograder.notebooks.points import bank_points
from autograder.notebooks.source import read
from tests.browser.pages import errors, overflowing, photograph, run_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
OUTPUT = ".jp-OutputArea-output"
LESSONS = sorted((ROOT / "solutions").glob("*.py"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_its_sliders_move(opened: Callable[..., Page], path: Path) -> None:
    page = opened(path.stem, assemble(read(path), bank_points))
    run_all(page, 600)
    photograph(page, ROOT / "build" / "screenshots" / f"{path.stem}.png")

    assert errors(page) == []
    assert overflowing(page) == []
    pictures = page.locator(f"{OUTPUT} img").all()
    assert all(picture.get_attribute("alt") for picture in pictures)
    sliders = page.locator(f"{OUTPUT} [role=slider]")
    for i in range(sliders.count()):
        moves_something(page, i)


def moves_something(page: Page, number: int) -> None:
    """Move a slider by keyboard: the picture or the text below it must change."""
    slider = page.locator(f"{OUTPUT} [role=slider]").nth(number)
    output = slider.locator(f"xpath=ancestor::div[contains(@class, '{OUTPUT[1:]}')][1]")
    shown, at = output.inner_html(), slider.get_attribute("aria-valuenow")

    def moved(seconds: float) -> bool:
        """Whether both have changed, as soon as they have: a picture may take its time."""
        for _ in range(round(seconds / 0.25)):
            page.wait_for_timeout(250)
            if slider.get_attribute("aria-valuenow") != at and output.inner_html() != shown:
                return True
        return False

    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)
    if slider.get_attribute("aria-valuenow") == at:  # it stood at its end
        page.keyboard.press("ArrowLeft")
    assert moved(30)
