"""The life of a tenant. From `read_only` on, nothing may be written; once it is `closed`, its people are only let in to pay."""

STATES = ("trial", "active", "past_due", "read_only", "closed", "erased")
ENTERABLE = frozenset({"trial", "active", "past_due", "read_only"})
ADMITTED = ENTERABLE | {"closed"}
WRITABLE = frozenset({"trial", "active", "past_due"})
