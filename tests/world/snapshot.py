"""Puts the database back as it was before a test. PostgreSQL itself tells which tables were touched, whoever wrote: this process or another."""

from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from saas.cells import upkeep

Marks = dict[str, tuple[int, int]]
PATIENCE = "5s"


class Snapshot:
    """The rows of the landlord, the cell and the cast's companies at the beginning.

    A table is touched when its number of rows or the sum of their transaction ids has changed. Only those are emptied and filled again, with
    foreign keys asleep, which the administrator may do.
    """

    def __init__(self, admin_url: str, keys: list[str]) -> None:
        self._connection: Connection[Any] = psycopg.connect(admin_url, autocommit=True, row_factory=tuple_row)
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute(f"SET lock_timeout = '{PATIENCE}'")
        self._tables = self._find_tables(["saas", "cell", *keys])
        self._marks_query = " UNION ALL ".join(
            f"SELECT '{table}', count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM {table}" for table in self._tables
        ).encode()
        self._rows = {table: self._copy_out(table) for table in self._tables}
        self._schemas = self._ledger()
        self._marks = self._measure()

    def restore(self) -> list[str]:
        """Returns the tables that had to be put back."""
        touched = self.touched()
        if touched:
            if "cell.schemas" in touched:
                self._put_schemas_back()
            with self._connection.transaction():
                for table in touched:
                    self._put_back(table)
            self._marks = self._measure()
        return touched

    def touched(self) -> list[str]:
        """The tables that are not as they were."""
        now = self._measure()
        return [table for table in self._tables if now[table] != self._marks[table]]

    def close(self) -> None:
        self._connection.close()

    def _find_tables(self, schemas: list[str]) -> list[str]:
        query = """
            SELECT relnamespace::regnamespace || '.' || relname FROM pg_class
             WHERE relkind = 'r' AND relnamespace::regnamespace::text = ANY(%s) AND relname <> 'alembic_version' ORDER BY 1
        """
        return [row[0] for row in self._connection.execute(query, (schemas,))]

    def _measure(self) -> Marks:
        return {table: (count, marks) for table, count, marks in self._connection.execute(self._marks_query, prepare=True)}

    def _copy_out(self, table: str) -> bytes:
        with self._connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
            return b"".join(bytes(piece) for piece in copy)

    def _put_back(self, table: str) -> None:
        self._connection.execute(f"DELETE FROM {table}".encode())
        if rows := self._rows[table]:
            with self._connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                copy.write(rows)

    def _ledger(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT key, state FROM cell.schemas").fetchall())

    def _put_schemas_back(self) -> None:
        """Schemas that the test made go; vacant ones that it let are emptied."""
        for key, state in self._ledger().items():
            if key not in self._schemas:
                upkeep.erase(self._connection, key)
            elif self._schemas[key] == "vacant" and state != "vacant":
                for table in self._find_tables([key]):
                    self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*table.split("."))))
