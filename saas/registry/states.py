"""The life of a tenant. From `read_only` on, nothing may be written; from `closed` on, nobody comes in."""

STATES = ("trial", "active", "past_due", "read_only", "closed", "erased")
ENTERABLE = frozenset({"trial", "active", "past_due", "read_only"})
WRITABLE = frozenset({"trial", "active", "past_due"})
