"""The rows of an export, as they come out of the database a few thousand at a time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from tenants.customers import people
from tenants.customers.contact import Contact
from tenants.customers.criteria import Criteria, predicates
from tenants.customers.customer import Customer
from tenants.customers.queries import DEFAULT_ORDER, ORDERS, in_order
from tenants.customers.scores import SCORES
from tenants.exports.columns import shown
from tenants.exports.offered import OFFERED, PARENT
from tenants.exports.order import Order
from tenants.followups.models import Followup
from tenants.pipeline.models import LostReason, Opportunity, Pipeline, Stage
from tenants.pipeline.sorting import PLACES, SORTS, placed
from tenants.pipeline.wanted import Wanted, conditions
from tenants.team.actor import Actor
from tenants.team.models import Member, Territory
from tenants.team.scope import scope_values
from tenants.wall.tenant import Tenant

AT_ONCE = 2_000  # rows


class Reading:
    """One export's rows: in the list's order, of what `actor` sees now. The columns come as `tenants.exports.columns.shown` asks for them."""

    def __init__(self, session: Session, order: Order, actor: Actor, tenant: Tenant) -> None:
        self._session = session
        columns = [shown(OFFERED[order.of][key], order.form, tenant.timezone) for key in order.columns]
        base, self._keys = _FITTING[order.of](session, order, actor, tenant)
        self._fitting = base
        self._rows = base.with_only_columns(*columns)
        self._values = {} if order.of != "opportunities" else cast(Wanted, order.wanted).values(tenant.zone) | scope_values(actor)

    def count(self) -> int:
        fitting = self._fitting.with_only_columns(text("1")).order_by(None).subquery()
        return self._session.scalar(select(func.count()).select_from(fitting), self._values) or 0

    def parts(self) -> Iterator[Sequence[Sequence[Any]]]:
        """Through a cursor of the server's: neither here nor there is the whole ever in memory. The plan is made for all rows, not for the first."""
        self._session.execute(text("SET LOCAL cursor_tuple_fraction = 1"))
        options = {"stream_results": True, "yield_per": AT_ONCE}
        yield from self._session.execute(self._rows.order_by(*self._keys), self._values, execution_options=options).partitions(AT_ONCE)


def _customers(session: Session, order: Order, actor: Actor, tenant: Tenant) -> tuple[Select[Any], tuple[Any, ...]]:
    query = (
        select(Customer.id)
        .outerjoin(Member, Member.id == Customer.owner_id)
        .outerjoin(Territory, Territory.id == Customer.territory_id)
        .outerjoin(PARENT, PARENT.id == Customer.parent_id)
    )
    by = ORDERS.get(order.sort.removeprefix("-")) or ORDERS[DEFAULT_ORDER.removeprefix("-")]
    query, value, _ = in_order(session, query, by)
    return query.where(*_fitting_customers(order, actor, tenant)), _keys(value, Customer.id, falling=order.sort.startswith("-"), nulls_last=True)


def _contacts(session: Session, order: Order, actor: Actor, tenant: Tenant) -> tuple[Select[Any], tuple[Any, ...]]:
    wanted = cast(people.Wanted, order.wanted)
    query = select(Contact.id).join(Customer, Customer.id == Contact.customer_id)
    keys = (Contact.id.desc(),) if order.sort == "-created" else (Contact.name_key, Contact.id)
    return query.where(*people.conditions(session, actor, wanted, order.today)), keys


def _followups(session: Session, order: Order, actor: Actor, tenant: Tenant) -> tuple[Select[Any], tuple[Any, ...]]:
    query = (
        select(Followup.id)
        .join(Customer, Customer.id == Followup.customer_id)
        .outerjoin(Member, Member.id == Followup.member_id)
        .outerjoin(Contact, Contact.id == Followup.contact_id)
        .outerjoin(Opportunity, Opportunity.id == Followup.opportunity_id)
        .where(Followup.deleted_at.is_(None), *_fitting_customers(order, actor, tenant))
    )
    return query, (Followup.at.desc(), Followup.id.desc())


def _opportunities(session: Session, order: Order, actor: Actor, tenant: Tenant) -> tuple[Select[Any], tuple[Any, ...]]:
    wanted, by = cast(Wanted, order.wanted), order.sort.removeprefix("-")
    by = by if by in SORTS else "updated"
    places = PLACES[by](session) if by in PLACES else None
    query = (
        select(Opportunity.id)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .join(Pipeline, Pipeline.id == Opportunity.pipeline_id)
        .outerjoin(Member, Member.id == Opportunity.owner_id)
        .outerjoin(Contact, Contact.id == Opportunity.contact_id)
        .outerjoin(LostReason, LostReason.id == Opportunity.lost_reason_id)
        .outerjoin(SCORES, SCORES.c.subject_id == Opportunity.id)
        .where(*conditions(wanted.shape, actor))
    )
    return query, _keys(placed(SORTS[by], places), Opportunity.id, falling=order.sort.startswith("-"), nulls_last=True)


_FITTING: dict[str, Any] = {"customers": _customers, "contacts": _contacts, "followups": _followups, "opportunities": _opportunities}


def _fitting_customers(order: Order, actor: Actor, tenant: Tenant) -> list[Any]:
    midnight = dt.datetime.combine(order.today, dt.time.min, tenant.zone)
    return predicates(cast(Criteria, order.wanted), actor, today=midnight)


def _keys(value: Any, key: Any, *, falling: bool, nulls_last: bool = False) -> tuple[Any, ...]:
    value, key = (value.desc(), key.desc()) if falling else (value.asc(), key.asc())
    return (value.nulls_last() if nulls_last else value, key)
