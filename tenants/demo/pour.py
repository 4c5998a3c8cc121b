"""Many rows in one stroke: COPY, which takes a hundred thousand customers in a minute."""

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql
from sqlalchemy.orm import Session

from tenants.wall.base import Base


def pour(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """`rows` have the same keys, columns of the model's table; what is not named takes the database's default. Lists of lexemes are made vectors."""
    if not rows:
        return
    session.flush()
    columns = list(rows[0])
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns)))
    connection: Any = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - for the types
    with connection.cursor() as cursor, cursor.copy(copy) as stream:
        for row in rows:
            stream.write_row([_plain(row[column]) for column in columns])


def id_at(moment: dt.datetime) -> uuid.UUID:
    """A UUIDv7 of that moment, so that made-up records sort by when they are said to have been made. No two are alike, whatever the seed."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
