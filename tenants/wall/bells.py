"""A bell says that something of a tenant is due. It is put into its own cell's database in the same transaction as what is due."""

import datetime as dt

from sqlalchemy import DateTime, Text, Uuid, column, insert, table
from sqlalchemy.orm import Session

from tenants.values.ids import new_id

# The doorbell is told right after the commit. The bell is for when nobody heard it, and rings a moment later.
GRACE = dt.timedelta(seconds=3)

# The table belongs to saas.cells; from inside the wall one may only insert into it, and only for oneself.
BELLS = table(
    "bells", column("id", Uuid()), column("tenant", Text()), column("due_at", DateTime(timezone=True)), column("kind", Text()), schema="cell"
)


def ring(session: Session, kind: str, due_at: dt.datetime) -> None:
    """Whoever answers `kind` will look into this plane at `due_at` or soon after. Ringing the same twice in one transaction is one bell."""
    rung: tuple[object, set[tuple[str, dt.datetime]]] = session.info.get("rung", (None, set()))
    transaction = session.get_transaction()
    if rung[0] is not transaction or transaction is None:
        rung = (None, set())
    if (kind, due_at) in rung[1]:
        return
    session.execute(insert(BELLS).values(id=new_id(), tenant=session.info["plane"].name, due_at=due_at, kind=kind))
    session.info["rung"] = (session.get_transaction(), rung[1] | {(kind, due_at)})


def ring_now(session: Session, kind: str, at: dt.datetime) -> None:
    """As `ring`, for what is due at once: whoever commits tells the workers afterwards (`to_be_told`), so that nobody waits for the sweeper."""
    ring(session, kind, at + GRACE)
    session.info.setdefault("told", set()).add(kind)


def to_be_told(session: Session) -> list[str]:
    """The kinds of bells that `ring_now` has rung since it was last asked."""
    return sorted(session.info.pop("told", ()))
