"""What a company must know of us is promised in the landlord's plane; a worker tells it behind the wall (workers/support.py)."""

import datetime as dt
import uuid
from typing import Literal

from sqlalchemy.orm import Session

from tenants.wall import outbox

NOTICE = "support.notice"  # kind of the promise
ASKED: Literal["asked"] = "asked"
VISITED: Literal["visited"] = "visited"


def tell(session: Session, what: Literal["asked", "visited"], tenant_id: uuid.UUID, about: uuid.UUID, *, at: dt.datetime) -> None:
    """Once for each consent that is asked for and each visit: its id is the key."""
    outbox.promise(session, NOTICE, {"tenant": str(tenant_id), "what": what, "about": str(about)}, at=at, key=about)
