"""A real JupyterLab in a real Chromium, both headless, on this machine alone."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
TOKEN = "a-token-for-this-test"
SETTINGS = {
    # Every cell stays in the page, so that all of it can be looked at.
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one these tests cannot run."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = play.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab server on an empty folder: its address and the folder."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "course"
    folder.mkdir()
    for name, setting in SETTINGS.items():
        path = home / "settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={folder}"]
    env = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "HOME": str(home)}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    log = (home / "log").open("w")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=1)
                break
            except OSError:
                if server.poll() is not None:
                    break
                time.sleep(0.5)
        else:
            pytest.fail((home / "log").read_text()[-3000:])
        yield address, folder
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture
def opened(browser: Browser, lab: tuple[str, Path]) -> Iterator[Callable[..., Page]]:
    """Open a notebook in JupyterLab: `opened("name", notebook)` returns the page."""
    address, folder = lab
    pages = []

    def open_notebook(name: str, notebook: nbformat.NotebookNode) -> Page:
        notebook.metadata["kernelspec"] = KERNEL
        nbformat.write(notebook, folder / f"{name}.ipynb")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(30_000)
        page.goto(f"{address}/lab/tree/{name}.ipynb?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.get_by_text("| Idle").wait_for()
        pages.append(page)
        return page

    yield open_notebook
    for page in pages:
        page.close()
