"""Which opportunities a board, a list or a forecast is asked for; one predicate for all three, so that their figures agree."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from tenants.customers.customer import Customer
from tenants.customers.search import matches
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import visible
from tenants.values.periods import day_bounds


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


def conditions(wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> list[ColumnElement[bool]]:
    """Live opportunities that `actor` sees and that are wanted; days end at midnight in `zone`."""
    these = [Opportunity.deleted_at.is_(None), visible(Opportunity, actor)]
    for column, value in (
        (Opportunity.pipeline_id, wanted.pipeline_id),
        (Opportunity.stage_id, wanted.stage_id),
        (Opportunity.outcome, wanted.outcome),
        (Opportunity.customer_id, wanted.customer_id),
    ):
        if value is not None:
            these.append(column == value)
    if wanted.amount_from is not None:
        these.append(Opportunity.amount >= wanted.amount_from)
    if wanted.amount_to is not None:
        these.append(Opportunity.amount <= wanted.amount_to)
    return [*these, *_owned(wanted), *_closing(wanted, zone), *_named(wanted.query)]


def _owned(wanted: Wanted) -> list[ColumnElement[bool]]:
    """By whom: these members, and those who are in this team now (`teamless`: in none)."""
    these: list[ColumnElement[bool]] = []
    if wanted.owners is not None:
        known = Opportunity.owner_id.in_([owner for owner in wanted.owners if owner is not None])
        these.append(or_(known, Opportunity.owner_id.is_(None)) if None in wanted.owners else known)
    if wanted.team_id is not None:
        these.append(Opportunity.owner_id.in_(select(Member.id).where(Member.team_id == wanted.team_id)))
    if wanted.teamless:
        in_teams = select(Member.id).where(Member.team_id.is_not(None))
        these.append(or_(Opportunity.owner_id.is_(None), Opportunity.owner_id.not_in(in_teams)))
    return these


def _named(query: str) -> list[ColumnElement[bool]]:
    """Found by its own name, or by its customer's (with contacts and phones): each by its own index."""
    own, theirs = matches(Opportunity.search, query), matches(Customer.search, query)
    if own is None or theirs is None:
        return []
    of_customers = select(Opportunity.id).join(Customer, Customer.id == Opportunity.customer_id).where(theirs, Customer.deleted_at.is_(None))
    return [Opportunity.id.in_(select(Opportunity.id).where(own).union(of_customers))]


def _closing(wanted: Wanted, zone: dt.tzinfo) -> list[ColumnElement[bool]]:
    if wanted.undated:
        return [Opportunity.outcome == "open", Opportunity.expected_close_on.is_(None)]
    open_ones: list[ColumnElement[bool]] = [Opportunity.outcome == "open"]
    closed_ones: list[ColumnElement[bool]] = [Opportunity.outcome != "open"]
    if wanted.closing_from is not None:
        open_ones.append(Opportunity.expected_close_on >= wanted.closing_from)
        closed_ones.append(Opportunity.closed_at >= day_bounds(wanted.closing_from, zone)[0])
    if wanted.closing_to is not None:
        open_ones.append(Opportunity.expected_close_on <= wanted.closing_to)
        closed_ones.append(Opportunity.closed_at < day_bounds(wanted.closing_to, zone)[1])
    return [or_(and_(*open_ones), and_(*closed_ones))] if len(open_ones) > 1 else []
