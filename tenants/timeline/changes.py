"""Old values are kept: what an edit changed, in a form that JSON holds."""

import datetime as dt
import decimal
import uuid
from collections.abc import Mapping
from typing import Any


def assign(record: object, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets the attributes that differ and returns them as {field: [old, new]}."""
    changes: dict[str, list[Any]] = {}
    for name, new in values.items():
        old = getattr(record, name)
        if old != new:
            setattr(record, name, new)
            changes[name] = [plain(old), plain(new)]
    return changes


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    return value
