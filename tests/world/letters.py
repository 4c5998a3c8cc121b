"""What the landlord has promised to mail, and the links in it."""

import re
from dataclasses import dataclass

from sqlalchemy import Engine, select

from saas.outbox.models import LandlordOutbox
from tenants.wall.session import landlord_plane, open_session


@dataclass(frozen=True, slots=True)
class Sent:
    to: str
    subject: str
    text: str
    html: str

    def path(self, room: str) -> str:
        """The path of the link that leads to `room`, as "/reset-password/"."""
        found = re.search(rf"https?://[^/\s]+({re.escape(room)}\S*)", self.text)
        assert found, f"no link to {room} in: {self.text}"
        return found[1]


def letters(engine: Engine) -> list[Sent]:
    """In the order in which they were promised."""
    with open_session(engine, landlord_plane()) as landlord:
        rows = landlord.scalars(select(LandlordOutbox.payload).where(LandlordOutbox.kind == "mail").order_by(LandlordOutbox.id))
        return [Sent(**{key: row[key] for key in ("to", "subject", "text", "html")}) for row in rows]
