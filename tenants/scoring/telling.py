"""Owners hear of grades that have changed; of many at once, as after other rules were saved, in one word."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from tenants.notifications.notify import notify
from tenants.scoring.grades import GRADED, Regraded

EACH = 5  # changes that one owner is told of one by one


def tell_owners(session: Session, changed: Sequence[Regraded], *, at: dt.datetime) -> None:
    """A first grade is no change."""
    theirs: dict[uuid.UUID, list[Regraded]] = {}
    for one in changed:
        if one.owner_id is not None and one.old is not None:
            theirs.setdefault(one.owner_id, []).append(one)
    for owner_id, those in theirs.items():
        if len(those) > EACH:
            notify(session, [owner_id], GRADED, key=f"graded:{at.isoformat()}:{those[0].id}", at=at, count=len(those))
        else:
            for one in those:
                key = f"graded:{one.id}:{at.isoformat()}"
                notify(session, [owner_id], GRADED, key=key, at=at, customer_id=one.id, grade=[one.old, one.new], score=one.score)
