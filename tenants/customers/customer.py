"""A customer: a company or a person that the firm sells to. It belongs to the firm; a member only looks after it."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, literal_column, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.customers import handover
from tenants.customers.rules import InBin, NameMissing, tidy
from tenants.customers.search import Lexemes, lexemes_of_contacts
from tenants.notifications.assigned import assigned
from tenants.notifications.bells import REMINDERS
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.changes import assign
from tenants.timeline.log import record
from tenants.values import names
from tenants.wall.base import Base, Keyed, Sampled
from tenants.wall.bells import ring

LIVE = text("deleted_at IS NULL")
# What `edit` may change. Status, owner and the bin have verbs of their own.
FIELDS = (
    "name", "short_name", "kind", "industry", "business", "size", "standing", "region", "address", "credit_code", "rivals", "phone", "website",
    "invoice_title", "source", "remark", "parent_id", "grade", "territory_id", "next_contact_at",
)  # fmt: skip
COUNTED = ["id", "last_followup_at", "created_at", "status", "grade"]
FOUND_BY = frozenset({"name", "short_name", "phone", "number", "credit_code"})


class Customer(Keyed, Sampled, Base):
    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("kind IN ('company', 'person')", name="kind"),
        CheckConstraint("status IN ('target', 'potential', 'prospective', 'regular', 'vip', 'lapsed')", name="status"),
        Index("ix_customers_created", "created_at", "id", postgresql_where=LIVE),
        # Covers what the workbench counts: it never reads the wide rows of all customers.
        Index("ix_customers_owner", "owner_id", "next_contact_at", postgresql_include=COUNTED, postgresql_where=LIVE),
        Index("ix_customers_territory", "territory_id", "id", postgresql_where=LIVE),
        Index("ix_customers_next_contact", text("(coalesce(next_contact_at, 'infinity'::timestamptz))"), "id", postgresql_where=LIVE),
        Index("ix_customers_last_followup", text("(coalesce(last_followup_at, '-infinity'::timestamptz))"), "id", postgresql_where=LIVE),
        Index("ix_customers_grade", text("(coalesce(grade, '~'))"), "id", postgresql_where=LIVE),
        Index("ix_customers_name_key", "name_key", "id", postgresql_where=LIVE),
        Index("ix_customers_core_name", "core_name"),
        Index("ix_customers_search", "search", postgresql_using="gin", postgresql_where=LIVE),
        Index("ix_customers_bin", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index("ix_customers_sample", "id", postgresql_where=text("sample")),
    )

    # 1. basic facts
    name: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="company", server_default="company")
    industry: Mapped[str | None]
    business: Mapped[str | None]  # what they make or do
    size: Mapped[str | None]
    standing: Mapped[str | None]  # standing in their trade
    region: Mapped[str | None]  # "浙江 杭州 余杭区"
    address: Mapped[str | None]
    credit_code: Mapped[str | None] = mapped_column(index=True)  # 统一社会信用代码
    rivals: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    invoice_title: Mapped[str | None]
    source: Mapped[str | None]
    remark: Mapped[str | None]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    # 4. class and grade
    status: Mapped[str] = mapped_column(default="target", server_default="target")
    status_since: Mapped[dt.datetime]
    grade: Mapped[str | None]
    # who looks after it, and when next
    owner_id: Mapped[uuid.UUID | None]
    territory_id: Mapped[uuid.UUID | None]
    next_contact_at: Mapped[dt.datetime | None]
    last_followup_at: Mapped[dt.datetime | None]
    # how it is found: filled by `refresh_search`
    name_key: Mapped[str]  # pinyin, for sorting
    core_name: Mapped[str]  # without 有限公司 and the like, for the duplicate check
    search: Mapped[list[str]] = mapped_column(Lexemes, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    # Counts what people change. A follow-up or a new contact writes to this row as well, and must not make a colleague's open form stale.
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @property
    def is_in_bin(self) -> bool:
        return self.deleted_at is not None

    def edit(self, session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, list[Any]]:
        """Changes fields of `FIELDS` (and "status", by its own verb); returns what differed as {field: [old, new]}."""
        self._refuse_in_bin()
        values = tidy(values)
        status = values.pop("status", None)
        if strange := values.keys() - set(FIELDS):
            raise ValueError(f"not for edit: {sorted(strange)}")
        if "name" in values and not values["name"]:
            raise NameMissing
        changes = assign(self, values)
        if changes:
            self._changed(at)
            record(session, "customer.edited", by=by, at=at, customer_id=self.id, changes=changes)
        if "next_contact_at" in changes and self.next_contact_at is not None:
            ring(session, REMINDERS, self.next_contact_at)
        if changes.keys() & FOUND_BY:
            self.refresh_search(lexemes_of_contacts(session, self.id))
        if status is not None and status != self.status:
            changes["status"] = [self.status, status]
            self.change_status(session, status, by=by, at=at)
        return changes

    def change_status(self, session: Session, status: str, *, by: Actor, at: dt.datetime) -> None:
        """Moves it along the status line."""
        self._refuse_in_bin()
        if status == self.status:
            return
        record(session, "customer.status", by=by, at=at, customer_id=self.id, **status_data(self.status, self.status_since, status, at))
        self.status, self.status_since = status, at
        self._changed(at)

    def transfer(self, session: Session, owner: Member | None, *, by: Actor, at: dt.datetime, with_opportunities: bool = False) -> None:
        """Hands it to `owner` (None: to nobody). Contacts, follow-ups stay with it, the old owner's plans go along, open opportunities if asked."""
        self._refuse_in_bin()
        new = owner.id if owner else None
        if new == self.owner_id:
            return
        names_ = handover.names_of(session, self.owner_id, new)
        record(
            session,
            "customer.transferred",
            by=by,
            at=at,
            customer_id=self.id,
            owner=[str(i) if i else None for i in (self.owner_id, new)],
            names=names_,
        )
        handover.carry(session, [self.id], new, by=by, at=at, with_opportunities=with_opportunities)
        self.owner_id = new
        self._changed(at)
        assigned(session, "customer", [self.id], new, by=by, at=at)

    def discard(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Into the bin, for 30 days; all that hangs on it stays where it is and is not shown."""
        self._refuse_in_bin()
        self.deleted_at, self.deleted_by_id = at, by.id
        self._changed(at)
        record(session, "customer.deleted", by=by, at=at, customer_id=self.id, name=self.name)

    def restore(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Out of the bin; harmless when it is not in there."""
        if not self.is_in_bin:
            return
        self.deleted_at = self.deleted_by_id = None
        self._changed(at)
        record(session, "customer.restored", by=by, at=at, customer_id=self.id, name=self.name)

    def refresh_search(self, contacts: Iterable[str] = ()) -> None:
        """Fills the columns it is found, sorted and compared by. `contacts`: the lexemes of its contacts (`Contact.lexemes`)."""
        self.name_key = names.pinyin(self.name, person=self.kind == "person")[:60]
        self.core_name = names.core_name(self.name)
        own = names.search_lexemes(self.name, self.short_name, self.number, self.credit_code, phones=[self.phone])
        self.search = sorted({*own, *contacts})

    def _changed(self, at: dt.datetime) -> None:
        self.updated_at = at
        self.version += 1

    def _refuse_in_bin(self) -> None:
        if self.is_in_bin:
            raise InBin


def status_data(old: str, since: dt.datetime, new: str, at: dt.datetime) -> dict[str, Any]:
    """What the event of a change of status tells: [old, new], and how long the old one lasted."""
    return {"status": [old, new], "days": (at - since).days, "since": since.isoformat()}


# As they are indexed: nothing planned is far in the future, never contacted long ago, no grade after C. Filters and orders by these use the index.
next_contact: ColumnElement[dt.datetime] = func.coalesce(Customer.next_contact_at, literal_column("'infinity'::timestamptz"))
last_followup: ColumnElement[dt.datetime] = func.coalesce(Customer.last_followup_at, literal_column("'-infinity'::timestamptz"))
grade_or_last: ColumnElement[str] = func.coalesce(Customer.grade, literal_column("'~'"))


class Collaborator(Base):
    """A colleague who may read or also write a customer that is not theirs, perhaps until a day."""

    __tablename__ = "collaborators"
    __table_args__ = (Index("ix_collaborators_member_id", "member_id", "customer_id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    may_write: Mapped[bool] = mapped_column(default=False, server_default="false")
    until: Mapped[dt.datetime | None]


class Watch(Base):
    """我关注的: a member keeps an eye on a customer."""

    __tablename__ = "watches"
    __table_args__ = (Index("ix_watches_member_id", "member_id", "customer_id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)


class Evaluation(Keyed, Sampled, Base):
    """The grade of a customer for one period, with the figures it was given for. Old ones are kept."""

    __tablename__ = "evaluations"
    __table_args__ = (Index("uq_evaluations_customer_id_period", "customer_id", "period", unique=True),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    period: Mapped[str]  # "2026Q4"
    grade: Mapped[str]
    figures: Mapped[dict[str, Any]]
    remark: Mapped[str | None]
    member_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
