"""What the browser tests do with an open notebook."""

from pathlib import Path

from playwright.sync_api import Page

SCROLLS = "document.querySelector('.jp-WindowedPanel-outer')"
# Every code cell has its number, or one of them ended in an error and the rest were not run.
DONE = """() => {
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
        .map(prompt => prompt.textContent);
    const failed = document.querySelector('.jp-RenderedText[data-mime-type*="error"]');
    return !prompts.some(prompt => prompt.includes('*')) &&
        (failed || prompts.every(prompt => /[0-9]/.test(prompt)));
}"""


def run_all(page: Page, seconds: float) -> None:
    """Run all cells and wait until none is left running."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('[data-command="runmenu:run-all"]').click()
    page.wait_for_function(DONE, timeout=seconds * 1000)
    page.wait_for_timeout(500)


def overflowing(page: Page) -> list[str]:
    """Return the outputs that are wider than the place they have."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.jp-OutputArea-output')]
            .filter(o => o.scrollWidth > o.clientWidth + 2)
            .map(o => o.scrollWidth + ' in ' + o.clientWidth + ': ' + o.textContent.slice(0, 80))"""
    )
    return found


def errors(page: Page) -> list[str]:
    """Return the last lines of all tracebacks."""
    found = page.locator('.jp-RenderedText[data-mime-type*="error"]').all()
    return [error.inner_text().strip().splitlines()[-1] for error in found]


def photograph(page: Page, path: Path) -> None:
    """Take pictures of the whole notebook, for people to look at: path-0.png, path-1.png, ..."""
    path.parent.mkdir(parents=True, exist_ok=True)
    usual = page.viewport_size or {"width": 1280, "height": 900}
    page.set_viewport_size({"width": usual["width"], "height": 3000})
    height: int = page.evaluate(f"() => {SCROLLS}.scrollHeight")
    for number, top in enumerate(range(0, height, 2800)):
        page.evaluate(f"() => {{ {SCROLLS}.scrollTop = {top}; }}")
        page.wait_for_timeout(300)
        page.screenshot(path=path.with_name(f"{path.stem}-{number}.png"))
    page.set_viewport_size(usual)
