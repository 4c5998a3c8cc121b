"""Server time of the four pages over their floor.

The floor is the same SQL by bare psycopg in one transaction, and the same template from plain values, in a bare Flask dispatch.
"""

import re
from typing import Any

import psycopg
from flask import Flask, g

from tenants.wall.engine import libpq_url
from tests.bench.asking import Browser, Recording, is_opening, make_app, recorded, signed_in, the_four
from tests.bench.house import House
from tests.bench.interleave import Figure, figure, in_turn
from tests.bench.say import say

GOAL, STATEMENTS = 1.5, 8
TOKEN = "ImE4.plain.token"
_TOKENS = re.compile(rb"I[mj][\w-]+\.[\w-]+\.[\w-]+")


def measure(house: House, *, rounds: int) -> list[Figure]:
    app = make_app(house)
    browser = signed_in(app, house)
    figures = []
    for name, path in the_four(house).items():
        for _ in range(3):
            assert browser.get(path).status == 200, path
        environ = browser.environ(path)
        with recorded(app) as recording:
            answer = browser.send(environ)
        floor = Floor(house, recording)
        bare = Browser(floor.app).environ(path)
        assert _tidy(answer.body) == _tidy(floor.browser.send(bare).body), f"the floor of {name} shows something else"
        say(f"{name}: {len(recording.questions)} statements, {recording.openings} openings, {recording.commits} commits, {len(answer.body):,} bytes")
        times = in_turn(lambda e=environ: browser.send(e), lambda f=floor, e=bare: f.browser.send(e), rounds=rounds)  # type: ignore[misc]
        counts = f"{len(recording.questions)} statements (goal ≤ {STATEMENTS}), {recording.openings} openings, {recording.commits} commits"
        note = f"{counts}; {len(answer.body) / 1024:.0f} KiB"
        figures.append(figure(name, times, goal=GOAL, note=note, statements=len(recording.questions)))
        floor.close()
    return figures


class Floor:
    """An application that answers what was recorded. No sign-in, no sessions, no wall: only what must be done."""

    def __init__(self, house: House, recording: Recording) -> None:
        self.recording = recording
        self.line = psycopg.connect(libpq_url(house.app_url), autocommit=True, prepare_threshold=None)
        self.app = _stripped(make_app(house))
        self.browser = Browser(self.app)
        self.app.view_functions = dict.fromkeys(self.app.view_functions, self.answer)
        get = self.app.jinja_env.get_template
        self.pages = [(get(template.name), _plain(context)) for template, context in recording.rendered if template.name]

    def answer(self, **_: object) -> str:
        self.query()
        g.visit, g.visitor = self.recording.visit, self.recording.visitor
        return "".join(template.render(context) for template, context in self.pages)

    def query(self) -> None:
        """All in one transaction: of the second opening only the role and the path are left."""
        begun = False
        with self.line.cursor() as cursor:
            for statement, parameters in self.recording.statements:
                if is_opening(statement):
                    cursor.execute((statement.removeprefix("BEGIN; ") if begun else statement).encode())
                    begun = True
                else:
                    cursor.execute(statement.encode(), parameters)
                    if cursor.description:
                        cursor.fetchall()
            cursor.execute("COMMIT")

    def close(self) -> None:
        self.line.close()


def _stripped(app: Flask) -> Flask:
    """The routes, filters and words of the real application, and nothing that happens before, after and beside a view."""
    for hooks in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs, app.template_context_processors):
        hooks.clear()
    app.teardown_appcontext_funcs.clear()
    app.jinja_env.globals["csrf_token"] = lambda: TOKEN
    return app


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name not in ("g", "request", "session")}


def _tidy(html: bytes) -> bytes:
    return _TOKENS.sub(b"TOKEN", html)
