"""Which opportunities a board, a list or a forecast is asked for; one predicate for all three, so that their figures agree.

Statements are built once for each shape (which fields are asked for, see `tenants.team.scope.by_shape`) and executed with `Wanted.values`.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, DateTime, Numeric, Text, Uuid, and_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY

from tenants.customers.customer import Customer
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import visible
from tenants.values.names import search_query
from tenants.values.periods import day_bounds

Shape = frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is None or empty does not count. They close from `closing_from` to `closing_to`, both days included: expected while open, real after."""

    pipeline_id: uuid.UUID | None = None
    stage_id: uuid.UUID | None = None
    outcome: str | None = None
    query: str = ""
    owners: tuple[uuid.UUID | None, ...] | None = None  # None among them: nobody's
    team_id: uuid.UUID | None = None
    teamless: bool = False
    customer_id: uuid.UUID | None = None
    closing_from: dt.date | None = None
    closing_to: dt.date | None = None
    undated: bool = False
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    @property
    def shape(self) -> Shape:
        """The names of what is asked for."""
        asked = {field.name for field in fields(self) if getattr(self, field.name) not in (None, "", False)}
        if not search_query(self.query):
            asked.discard("query")
        return frozenset(asked | ({"ownerless"} if None in (self.owners or ()) else set()))

    def values(self, zone: dt.tzinfo) -> dict[str, Any]:
        """What a statement of this shape is executed with; days end at midnight in `zone`."""
        given = {f"wanted_{field.name}": getattr(self, field.name) for field in fields(self)}
        given |= {"wanted_query": search_query(self.query), "wanted_owners": [owner for owner in self.owners or () if owner is not None]}
        if self.closing_from is not None:
            given["wanted_begins"] = day_bounds(self.closing_from, zone)[0]
        if self.closing_to is not None:
            given["wanted_ends"] = day_bounds(self.closing_to, zone)[1]
        return {name: value for name, value in given.items() if name.removeprefix("wanted_") in self.shape | {"begins", "ends"}}


def conditions(shape: Shape, actor: Actor) -> list[ColumnElement[bool]]:
    """Live opportunities that `actor` sees and that are wanted."""
    these = [Opportunity.deleted_at.is_(None), visible(Opportunity, actor)]
    equal: dict[str, Any] = {
        "pipeline_id": Opportunity.pipeline_id,
        "stage_id": Opportunity.stage_id,
        "outcome": Opportunity.outcome,
        "customer_id": Opportunity.customer_id,
    }
    these += [column == _value(name, column.type) for name, column in equal.items() if name in shape]
    if "amount_from" in shape:
        these.append(Opportunity.amount >= _value("amount_from", Numeric()))
    if "amount_to" in shape:
        these.append(Opportunity.amount <= _value("amount_to", Numeric()))
    return [*these, *_owned(shape), *_closing(shape), *_named(shape)]


def _owned(shape: Shape) -> list[ColumnElement[bool]]:
    """By whom: these members, and those who are in this team now (`teamless`: in none)."""
    these: list[ColumnElement[bool]] = []
    if "owners" in shape:
        known = Opportunity.owner_id == func.any(_value("owners", ARRAY(Uuid())))
        these.append(or_(known, Opportunity.owner_id.is_(None)) if "ownerless" in shape else known)
    if "team_id" in shape:
        these.append(Opportunity.owner_id.in_(select(Member.id).where(Member.team_id == _value("team_id", Uuid()))))
    if "teamless" in shape:
        in_teams = select(Member.id).where(Member.team_id.is_not(None))
        these.append(or_(Opportunity.owner_id.is_(None), Opportunity.owner_id.not_in(in_teams)))
    return these


def _named(shape: Shape) -> list[ColumnElement[bool]]:
    """Found by its own name, or by its customer's (with contacts and phones): each by its own index."""
    if "query" not in shape:
        return []
    words = cast(_value("query", Text()), TSQUERY)
    by_name = select(Opportunity.id).where(Opportunity.search.bool_op("@@")(words), Opportunity.deleted_at.is_(None))
    theirs = select(Opportunity.id).join(Customer, Customer.id == Opportunity.customer_id)
    return [Opportunity.id.in_(by_name.union(theirs.where(Customer.search.bool_op("@@")(words), Customer.deleted_at.is_(None))))]


def _closing(shape: Shape) -> list[ColumnElement[bool]]:
    if "undated" in shape:
        return [Opportunity.outcome == "open", Opportunity.expected_close_on.is_(None)]
    open_ones: list[ColumnElement[bool]] = [Opportunity.outcome == "open"]
    closed_ones: list[ColumnElement[bool]] = [Opportunity.outcome != "open"]
    if "closing_from" in shape:
        open_ones.append(Opportunity.expected_close_on >= _value("closing_from", Date()))
        closed_ones.append(Opportunity.closed_at >= _value("begins", DateTime(timezone=True)))
    if "closing_to" in shape:
        open_ones.append(Opportunity.expected_close_on <= _value("closing_to", Date()))
        closed_ones.append(Opportunity.closed_at < _value("ends", DateTime(timezone=True)))
    return [or_(and_(*open_ones), and_(*closed_ones))] if len(open_ones) > 1 else []


def _value(name: str, kind: Any) -> Any:
    return bindparam(f"wanted_{name}", type_=kind)
