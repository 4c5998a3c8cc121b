"""What goes along when customers change hands: set-wise, for one as for ten thousand.

Plans and opportunities live in rooms above this one, so it knows only the names of the columns it needs (as tenants.team.scope does).
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, ColumnElement, Integer, Text, Uuid, bindparam, cast, column, func, select, table, update
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.log import record
from tenants.timeline.models import Event

_MOMENT = TIMESTAMP(timezone=True)
_PLANS = table(
    "plans",
    column("customer_id", Uuid()),
    column("member_id", Uuid()),
    column("done_at", _MOMENT),
    column("deleted_at", _MOMENT),
    column("updated_at", _MOMENT),
    column("version", Integer()),
)
_CUSTOMERS = table("customers", column("id", Uuid()), column("owner_id", Uuid()))
_OPPORTUNITIES = table(
    "opportunities",
    column("id", Uuid()),
    column("customer_id", Uuid()),
    column("owner_id", Uuid()),
    column("name", Text()),
    column("outcome", Text()),
    column("deleted_at", _MOMENT),
    column("updated_at", _MOMENT),
    column("version", Integer()),
)


def carry(
    session: Session, customers: Sequence[uuid.UUID], owner_id: uuid.UUID | None, *, by: Actor, at: dt.datetime, with_opportunities: bool = False
) -> None:
    """Call it while the customers still have their old owner. The old owner's open plans become the new one's; open opportunities when asked."""
    ids = bindparam(None, list(customers), ARRAY(Uuid()))
    if owner_id is not None:
        _carry_plans(session, ids, owner_id, at)
    if with_opportunities:
        _carry_opportunities(session, ids, owner_id, by, at)


def carry_back(session: Session, customers: Sequence[uuid.UUID], moment: dt.datetime, *, by: Actor, at: dt.datetime) -> None:
    """Undoes what `carry` did for these customers at that moment, where nobody has changed a plan or an opportunity since."""
    ids = bindparam(None, list(customers), ARRAY(Uuid()))
    change = (Event.at == moment, Event.member_id == by.id, Event.customer_id == func.any(ids))
    old = cast(Event.data["owner"][0].astext, Uuid())
    _plans_back(session, [Event.kind == "customer.transferred", *change], old, moment, at)
    opportunity, transferred = _OPPORTUNITIES.c, [Event.kind == "opportunity.transferred", *change]
    back = session.execute(
        update(_OPPORTUNITIES)
        .where(opportunity.id == Event.opportunity_id, opportunity.updated_at == moment, opportunity.deleted_at.is_(None), *transferred)
        .values(owner_id=old, updated_at=at, version=opportunity.version + 1)
        .returning(opportunity.id, opportunity.customer_id, Event.data)
    ).all()
    for row in back:
        owners, names = row.data["owner"][::-1], row.data["names"][::-1]
        told = {"owner": owners, "names": names, "name": row.data["name"]}
        record(session, "opportunity.transferred", by=by, at=at, customer_id=row.customer_id, opportunity_id=row.id, **told)


def names_of(session: Session, *members: uuid.UUID | None) -> list[str | None]:
    """Names in the given order, for events that must be readable when the member is gone; None for nobody."""
    known = dict(session.execute(select(Member.id, Member.name).where(Member.id.in_([member for member in members if member]))).all())
    return [known.get(member) if member else None for member in members]


def _carry_plans(session: Session, ids: ColumnElement[Any], owner_id: uuid.UUID, at: dt.datetime) -> None:
    plan, customer = _PLANS.c, _CUSTOMERS.c
    session.flush()
    session.execute(
        update(_PLANS)
        .where(customer.id == func.any(ids), plan.customer_id == customer.id, plan.member_id == customer.owner_id)
        .where(plan.done_at.is_(None), plan.deleted_at.is_(None))
        .values(member_id=owner_id, updated_at=at, version=plan.version + 1)
    )


def _plans_back(session: Session, change: Sequence[ColumnElement[bool]], old: ColumnElement[Any], moment: dt.datetime, at: dt.datetime) -> None:
    plan, new = _PLANS.c, cast(Event.data["owner"][1].astext, Uuid())
    session.execute(
        update(_PLANS)
        .where(plan.customer_id == Event.customer_id, plan.member_id == new, *change)
        .where(plan.updated_at == moment, plan.done_at.is_(None), plan.deleted_at.is_(None))
        .values(member_id=old, updated_at=at, version=plan.version + 1)
    )


def _carry_opportunities(session: Session, ids: ColumnElement[Any], owner_id: uuid.UUID | None, by: Actor, at: dt.datetime) -> None:
    opportunity = _OPPORTUNITIES.c
    open_ones = select(opportunity.id, opportunity.owner_id).where(
        opportunity.customer_id == func.any(ids),
        opportunity.outcome == "open",
        opportunity.deleted_at.is_(None),
        opportunity.owner_id.is_distinct_from(owner_id),
    )
    before = open_ones.with_for_update().cte("before")
    moved = session.execute(
        update(_OPPORTUNITIES)
        .where(opportunity.id == before.c.id)
        .values(owner_id=owner_id, updated_at=at, version=opportunity.version + 1)
        .returning(opportunity.id, opportunity.customer_id, opportunity.name, before.c.owner_id.label("old"))
    ).all()
    called = {member: name for member in {row.old for row in moved} | {owner_id} for name in names_of(session, member)}
    for row in moved:
        owners = [str(row.old) if row.old else None, str(owner_id) if owner_id else None]
        record(
            session, "opportunity.transferred", by=by, at=at, customer_id=row.customer_id, opportunity_id=row.id,
            owner=owners, names=[called[row.old], called[owner_id]], name=row.name,
        )  # fmt: skip
