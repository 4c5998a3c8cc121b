"""Asking the application in this process, as gunicorn would, and listening to what it asks the database and what it tells its templates."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from wsgiref.types import WSGIApplication

from flask import Flask, g, template_rendered
from jinja2 import Template
from sqlalchemy import event, text

from tenants.wall.session import inside
from tests.bench.house import LARGE, House
from web.app import create_app
from web.config import Settings
from web.database import db

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(slots=True)
class Browser:
    """Speaks WSGI with an application. Keeps cookies."""

    app: WSGIApplication
    cookies: dict[str, str] = field(default_factory=dict)

    def environ(self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
        parts, body = urlsplit(path), urlencode(form or {}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if form is None else "POST", "SCRIPT_NAME": "", "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_LANGUAGE": "zh-CN", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.body": body,
        }  # fmt: skip
        if form is not None:
            environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return environ | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}

    def send(self, environ: dict[str, Any]) -> Answer:
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            said[:] = [int(status.split(maxsplit=1)[0]), headers]

        parts = self.app({**environ, "wsgi.input": BytesIO(environ["wsgi.body"])}, start)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return Answer(said[0], said[1], body)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self._keep(self.send(self.environ(path, headers=headers)))

    def post(self, path: str, form: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        return self._keep(self.send(self.environ(path, form, headers)))

    def _keep(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        return answer


def make_app(house: House) -> Flask:
    environment = {name.lower(): value for name, value in house.environment().items()}
    return create_app(Settings(**environment))  # type: ignore[arg-type]


def signed_in(app: Flask, house: House) -> Browser:
    return Browser(app, {"zuke": house.sign_in()})


@dataclass(slots=True)
class Recording:
    """`statements` as the driver got them; `rendered`: templates with their contexts; `visit` and `visitor` of the request."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    commits: int = 0
    rendered: list[tuple[Template, dict[str, Any]]] = field(default_factory=list)
    visit: Any = None
    visitor: Any = None

    @property
    def questions(self) -> list[tuple[str, Any]]:
        """Without the openings of transactions."""
        return [one for one in self.statements if not is_opening(one[0])]

    @property
    def openings(self) -> int:
        return len(self.statements) - len(self.questions)


def is_opening(statement: str) -> bool:
    return statement.startswith("BEGIN;")


@contextmanager
def recorded(app: Flask) -> Iterator[Recording]:
    recording = Recording()

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        recording.statements.append((statement, parameters))

    def count(_: Any) -> None:
        recording.commits += 1

    def see(_: Flask, template: Template, context: dict[str, Any], **__: Any) -> None:
        recording.rendered.append((template, context))
        recording.visit, recording.visitor = g.get("visit"), g.get("visitor")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    event.listen(engine, "commit", count)
    template_rendered.connect(see, app)
    try:
        yield recording
    finally:
        template_rendered.disconnect(see, app)
        event.remove(engine, "before_cursor_execute", hear)
        event.remove(engine, "commit", count)


def busy_customer(house: House) -> uuid.UUID:
    """One with much to show: of those spoken to lately, the one with most follow-ups, with an opportunity and with plans."""
    query = text("""
        SELECT c.id FROM (
            SELECT id FROM customers WHERE last_followup_at IS NOT NULL AND deleted_at IS NULL ORDER BY last_followup_at DESC LIMIT 2000
        ) c
        WHERE EXISTS (SELECT 1 FROM opportunities o WHERE o.customer_id = c.id) AND EXISTS (SELECT 1 FROM plans p WHERE p.customer_id = c.id)
        ORDER BY (SELECT count(*) FROM followups f WHERE f.customer_id = c.id) DESC, c.id LIMIT 1
    """)
    with inside(house.large, house.engine) as session:
        found: uuid.UUID = session.execute(query).scalar_one()
        return found


def the_four(house: House) -> dict[str, str]:
    """The pages that are measured, by name."""
    return {
        "customer list": f"/{LARGE}/customers",
        "customer page": f"/{LARGE}/customers/{busy_customer(house)}",
        "board": f"/{LARGE}/opportunities",
        "workbench": f"/{LARGE}/",
    }


def search_path(words: str) -> str:
    return f"/{LARGE}/customers?q={quote(words)}"
