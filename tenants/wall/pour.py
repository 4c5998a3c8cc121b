"""Many rows in one stroke: COPY, which takes a hundred thousand customers in a minute."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from psycopg import Connection, sql
from sqlalchemy.orm import Session

from tenants.wall.base import Base

SPECIAL = re.compile(r"['\\]")  # is doubled; hardly any lexeme has it


def pour(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """`rows` have the same keys, columns of the model's table; what is not named takes the database's default. Lists of lexemes are made vectors.

    Made while they are poured, PostgreSQL takes in the one as the next is made. Making them must not ask the session: its connection is busy.
    """
    rest = iter(rows)
    first = next(rest, None)
    if first is not None:
        pour_rows(session, model, list(first), (row.values() for row in chain([first], rest)))


def pour_rows(session: Session, model: type[Base], columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """As `pour`."""
    session.flush()
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns)))
    connection: Any = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - for the types
    with connection.cursor() as cursor, cursor.copy(copy) as stream:
        for row in rows:
            stream.write_row([PLAIN[type(value)](value) if type(value) in PLAIN else value for value in row])


def vector(lexemes: Sequence[str]) -> str:
    """A tsvector as text."""
    if SPECIAL.search("".join(lexemes)):
        lexemes = [lexeme.replace("\\", "\\\\").replace("'", "''") for lexeme in lexemes]
    return "'" + "' '".join(lexemes) + "'" if lexemes else ""


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


PLAIN: dict[type, Callable[[Any], str]] = {list: vector, dict: _json}
