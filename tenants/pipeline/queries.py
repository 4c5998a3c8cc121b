"""Reading the pipeline: the board and its columns, rows of the list, where an opportunity has been, what lies in the bin."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Select, Uuid, bindparam, func, literal, select, true, tuple_
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.scores import SCORES
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.rules import days_in_stage, is_slow
from tenants.pipeline.sorting import PLACES, SORTS, Edge, beyond, in_order, placed, settled
from tenants.pipeline.stage_move import StageMove
from tenants.pipeline.wanted import Shape, Wanted, conditions
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import by_shape, scope_values, visible

CARDS = 20  # of a column at first, and with each scroll
ROWS = 50
BIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Card:
    """An opportunity as boards and lists show it."""

    id: uuid.UUID
    stage_id: uuid.UUID
    rank: str
    version: int
    name: str
    amount: Decimal
    probability: int
    outcome: str
    stage_since: dt.datetime
    expected_close_on: dt.date | None
    closed_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    customer_id: uuid.UUID
    owner_id: uuid.UUID | None
    customer_name: str
    customer_name_key: str
    owner_name: str | None
    score: int | None

    @property
    def closing(self) -> dt.date | dt.datetime | None:
        """The day that counts: expected while it is open, real after."""
        return self.expected_close_on if self.outcome == "open" else self.closed_at

    def days(self, now: dt.datetime, zone: dt.tzinfo) -> int:
        return days_in_stage(self.stage_since, now, zone)

    def is_slow(self, stage: Stage, now: dt.datetime, zone: dt.tzinfo) -> bool:
        return is_slow(self.days(now, zone), stage.slow_after, self.outcome)


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a whole column or list: how many, their amounts, and the amounts weighted by probability (yuan, to four places)."""

    count: int = 0
    amount: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.amount + other.amount, self.weighted + other.weighted)


@dataclass(frozen=True, slots=True)
class Stay:
    """Time in one stage: `left_at` is None where it stands now."""

    stage_id: uuid.UUID
    stage_name: str
    kind: str
    member_name: str | None
    entered_at: dt.datetime
    left_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Binned:
    id: uuid.UUID
    name: str
    amount: Decimal
    customer_name: str
    deleted_at: dt.datetime | None
    deleted_by: str | None


TOTALS: tuple[Any, ...] = (
    func.count(),
    func.coalesce(func.sum(Opportunity.amount), 0),
    func.coalesce(func.sum(Opportunity.amount * Opportunity.probability) / 100, 0),
)
_FIELDS: tuple[Any, ...] = (
    Opportunity.id,
    Opportunity.stage_id,
    Opportunity.rank,
    Opportunity.version,
    Opportunity.name,
    Opportunity.amount,
    Opportunity.probability,
    Opportunity.outcome,
    Opportunity.stage_since,
    Opportunity.expected_close_on,
    Opportunity.closed_at,
    Opportunity.created_at,
    Opportunity.updated_at,
    Opportunity.customer_id,
    Opportunity.owner_id,
)


def first_cards(session: Session, stage_ids: Iterable[uuid.UUID], wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> dict[uuid.UUID, list[Card]]:
    """The top of every column, one card more than is shown: whether there are more is known without counting. One statement for all columns."""
    columns: dict[uuid.UUID, list[Card]] = {}
    for row in session.execute(_tops(actor, wanted.shape), _values(wanted, actor, zone) | {"columns": list(stage_ids)}):
        card = Card(*row)
        columns.setdefault(card.stage_id, []).append(card)
    return columns


def more_cards(
    session: Session, stage_id: uuid.UUID, wanted: Wanted, actor: Actor, zone: dt.tzinfo, *, after: tuple[str, uuid.UUID] | None = None
) -> list[Card]:
    """The cards of one column after the one with this rank and id, one more than is shown."""
    query = _cards(wanted, actor).where(Opportunity.stage_id == stage_id)
    if after is not None:
        query = query.where(tuple_(Opportunity.rank, Opportunity.id) > tuple_(*(literal(value) for value in after)))
    query = query.order_by(Opportunity.rank, Opportunity.id).limit(CARDS + 1)
    return [Card(*row) for row in session.execute(query, _values(wanted, actor, zone))]


def one_card(session: Session, opportunity_id: uuid.UUID, actor: Actor) -> Card:
    return Card(*session.execute(_cards(Wanted(), actor).where(Opportunity.id == opportunity_id)).one())


def card_above(session: Session, card: Card, wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> uuid.UUID | None:
    """The card right over this one in its column, of those that are shown."""
    over = tuple_(Opportunity.rank, Opportunity.id) < tuple_(literal(card.rank), literal(card.id))
    query = select(Opportunity.id).where(Opportunity.stage_id == card.stage_id, over, *conditions(wanted.shape, actor))
    return session.scalar(query.order_by(Opportunity.rank.desc(), Opportunity.id.desc()).limit(1), _values(wanted, actor, zone))


def column_sums(session: Session, wanted: Wanted, actor: Actor, zone: dt.tzinfo, *, only: Iterable[uuid.UUID] | None = None) -> dict[uuid.UUID, Sum]:
    """Of whole columns, by stage; columns without cards are not in it. `only`: of these stages."""
    query = _sums(actor, wanted.shape)
    if only is not None:
        query = query.where(Opportunity.stage_id.in_(list(only)))
    return {row[0]: Sum(*row[1:]) for row in session.execute(query, _values(wanted, actor, zone))}


def total(session: Session, wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> Sum:
    return Sum(*session.execute(_total(actor, wanted.shape), _values(wanted, actor, zone)).one())


def rows(session: Session, wanted: Wanted, actor: Actor, zone: dt.tzinfo, *, sort: str, edge: Edge | None = None, limit: int = ROWS) -> list[Card]:
    """A page of the list in its order. `sort` is one of `SORTS`, with a minus for falling; rows without a value stand last. One row more than `limit`
    tells that there are others beyond."""
    by, falling = sort.removeprefix("-"), sort.startswith("-")
    places = PLACES[by](session) if by in PLACES else None
    backwards = edge is not None and edge.backwards
    down = falling != backwards
    found = select(*_FIELDS).where(*conditions(wanted.shape, actor))
    if by == "customer":
        found = found.join(Customer, Customer.id == Opportunity.customer_id)
    if by == "score":
        found = found.outerjoin(SCORES, SCORES.c.subject_id == Opportunity.id)
    column = placed(SORTS[by], places)
    if edge is not None:
        found = found.where(beyond(column, settled(edge, places), falling=falling))
    page = found.order_by(*in_order(column, Opportunity.id, down=down, nulls_first=backwards)).limit(limit + 1).subquery("page")
    value = SORTS[by] if by in ("customer", "score") else placed(page.c[SORTS[by].key], places)
    query = _named(page).order_by(*in_order(value, page.c.id, down=down, nulls_first=backwards))
    return [Card(*row) for row in session.execute(query, _values(wanted, actor, zone))]


def stays(session: Session, opportunity_id: uuid.UUID) -> list[Stay]:
    """Where it has been, the first stay first."""
    query = (
        select(StageMove.stage_id, Stage.name, Stage.kind, Member.name, StageMove.entered_at, StageMove.left_at)
        .join(Stage, Stage.id == StageMove.stage_id)
        .outerjoin(Member, Member.id == StageMove.member_id)
        .where(StageMove.opportunity_id == opportunity_id)
        .order_by(StageMove.entered_at, StageMove.id)
    )
    return [Stay(*row) for row in session.execute(query)]


def bin_rows(session: Session, actor: Actor, *, since: dt.datetime, limit: int = 200) -> Sequence[Binned]:
    """What was deleted since, as far as `actor` sees it, the latest first."""
    query = (
        select(Opportunity.id, Opportunity.name, Opportunity.amount, Customer.name, Opportunity.deleted_at, Member.name)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .outerjoin(Member, Member.id == Opportunity.deleted_by_id)
        .where(Opportunity.deleted_at >= since, visible(Opportunity, actor))
        .order_by(Opportunity.deleted_at.desc(), Opportunity.id)
        .limit(limit)
    )
    return [Binned(*row) for row in session.execute(query)]


@by_shape
def _tops(actor: Actor, shape: Shape) -> Select[Any]:
    stages = select(Stage.id.label("stage_id")).where(Stage.id == func.any(bindparam("columns", type_=ARRAY(Uuid())))).subquery("stages_shown")
    top = (
        select(*_FIELDS)
        .where(Opportunity.stage_id == stages.c.stage_id, *conditions(shape, actor))
        .order_by(Opportunity.rank, Opportunity.id)
        .limit(CARDS + 1)
        .lateral("top")
    )
    return _named(top).select_from(stages.join(top, true())).order_by(top.c.rank, top.c.id)


@by_shape
def _sums(actor: Actor, shape: Shape) -> Select[Any]:
    return select(Opportunity.stage_id, *TOTALS).where(*conditions(shape, actor)).group_by(Opportunity.stage_id)


@by_shape
def _total(actor: Actor, shape: Shape) -> Select[Any]:
    return select(*TOTALS).where(*conditions(shape, actor))


def _cards(wanted: Wanted, actor: Actor) -> Select[Any]:
    return (
        select(*_FIELDS, Customer.name, Customer.name_key, Member.name, SCORES.c.score)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .outerjoin(Member, Member.id == Opportunity.owner_id)
        .outerjoin(SCORES, SCORES.c.subject_id == Opportunity.id)
        .where(*conditions(wanted.shape, actor))
    )


def _values(wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> dict[str, Any]:
    return wanted.values(zone) | scope_values(actor)


def _named(found: Any) -> Select[Any]:
    """The columns of `found`, with the names that cards show: joined last, to the few rows that are left."""
    return (
        select(*(found.c[field.key] for field in _FIELDS), Customer.name, Customer.name_key, Member.name, SCORES.c.score)
        .join(Customer, Customer.id == found.c.customer_id)
        .outerjoin(Member, Member.id == found.c.owner_id)
        .outerjoin(SCORES, SCORES.c.subject_id == found.c.id)
    )
