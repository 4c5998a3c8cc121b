"""What was done with a customer (follow-up), and what is to be done and when (plan)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.customers.customer import Customer
from tenants.followups.rules import Kept, Promise, may_change, next_contact
from tenants.notifications.assigned import planned
from tenants.notifications.bells import REMINDERS
from tenants.team.actor import Actor
from tenants.timeline.changes import assign
from tenants.timeline.log import record
from tenants.wall.base import Base, Keyed, Sampled
from tenants.wall.bells import ring

CLIP = 200  # characters of a text that an event keeps


class Followup(Keyed, Sampled, Base):
    __tablename__ = "followups"
    __table_args__ = (
        CheckConstraint("means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')", name="means"),
        Index("ix_followups_customer", "customer_id", "at"),
        Index("ix_followups_member", "member_id", "at"),
        Index("ix_followups_at", "at", postgresql_include=["member_id"], postgresql_where=text("deleted_at IS NULL")),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    plan_id: Mapped[uuid.UUID | None]
    means: Mapped[str]
    content: Mapped[str]
    result: Mapped[str | None]
    next_contact_at: Mapped[dt.datetime | None]
    at: Mapped[dt.datetime]  # when it happened
    member_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    def may_be_changed_by(self, actor: Actor) -> bool:
        return may_change(self.member_id, actor)

    def edit(self, session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, list[Any]]:
        """Returns what changed, as {field: [old, new]}; the old values stay in the timeline."""
        changes = assign(self, values)
        if changes:
            self.updated_at = at
            _tell(session, "followup.edited", self, by=by, at=at, changes=changes)
            reckon_contacts(session, self.customer_id)
        return changes

    def discard(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        self.deleted_at = self.updated_at = at
        _tell(session, "followup.deleted", self, by=by, at=at, content=self.content[:CLIP])
        reckon_contacts(session, self.customer_id)

    def restore(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        self.deleted_at, self.updated_at = None, at
        _tell(session, "followup.restored", self, by=by, at=at, content=self.content[:CLIP])
        reckon_contacts(session, self.customer_id)


class Plan(Keyed, Sampled, Base):
    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("means IN ('phone', 'wechat', 'visit', 'sms', 'mail', 'event')", name="means"),
        Index("ix_plans_open", "member_id", "due_at", postgresql_where=text("done_at IS NULL AND deleted_at IS NULL")),
        Index("ix_plans_customer", "customer_id", "due_at"),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    member_id: Mapped[uuid.UUID | None]  # who is to do it
    means: Mapped[str]
    content: Mapped[str]
    due_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    done_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.deleted_at is None

    def finish(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        if self.is_open:
            self.done_at, self.done_by_id, self.updated_at = at, by.id, at
            _tell(session, "plan.done", self, by=by, at=at, content=self.content[:CLIP])
            reckon_contacts(session, self.customer_id)

    def reopen(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Takes back `finish`, or `drop`."""
        if not self.is_open:
            self.done_at = self.done_by_id = self.deleted_at = None
            self.updated_at = at
            _tell(session, "plan.reopened", self, by=by, at=at, content=self.content[:CLIP])
            reckon_contacts(session, self.customer_id)
            remind_at(session, self.due_at)

    def move(self, session: Session, due_at: dt.datetime, *, by: Actor, at: dt.datetime) -> None:
        """To another time."""
        self.edit(session, {"due_at": due_at}, by=by, at=at)

    def edit(self, session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, list[Any]]:
        """Returns what changed, as {field: [old, new]}."""
        changes = assign(self, values)
        if changes:
            self.updated_at = at
            _tell(
                session,
                "plan.moved" if set(changes) == {"due_at"} else "plan.edited",
                self,
                by=by,
                at=at,
                content=self.content[:CLIP],
                changes=changes,
            )
            reckon_contacts(session, self.customer_id)
            remind_at(session, self.due_at)
        if "member_id" in changes:
            self.tell_doer(session, by=by, at=at)
        return changes

    def tell_doer(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Who is to do it hears so, unless it is who says so."""
        planned(
            session, self.id, self.member_id, by=by, at=at, customer_id=self.customer_id, opportunity_id=self.opportunity_id,
            content=self.content[:CLIP], means=self.means,
        )  # fmt: skip

    def drop(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        self.deleted_at = self.updated_at = at
        _tell(session, "plan.dropped", self, by=by, at=at, content=self.content[:CLIP])
        reckon_contacts(session, self.customer_id)


def reckon_contacts(session: Session, customer_id: uuid.UUID) -> None:
    """Sets when the customer was last spoken to and is to be spoken to next, from its follow-ups and plans.

    The row is locked first: of two follow-ups written at once, the second to commit reckons with both. The customer's version stays, as nobody
    edited it: a form that is open on it must not clash.
    """
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update(key_share=True))
    last = session.execute(
        select(Followup.at, Followup.next_contact_at)
        .where(Followup.customer_id == customer_id, Followup.deleted_at.is_(None))
        .order_by(Followup.at.desc(), Followup.id.desc())
        .limit(1)
    ).one_or_none()
    promise = Promise(last.at, last.next_contact_at) if last and last.next_contact_at else None
    open_plans, kept = _plans_since(session, customer_id, promise)
    values = {"last_followup_at": last.at if last else None, "next_contact_at": next_contact(open_plans, promise, kept)}
    session.execute(update(Customer).where(Customer.id == customer_id).values(values))
    remind_at(session, values["next_contact_at"])


def remind_at(session: Session, when: dt.datetime | None) -> None:
    """Somebody is to be reminded then (tenants.reminders). A bell in the past has the workers look at once, and what was told is not told again."""
    if when is not None:
        ring(session, REMINDERS, when)


def _plans_since(session: Session, customer_id: uuid.UUID, promise: Promise | None) -> tuple[list[dt.datetime], list[Kept]]:
    """When the open plans are due, and those that were done since the promise was made."""
    matters = Plan.done_at.is_(None) if promise is None else or_(Plan.done_at.is_(None), Plan.done_at >= promise.made_at)
    rows = session.execute(select(Plan.due_at, Plan.done_at).where(Plan.customer_id == customer_id, Plan.deleted_at.is_(None), matters)).all()
    return [due for due, done in rows if done is None], [Kept(due, done) for due, done in rows if done is not None]


def _tell(session: Session, kind: str, subject: Followup | Plan, *, by: Actor, at: dt.datetime, **data: Any) -> None:
    record(session, kind, by=by, at=at, customer_id=subject.customer_id, opportunity_id=subject.opportunity_id, subject_id=subject.id, **data)
