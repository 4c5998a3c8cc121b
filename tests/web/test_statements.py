"""A page asks the database at most eight times, whoever looks and however much there is. Openings and ends of transactions are not counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.world.door import Guest
from tests.world.stage import prop
from web.database import db

MOST = 8
PAGES = (
    "",
    "?period=year",
    "customers",
    "customers?scene=mine&sort=name",
    "customers?scene=subordinates&sort=-owner",
    "customers?sort=-amount",
    "customers?q=a&status=target&columns=tags,number,phone",
    f"customers/{prop('customer', 'Bob')}",
    "opportunities",
    "opportunities/list",
    "opportunities/list?sort=owner",
    "opportunities/list?sort=-stage",
    f"opportunities/{prop('opportunity', 'Bob')}",
    "contacts",
    "notifications?show=all",
    "notifications/preferences",
)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN;"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("who", ["alice", "mei", "bob"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_few_statements(page: str, who: str, app: Flask, client_of: Callable[[str], Guest]) -> None:
    browser = client_of(who)
    browser.get(page)  # the first visit may write down that the session is in use
    with counted(app) as statements:
        answer = browser.get(page)
    assert answer.status_code == 200
    assert len(statements) <= MOST, "\n\n".join(statements)
    assert len(statements) >= 3  # who asks, as whom, and the page itself: the ear is not deaf
