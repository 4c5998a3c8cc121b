"""Files kept with a customer. The bytes live in the tenant's own schema: behind the wall, in its transactions, exports and erasure."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled


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
