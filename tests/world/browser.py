"""Chromium before the real application. What the browser complains about (errors, refused scripts and styles) fails the test."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy import Engine, update
from werkzeug.serving import make_server

from saas.identity.models import Person
from sandbox.machine.browser import find
from tenants.wall.session import landlord_plane, open_session
from tests.world.cast import Player
from tests.world.door import sign_in

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
WIDTHS = {"desk": 1280, "phone": 375}
# WCAG 2.2 AA, and what axe calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Window:
    """A page of one of the cast's. `goto` takes a path as Guest does; `complaints` is what the browser found wrong."""

    def __init__(self, page: Page, address: str, company: str | None, *, scripts: bool = True) -> None:
        self.page, self.address, self.company, self._scripts = page, address, company, scripts
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._listen)

    def goto(self, path: str) -> Page:
        inside = "" if path.startswith("/") else f"/{self.company}/"
        self.page.goto(f"{self.address}{inside}{path}")
        if self._scripts:
            self.page.evaluate("() => new Promise(done => setTimeout(done))")  # htmx begins by a timer, on a busy machine after the load
        return self.page

    def axe(self) -> list[str]:
        """What axe finds: one line a violation and element."""
        self.page.evaluate(AXE.read_text())
        options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        return [f"{v['id']}: {v['help']}: {' '.join(map(str, node['target']))}" for v in found["violations"] for node in v["nodes"]]

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused form (422) and the like is an answer, which the browser logs as a failed resource.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="session")
def _address(_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, _app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live server", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browse(_chromium: Browser, _address: str, app: Flask, players: dict[str, Player], engine: Engine) -> Iterator[Callable[..., Window]]:
    """browse("bob", language="zh_Hans_CN", width=375, theme="dark", scripts=False): a window in which Bob is signed in.

    browse("anonymous") is not. At the end the windows are closed, and what they complained about fails the test.
    """
    windows: list[tuple[BrowserContext, Window]] = []

    def open_window(name: str = "alice", *, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Window:
        context = _chromium.new_context(
            viewport={"width": width, "height": 800},
            locale={"en": "en-US"}.get(language, "zh-CN"),
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            has_touch=width < 600,
            base_url=_address,
        )
        context.set_default_timeout(10_000)
        player = players.get(name)
        if player is not None:
            _prefer(engine, player, language, theme)
            context.add_cookies([{"name": "zuke", "value": sign_in(engine, player), "url": _address, "httpOnly": True, "sameSite": "Lax"}])
        windows.append((context, Window(context.new_page(), _address, player.company if player else None, scripts=scripts)))
        return windows[-1][1]

    yield open_window
    for context, _ in windows:
        context.close()
    assert [complaint for _, window in windows for complaint in window.complaints] == []


def _prefer(engine: Engine, player: Player, language: str, theme: str) -> None:
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(Person).where(Person.id == player.person_id).values(locale=language, theme=theme))
        landlord.commit()
