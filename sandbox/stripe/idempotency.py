"""A POST with the same key is answered once, and then again with the same answer."""

import hashlib
import json

from sandbox.stripe.faults import KeyReused
from sandbox.stripe.store import Store

LONGEST = 24 * 3600  # seconds


def fingerprint(method: str, path: str, body: str) -> str:
    return hashlib.sha256(f"{method} {path} {body}".encode()).hexdigest()


def recall(store: Store, key: str, asked: str) -> tuple[int, dict[str, object]] | None:
    """The answer that this key was given before. Raises when it stood for another question."""
    row = store.line.execute("SELECT asked, status, body FROM answers WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row[0] != asked:
        raise KeyReused(
            f"Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
    return row[1], json.loads(row[2])


def remember(store: Store, key: str, asked: str, status: int, body: dict[str, object], *, at: float) -> None:
    store.line.execute("DELETE FROM answers WHERE at < ?", (at - LONGEST,))
    store.line.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", (key, asked, status, json.dumps(body), at))
