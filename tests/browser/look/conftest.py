"""The style page in Chromium, under the real headers: no database, no cast, only the look."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.serving import make_server

from tests.world.windows import Make, Window, Windows
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
def style(_windows: Windows, _style_address: str, loopback: None) -> Iterator[Callable[..., Window]]:
    """style("/_style/", language="zh-CN", width=375, theme="dark"): a window there. Refused scripts and styles fail the test at its end."""

    def open_window(path: str = "/_style/", *, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Window:
        make = Make(_style_address, "en-US" if language == "en" else "zh-CN", width < 600, scripts)
        _, window = _windows.lend(make, width=width, theme=theme)
        window.goto(path)
        return window

    yield open_window
    assert _windows.take_back() == []
