"""The shape of a schema as PostgreSQL sees it, to tell whether migrations and models agree. Only for developers and tests."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

COLUMNS = """
    SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                  coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''))
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm')
"""
CONSTRAINTS = """
    SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = CAST(:schema AS regnamespace) AND contype <> 'n'
"""
INDEXES = """
    SELECT 'index ' || pg_get_indexdef(indexrelid)
      FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE c.relnamespace = CAST(:schema AS regnamespace)
"""


def shape(connection: Connection, schema: str) -> set[str]:
    """One line for every column, constraint and index; the schema's own name is left out, so that two schemas can be compared."""
    lines: set[str] = set()
    for query in (COLUMNS, CONSTRAINTS, INDEXES):
        lines |= {str(line).replace(f"{schema}.", "") for line in connection.scalars(text(query), {"schema": schema})}
    return {line for line in lines if "alembic_version" not in line}


@contextmanager
def scratch_schema(connection: Connection) -> Iterator[str]:
    """A schema that is first in the search_path and gone after the block."""
    name = f"scratch_{secrets.token_hex(6)}"
    connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    connection.exec_driver_sql(f"SET LOCAL search_path = {name}")
    yield name
    connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    connection.exec_driver_sql("RESET search_path")
