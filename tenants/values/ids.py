"""Keys: UUIDv7 for records, so that they sort by time; an opaque name for a tenant's schema and role."""

import re
import secrets
import uuid

from uuid_utils import compat

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32
TENANT_KEY = re.compile(r"t_[a-z2-7]{10}")


def new_id() -> uuid.UUID:
    return compat.uuid7()


def tenant_key() -> str:
    """50 random bits, safe as an SQL identifier without quotes."""
    return "t_" + "".join(secrets.choice(ALPHABET) for _ in range(10))


def is_tenant_key(text: str) -> bool:
    return TENANT_KEY.fullmatch(text) is not None
