"""Chromium before the real application. What the browser complains about (errors, refused scripts and styles) fails the test."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, update
from werkzeug.serving import make_server

from saas.identity.models import Person
from sandbox.machine.browser import find
from tenants.wall.session import landlord_plane, open_session
from tests.world.cast import Player
from tests.world.door import sign_in
from tests.world.windows import Make, Window, Windows

__all__ = ["Window"]

WIDTHS = {"desk": 1280, "phone": 375}


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


@pytest.fixture(scope="session")
def _windows(_chromium: Browser) -> Iterator[Windows]:
    windows = Windows(_chromium)
    with windows.watched():
        yield windows
    windows.close()


@pytest.fixture
def browse(_windows: Windows, _address: str, app: Flask, players: dict[str, Player], engine: Engine) -> Iterator[Callable[..., Window]]:
    """browse("bob", language="zh_Hans_CN", width=375, theme="dark", scripts=False): a window in which Bob is signed in.

    browse("anonymous") is not. At the end the windows are taken back, and what they complained about fails the test.
    """

    def open_window(name: str = "alice", *, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Window:
        make = Make(_address, "en-US" if language == "en" else "zh-CN", width < 600, scripts)
        context, window = _windows.lend(make, width=width, theme=theme)
        player = players.get(name)
        window.company = player.company if player else None
        if player is not None:
            _prefer(engine, player, language, theme)
            context.add_cookies([{"name": "zuke", "value": sign_in(engine, player), "url": _address, "httpOnly": True, "sameSite": "Lax"}])
        return window

    yield open_window
    assert _windows.take_back() == []


def _prefer(engine: Engine, player: Player, language: str, theme: str) -> None:
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(Person).where(Person.id == player.person_id).values(locale=language, theme=theme))
        landlord.commit()
