"""What the log of the company keeps of its arrangement."""

from tenants.timeline.log import record
from web.visit import here


def note(kind: str, name: str) -> None:
    """`kind` as "role.changed"; `name` is what it was called at that time."""
    visit = here()
    record(visit.session, kind, by=visit.actor, at=visit.now, name=name)
