"""Everything the stand-in knows, in one SQLite file. A call is one transaction, so a kill -9 leaves no half of one."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Thing = dict[str, Any]
"""An object of the API, as it goes over the wire."""

TABLES = """
CREATE TABLE IF NOT EXISTS things (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, customer TEXT,
  body TEXT NOT NULL, hidden TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS things_kind ON things (kind, customer, seq);
CREATE TABLE IF NOT EXISTS bells (seq INTEGER PRIMARY KEY AUTOINCREMENT, clock TEXT NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL,
  id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bells_due ON bells (clock, at, seq);
CREATE TABLE IF NOT EXISTS deliveries (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, said TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Bell:
    seq: int
    clock: str
    at: int
    what: str
    id: str


class Store:
    """One connection, one caller at a time."""

    def __init__(self, file: Path | None) -> None:
        """Without a file everything is forgotten in the end."""
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self.line = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self.lock = threading.RLock()
        self.line.execute("PRAGMA journal_mode = WAL")
        self.line.execute("PRAGMA synchronous = NORMAL")
        self.line.executescript(TABLES)

    def close(self) -> None:
        with self.lock:
            self.line.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an exception takes everything back."""
        with self.lock:
            self.line.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.line.execute("ROLLBACK")
                raise
            self.line.execute("COMMIT")

    # Objects

    def get(self, identity: str) -> Thing | None:
        row = self.line.execute("SELECT body FROM things WHERE id = ?", (identity,)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, thing: Thing) -> None:
        self.line.execute(
            "INSERT INTO things (id, kind, customer, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, body = excluded.body",
            (thing["id"], thing["object"], thing.get("customer"), json.dumps(thing, ensure_ascii=False)),
        )

    def remove(self, identity: str) -> None:
        self.line.execute("DELETE FROM things WHERE id = ?", (identity,))

    def hidden(self, identity: str) -> dict[str, Any]:
        """What Stripe keeps to itself about an object: secrets, the number of a card."""
        row = self.line.execute("SELECT hidden FROM things WHERE id = ?", (identity,)).fetchone()
        return json.loads(row[0]) if row else {}

    def hide(self, identity: str, **secrets: Any) -> None:
        self.line.execute("UPDATE things SET hidden = ? WHERE id = ?", (json.dumps(self.hidden(identity) | secrets), identity))

    def select(self, kind: str, customer: str | None = None) -> list[Thing]:
        """Newest first, as the API lists them."""
        query = "SELECT body FROM things WHERE kind = ? AND (? IS NULL OR customer = ?) ORDER BY seq DESC"
        return [json.loads(row[0]) for row in self.line.execute(query, (kind, customer, customer))]

    def newest(self, kind: str, most: int) -> list[Thing]:
        query = "SELECT body FROM things WHERE kind = ? ORDER BY seq DESC LIMIT ?"
        return [json.loads(row[0]) for row in self.line.execute(query, (kind, most))]

    # Bells: what is due at a time of a clock

    def ring(self, clock: str, at: int, what: str, identity: str) -> None:
        self.line.execute("INSERT INTO bells (clock, at, what, id) VALUES (?, ?, ?, ?)", (clock, at, what, identity))

    def next_bell(self, clock: str, until: int) -> Bell | None:
        query = "SELECT seq, clock, at, what, id FROM bells WHERE clock = ? AND at <= ? ORDER BY at, seq LIMIT 1"
        row = self.line.execute(query, (clock, until)).fetchone()
        return Bell(*row) if row else None

    def unring(self, seq: int) -> None:
        self.line.execute("DELETE FROM bells WHERE seq = ?", (seq,))

    # Facts: single values by name

    def fact(self, name: str, otherwise: Any = None) -> Any:
        row = self.line.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else otherwise

    def note(self, name: str, value: Any) -> None:
        self.line.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, json.dumps(value))
        )
