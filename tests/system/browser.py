"""Chromium as a person uses it, and what it finds wrong with the pages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from tests.system.conftest import require

# WebGL drawn by the processor, for machines without a graphics card or with one out of reach.
CHROMIUM = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright runs an event loop in this thread; Django would refuse to query beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    chromium = require("chromium", package="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser.new_page(viewport={"width": 1000, "height": 700})
        browser.close()
        # Beside an event loop this thread has a connection of its own, which nobody else closes.
        connections.close_all()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser finds wrong: errors, missing files, what a strict policy refuses."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("response", lambda got: found.append(got.url) if got.status >= 400 else None)
    return found


@pytest.fixture
def elsewhere(page: Page, live_server: object) -> list[str]:
    """What the browser asks of others than this site."""
    asked: list[str] = []
    ours = (f"{live_server}/", "data:", "blob:")
    page.on("request", lambda to: None if to.url.startswith(ours) else asked.append(to.url))
    return asked


def picture(page: Page, name: str) -> None:
    """Kept where SCREENSHOTS says, such as docs/screenshots, to be looked at by people."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"))
