"""Files kept with a customer. The bytes live in the tenant's own schema: behind the wall, in its transactions, exports and erasure."""

import datetime as dt
import uuid
from hashlib import sha256

from sqlalchemy import ForeignKey, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.customers.customer import Customer
from tenants.customers.files import SHOWABLE, check_size, media_type, safe_name
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal
from tenants.wall.base import Base, Keyed, Sampled
from tenants.wall.session import current_tenant


class Attachment(Keyed, Sampled, Base):
    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_customer", "customer_id", "id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    opportunity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    deleted_at: Mapped[dt.datetime | None]

    @property
    def is_showable(self) -> bool:
        """A picture that a page may show."""
        return self.media_type in SHOWABLE

    def discard(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        if self.deleted_at is None:
            self.deleted_at = at
            record(session, "attachment.removed", by=by, at=at, customer_id=self.customer_id, subject_id=self.id, name=self.name)

    def restore(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        if self.deleted_at is not None:
            self.deleted_at = None
            record(session, "attachment.restored", by=by, at=at, customer_id=self.customer_id, subject_id=self.id, name=self.name)


class NoRoom(Refusal):
    sentence = N_("There is no room for “%(name)s”: the plan keeps %(most)s GB of files. Remove some for good, or rent a larger plan.")


def room_taken(session: Session) -> int:
    """Bytes of all files of the firm; those in the bin count until they are gone."""
    return session.scalar(select(func.coalesce(func.sum(Attachment.size), 0))) or 0


def _require_room(session: Session, name: str, size: int) -> None:
    """One at a time counts, so that two who come at once do not both get the last room."""
    most = current_tenant().entitlements.storage
    if most is None:
        return
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("files " + current_tenant().key, 0))))
    if room_taken(session) + size > most:
        raise NoRoom(name=name, most=most // 2**30)


def attach(session: Session, customer: Customer, *, name: str | None, content: bytes, by: Actor, at: dt.datetime) -> Attachment:
    """Keeps a file with the customer. What it is is read off its bytes. Raises `EmptyFile`, `FileTooLarge`, `NoRoom`."""
    called = safe_name(name)
    check_size(called, len(content))
    _require_room(session, called, len(content))
    attachment = Attachment(
        customer_id=customer.id,
        name=called,
        media_type=media_type(called, content),
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
        created_at=at,
        created_by_id=by.id,
    )
    session.add(attachment)
    session.flush()
    record(session, "attachment.added", by=by, at=at, customer_id=customer.id, subject_id=attachment.id, name=called)
    return attachment
