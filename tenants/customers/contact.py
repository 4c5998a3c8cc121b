"""The people who decide: contacts at a customer."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled

LIVE = text("deleted_at IS NULL")


class Contact(Keyed, Sampled, Base):
    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
        Index("ix_contacts_customer", "customer_id", "id", postgresql_where=LIVE),
        Index("ix_contacts_name_key", "name_key", "id", postgresql_where=LIVE),
        Index("ix_contacts_search", "search", postgresql_using="gin", postgresql_where=LIVE),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    name: Mapped[str]
    sex: Mapped[str | None]
    department: Mapped[str | None]
    post: Mapped[str | None]
    is_decision_maker: Mapped[bool] = mapped_column(default=False, server_default="false")
    mobile: Mapped[str | None]
    phone: Mapped[str | None]
    wechat: Mapped[str | None]
    qq: Mapped[str | None]
    mail: Mapped[str | None]
    birthday: Mapped[dt.date | None]
    birthday_is_lunar: Mapped[bool] = mapped_column(default=False, server_default="false")
    habits: Mapped[str | None]
    address: Mapped[str | None]
    remark: Mapped[str | None]
    left_at: Mapped[dt.date | None]  # no longer in post since

    name_key: Mapped[str]
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}
