"""The firm's settings: one JSON value by its key."""

import datetime as dt
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.workspace.models import Setting


def read(session: Session, key: str) -> dict[str, Any]:
    """The value, or an empty one when nobody has set it."""
    setting = session.get(Setting, key)
    return dict(setting.value) if setting else {}


def write(session: Session, key: str, value: dict[str, Any], *, at: dt.datetime) -> None:
    """Sets the value whole; of two who write at once the later wins."""
    setting = session.get(Setting, key)
    if setting is not None:
        setting.value, setting.updated_at = value, at
        session.flush()
        return
    fresh = insert(Setting).values(key=key, value=value, updated_at=at)
    session.execute(fresh.on_conflict_do_update(index_elements=[Setting.key], set_={"value": value, "updated_at": at}))
