"""Draw the README's pictures from real verdicts: `python docs/make_pictures.py` (Chromium)."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from autograder import exercises
from autograder.exercise import Exercise
from autograder.rehearsal import sit

HERE = Path(__file__).parent / "pictures"
PAGE = (
    "<body style='margin:0;padding:14px;background:#fff;font:15px system-ui,sans-serif'>{}</body>"
)
MISTAKE = "after the softmax"  # the mistake to show: part of its name


def failed_check() -> str:
    """Return the panel for a well-known mistake, with its folds opened."""
    exercise = exercises.find("attend")
    assert isinstance(exercise, Exercise)
    mistake = next(m for m in exercise.mistakes if MISTAKE in m.name)
    return sit(exercise, mistake.answer).html().replace("<details", "<details open")


def main() -> None:
    """Write the pictures."""
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as play:
        chromium = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 820, "height": 100}, device_scale_factor=1.5)
        page.set_content(PAGE.format(failed_check()))
        page.locator("body").screenshot(path=HERE / "failed_check.png")
        browser.close()


if __name__ == "__main__":
    main()
