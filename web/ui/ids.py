"""Ids in the page come from one place, so that a piece finds the spot it replaces."""

import re
from typing import Any


def dom_id(record: Any, part: str = "") -> str:
    """dom_id(customer, "owner") -> "customer-0192…-owner". For something new: dom_id(Customer) -> "customer-new"."""
    kind = record if isinstance(record, type) else type(record)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower()
    key = "new" if isinstance(record, type) else str(record.id)
    return f"{name}-{key}-{part}" if part else f"{name}-{key}"
