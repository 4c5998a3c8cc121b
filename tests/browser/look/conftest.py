"""The style page in Chromium, under the real headers: no database, no cast, only the look."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from tests.world.browser import Window
from web import errors, languages, security, ui
from web.config import Settings
from web.style.views import pages


@pytest.fixture(scope="session")
def style_app() -> Flask:
    app = Flask("web", static_folder=None)
    app.config.update(SECRET_KEY="only for the style page, and long enough", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for room in (languages, errors, ui):
        room.init_app(app)
    app.register_blueprint(pages)
    security.init_app(app, Settings(zuke_env="test", database_url="none", secret_key="x" * 32))
    return app


@pytest.fixture(scope="session")
def _style_address(style_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, style_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="style server", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def style(_chromium: Browser, _style_address: str, loopback: None) -> Iterator[Callable[..., Window]]:
    """style("/_style/", language="zh-CN", width=375, theme="dark"): a window there. Refused scripts and styles fail the test at its end."""
    windows: list[tuple[BrowserContext, Window]] = []

    def open_window(path: str = "/_style/", *, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Window:
        context = _chromium.new_context(
            viewport={"width": width, "height": 800},
            locale="en-US" if language == "en" else "zh-CN",
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=width < 600,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        window = Window(context.new_page(), _style_address, None, scripts=scripts)
        windows.append((context, window))
        window.goto(path)
        return window

    yield open_window
    for context, _ in windows:
        context.close()
    assert [complaint for _, window in windows for complaint in window.complaints] == []
