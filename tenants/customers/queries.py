"""Typed reads of customers: rows of the list, counts of its scenes."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Numeric,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    tuple_,
)
from sqlalchemy import union_all as all_of
from sqlalchemy.dialects.postgresql import TIMESTAMP, aggregate_order_by
from sqlalchemy.orm import Session

from tenants.customers.criteria import SCENES, Criteria, Scene, in_scene, live, predicates
from tenants.customers.customer import Customer, grade_or_last, last_followup, next_contact
from tenants.customers.options import STATUSES
from tenants.customers.scores import SCORES, THEIRS, rows_by_score, score_of
from tenants.customers.tag import CustomerTag, Tag
from tenants.team.actor import Actor
from tenants.team.models import Member, Team, Territory
from tenants.team.queries import ids_by_name
from tenants.team.scope import halves

MANY = 10_000  # from here on, what is narrowed by filters is not counted further
MANY_FOUND = 1_000  # the same for what is found by words, as one types

_OPPORTUNITIES = table(
    "opportunities", column("customer_id", Uuid()), column("outcome", Text()), column("amount", Numeric(14, 2)), column("deleted_at")
)


class CustomerRow(NamedTuple):
    """`open_amount`: of its open opportunities, None when there are none. `tags` is empty unless they were asked for."""

    id: uuid.UUID
    name: str
    number: str
    region: str | None
    industry: str | None
    source: str | None
    size: str | None
    phone: str | None
    grade: str | None
    status: str
    owner_id: uuid.UUID | None
    owner: str | None
    next_contact_at: dt.datetime | None
    last_followup_at: dt.datetime | None
    created_at: dt.datetime
    name_key: str
    open_amount: Decimal | None
    score: int | None
    tags: list[str] | None


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort: an expression, the kind of its values, how a row tells its own, and what stands for a missing one.

    `places`: the values in the order they stand in, where they do not sort by themselves; others stand last. `joined`: what the
    expression reads, and how it hangs on the customer.
    """

    expression: Any
    kind: type[Any]
    of: Callable[[CustomerRow], Any]
    missing: ColumnElement[Any] | None = None
    places: Callable[[Session], Sequence[Any]] | None = None
    joined: tuple[Any, Any] | None = None


# Summed once for all, where a sum for each of 100,000 rows would be asked for by itself.
_OPEN = (
    select(_OPPORTUNITIES.c.customer_id, func.sum(_OPPORTUNITIES.c.amount).label("amount"))
    .where(_OPPORTUNITIES.c.outcome == "open", _OPPORTUNITIES.c.deleted_at.is_(None))
    .group_by(_OPPORTUNITIES.c.customer_id)
    .subquery("open_sums")
)
ORDERS: dict[str, Order] = {
    "created": Order(Customer.created_at, dt.datetime, lambda row: row.created_at),
    "name": Order(Customer.name_key, str, lambda row: row.name_key),
    "next": Order(next_contact, dt.datetime, lambda row: row.next_contact_at, literal_column("'infinity'::timestamptz")),
    "last": Order(last_followup, dt.datetime, lambda row: row.last_followup_at, literal_column("'-infinity'::timestamptz")),
    "grade": Order(grade_or_last, str, lambda row: row.grade, literal_column("'~'")),
    "score": Order(SCORES.c.score, int, lambda row: row.score, joined=(SCORES, THEIRS)),
    "status": Order(Customer.status, str, lambda row: row.status, places=lambda _: list(STATUSES)),
    "owner": Order(Customer.owner_id, uuid.UUID, lambda row: row.owner_id, places=ids_by_name),
    "amount": Order(
        func.coalesce(_OPEN.c.amount, 0),
        Decimal,
        lambda row: row.open_amount,
        literal_column("0"),
        joined=(_OPEN, _OPEN.c.customer_id == Customer.id),
    ),
}
DEFAULT_ORDER = "-created"


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between two rows: the sort value and id of the row beside it. `backwards`: the rows before it."""

    value: Any
    id: uuid.UUID
    backwards: bool = False


def rows(
    session: Session,
    actor: Actor,
    criteria: Criteria,
    *,
    sort: str = DEFAULT_ORDER,
    edge: Edge | None = None,
    limit: int = 50,
    today: dt.datetime,
    with_tags: bool = False,
    finds_many: bool | None = None,
) -> list[CustomerRow]:
    """One more than `limit` when there is one more, in the order in which they are shown. `sort` is a key of ORDERS, with "-" for descending.

    `finds_many`: somebody has counted, and more than `MANY_FOUND` fit, or no more.
    """
    order, descends = ORDERS[sort.removeprefix("-")], sort.startswith("-")
    backwards = edge is not None and edge.backwards
    query = _shown(with_tags=with_tags).where(*predicates(criteria, actor, today=today, finds_many=finds_many))
    if order is ORDERS["score"]:
        at = (edge.value, edge.id) if edge else None
        told = rows_by_score(session, query, edge=at, falling=descends, backwards=backwards, limit=limit + 1)
    else:
        told = list(session.execute(_ordered(session, query, order, edge, down=descends != backwards).limit(limit + 1)))
    found = [CustomerRow._make(row) for row in told]
    return found[::-1] if backwards else found


def in_order(session: Session, query: Any, order: Order) -> tuple[Any, ColumnElement[Any], Sequence[Any] | None]:
    """The query with what the order reads, what it is sorted by, and the places in that order if it has some."""
    places = order.places(session) if order.places else None
    if order.joined is not None:
        query = query.outerjoin(*order.joined)
    return query, order.expression if places is None else place_in(places, order.expression, _bound(order)), places


def _ordered(session: Session, query: Any, order: Order, edge: Edge | None, *, down: bool) -> Select[Any]:
    query, expression, places = in_order(session, query, order)
    keys = (expression, Customer.id)
    if edge is not None:
        query = query.where(_beyond(keys, _there(order, edge, places), edge.id, down=down))
    ordered: Select[Any] = query.order_by(*(key.desc() if down else key for key in keys))
    return ordered


def count(session: Session, actor: Actor, criteria: Criteria, *, today: dt.datetime, exactly: bool = False) -> tuple[int, bool]:
    """How many fit, and whether that is all of them: counting ends at `MANY_FOUND` or `MANY` unless it must be exact."""
    if not criteria.narrows:
        return scene_counts(session, actor, [criteria.scene])[criteria.scene], True
    fits = predicates(criteria, actor, today=today)
    fitting: Select[Any] = select(literal_column("1")).select_from(Customer).where(*fits)
    if exactly:
        return session.scalar(select(func.count()).select_from(fitting.subquery())) or 0, True
    most = MANY_FOUND if criteria.q else MANY
    number = session.scalar(select(func.count()).select_from(fitting.limit(most + 1).subquery())) or 0
    return min(number, most), number <= most


def scene_counts(session: Session, actor: Actor, scenes: Sequence[Scene] = SCENES) -> dict[Scene, int]:
    """How many customers lie in each scene: all in one statement, each by its own index."""
    row = session.execute(select(*(_scene_count(scene, actor) for scene in scenes))).one()
    return dict(zip(scenes, row, strict=True))


def _scene_count(scene: Scene, actor: Actor) -> ColumnElement[int]:
    own = in_scene(scene, actor)
    if own is not None:
        return select(func.count()).select_from(Customer).where(live(actor), own).scalar_subquery()
    in_scope, shared = (
        select(func.count()).select_from(Customer).where(Customer.deleted_at.is_(None), half).scalar_subquery() for half in halves(Customer, actor)
    )
    return in_scope + shared


def place_in(places: Sequence[Any], expression: Any, kind: Any) -> ColumnElement[int]:
    """The place of a value among `places`, from 1; of any other, the place after the last."""
    return func.coalesce(func.array_position(bindparam(None, list(places), ARRAY(kind)), expression), len(places) + 1)


def _there(order: Order, edge: Edge, places: Sequence[Any] | None) -> Any:
    if places is not None:
        return literal(places.index(edge.value) + 1 if edge.value in places else len(places) + 1)
    return order.missing if edge.value is None and order.missing is not None else bindparam(None, edge.value, type_=_bound(order))


def _beyond(keys: tuple[Any, Any], value: Any, key: uuid.UUID, *, down: bool) -> ColumnElement[bool]:
    here, there = tuple_(*keys), tuple_(value, bindparam(None, key, type_=Uuid()))
    return here < there if down else here > there


def _bound(order: Order) -> Any:
    return {dt.datetime: TIMESTAMP(timezone=True), Decimal: Numeric(14, 2), uuid.UUID: Uuid()}.get(order.kind, Text())


def _shown(*, with_tags: bool) -> Any:
    one, opportunity = Customer, _OPPORTUNITIES.c
    amount = (
        select(func.sum(opportunity.amount))
        .where(opportunity.customer_id == one.id, opportunity.outcome == "open", opportunity.deleted_at.is_(None))
        .scalar_subquery()
    )
    return select(
        one.id, one.name, one.number, one.region, one.industry, one.source, one.size, one.phone, one.grade, one.status, one.owner_id, Member.name,
        one.next_contact_at, one.last_followup_at, one.created_at, one.name_key, amount, score_of, _tags() if with_tags else null(),
    ).outerjoin_from(Customer, Member, Member.id == one.owner_id)  # fmt: skip


def _tags() -> ColumnElement[Any]:
    names = select(func.array_agg(aggregate_order_by(Tag.name, Tag.name))).join_from(CustomerTag, Tag, Tag.id == CustomerTag.tag_id)
    return names.where(CustomerTag.customer_id == Customer.id).scalar_subquery()


def labels(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of members, teams, territories and tags by their ids, whichever they are: for the filters that are on."""
    wanted = bindparam("ids", list(ids), type_=ARRAY(Uuid()))
    named = all_of(*(select(kind.id, kind.name).where(kind.id == func.any(wanted)) for kind in (Member, Team, Territory, Tag)))
    return dict(session.execute(named).all())
