"""The people who decide: contacts at a customer."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.customers.customer import Customer
from tenants.customers.rules import InBin, NameMissing, tidy
from tenants.customers.search import Lexemes, lexemes_of_contacts
from tenants.team.actor import Actor
from tenants.timeline.changes import assign
from tenants.timeline.log import record
from tenants.values import names
from tenants.wall.base import Base, Keyed, Sampled

LIVE = text("deleted_at IS NULL")
FIELDS = (
    "name", "sex", "department", "post", "is_decision_maker", "mobile", "phone", "wechat", "qq", "mail", "birthday", "birthday_is_lunar", "habits",
    "address", "remark", "left_at",
)  # fmt: skip
FOUND_BY = frozenset({"name", "mobile", "phone", "wechat", "qq", "mail"})


class Contact(Keyed, Sampled, Base):
    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
        Index("ix_contacts_customer_id", "customer_id", "id"),
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
    search: Mapped[list[str]] = mapped_column(Lexemes, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    def edit(self, session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, list[Any]]:
        """Changes fields of `FIELDS`; returns what differed as {field: [old, new]}."""
        if self.deleted_at is not None:
            raise InBin
        values = tidy(values)
        if strange := values.keys() - set(FIELDS):
            raise ValueError(f"not for edit: {sorted(strange)}")
        if "name" in values and not values["name"]:
            raise NameMissing
        changes = assign(self, values)
        if not changes:
            return {}
        self.updated_at = at
        if changes.keys() & FOUND_BY:
            self.refresh_search()
            self._refresh_customer(session)
        record(session, "contact.edited", by=by, at=at, customer_id=self.customer_id, subject_id=self.id, name=self.name, changes=changes)
        return changes

    def discard(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Into the bin for 30 days; its customer is no longer found by it."""
        if self.deleted_at is not None:
            return
        self.deleted_at, self.deleted_by_id, self.updated_at = at, by.id, at
        self._refresh_customer(session)
        record(session, "contact.deleted", by=by, at=at, customer_id=self.customer_id, subject_id=self.id, name=self.name)

    def restore(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Out of the bin; harmless when it is not in there."""
        if self.deleted_at is None:
            return
        self.deleted_at, self.deleted_by_id, self.updated_at = None, None, at
        self._refresh_customer(session)
        record(session, "contact.restored", by=by, at=at, customer_id=self.customer_id, subject_id=self.id, name=self.name)

    def lexemes(self) -> list[str]:
        """What it is found by, and its customer with it."""
        return names.search_lexemes(self.name, self.wechat, self.qq, self.mail, phones=[self.mobile, self.phone])

    def refresh_search(self) -> None:
        """Fills the columns it is found and sorted by."""
        self.name_key = names.pinyin(self.name, person=True)[:60]
        self.search = self.lexemes()

    def _refresh_customer(self, session: Session) -> None:
        """Locks the customer first, so that two contacts changed at once both find it."""
        customer = session.get_one(Customer, self.customer_id, with_for_update={"key_share": True})
        session.flush()
        customer.refresh_search(lexemes_of_contacts(session, customer.id))
