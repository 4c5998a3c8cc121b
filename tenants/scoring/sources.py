"""Where the figures of rules come from: follow-ups, opportunities, contacts, tags, each gathered once for the whole set by its customer."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, CTE, ColumnElement, Date, Integer, Text, Uuid, and_, bindparam, cast, column, func, select, table

from tenants.customers.contact import Contact
from tenants.customers.tag import CustomerTag
from tenants.followups.models import Followup
from tenants.pipeline.models import Opportunity


@dataclass(frozen=True, slots=True)
class Day:
    """The tenant's day that is reckoned for. A score knows days, not hours: it changes when something happens, and at midnight."""

    date: dt.date
    zone: zoneinfo.ZoneInfo

    @classmethod
    def of(cls, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> "Day":
        return cls(at.astimezone(zone).date(), zone)

    def start(self, ago: int = 0) -> dt.datetime:
        """The first moment of the day so many days ago."""
        return dt.datetime.combine(self.date - dt.timedelta(days=ago), dt.time.min, self.zone)

    def since(self, moment: Any) -> ColumnElement[int]:
        """Whole days since then, by the calendar; not less than 0."""
        there = cast(func.timezone(bindparam(None, self.zone.key, Text()), moment), Date)
        return func.greatest(cast(bindparam(None, self.date, Date()) - there, Integer), 0)


# Which rows of a table count for the customers in hand; None: all customers.
Among = Callable[[Any], ColumnElement[bool]] | None


@dataclass(slots=True)
class Source:
    """One table, added up by customer. Rules ask for sums; all that is asked becomes one GROUP BY.

    A rule is handed a column of `table`, which bears the name that the sums will have when all rules have asked.
    """

    name: str
    key: Any
    where: tuple[ColumnElement[bool], ...]
    table: Any = None
    sums: dict[str, ColumnElement[Any]] = field(default_factory=dict)
    since: tuple[Any, dt.datetime | None] | None = None  # a moment of the rows, and the earliest that any rule asks for

    def __post_init__(self) -> None:
        self.table = table(self.name, column("customer_id", Uuid()))

    def ask(self, label: str, what: ColumnElement[Any]) -> ColumnElement[Any]:
        if label not in self.sums:
            self.sums[label] = what
            self.table.append_column(column(label, what.type))
        asked: ColumnElement[Any] = self.table.c[label]
        return asked

    def gathered(self, among: Among) -> CTE:
        where = [*self.where, *([among(self.key)] if among else [])]
        sums = (what.label(label) for label, what in self.sums.items())
        return select(self.key.label("customer_id"), *sums).where(*where).group_by(self.key).cte(self.name)


class Sources:
    """Everything that the rules of one reckoning have asked for."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.earliest: int | None = None  # days ago: the longest that any rule counts follow-ups back
        self.talks = Source("talks", Followup.customer_id, (Followup.deleted_at.is_(None),))
        self.deals = Source("deals", Opportunity.customer_id, (Opportunity.deleted_at.is_(None), Opportunity.outcome.in_(("open", "won"))))
        decides = (Contact.deleted_at.is_(None), Contact.left_at.is_(None), Contact.is_decision_maker.is_(True))
        self.deciders = Source("deciders", Contact.customer_id, decides)
        self.tags = Source("tagged", CustomerTag.customer_id, ())

    def talks_within(self, days: int) -> ColumnElement[int]:
        self.earliest = max(days, self.earliest or 0)
        number = func.count().filter(Followup.at >= self.day.start(days))
        return func.coalesce(self.talks.ask(f"within_{days}", number), 0)

    def open_deals(self) -> ColumnElement[int]:
        return func.coalesce(self.deals.ask("open_number", func.count().filter(Opportunity.outcome == "open")), 0)

    def furthest(self) -> ColumnElement[int]:
        return self.deals.ask("furthest", func.max(Opportunity.probability).filter(Opportunity.outcome == "open"))

    def open_amount(self) -> ColumnElement[Any]:
        return func.coalesce(self.deals.ask("open_amount", func.sum(Opportunity.amount).filter(Opportunity.outcome == "open")), 0)

    def won_within(self, days: int) -> ColumnElement[Any]:
        won = and_(Opportunity.outcome == "won", Opportunity.closed_at >= self.day.start(days))
        return func.coalesce(self.deals.ask(f"won_{days}", func.sum(Opportunity.amount).filter(won)), 0)

    def deciders_known(self) -> ColumnElement[int]:
        return func.coalesce(self.deciders.ask("number", func.count()), 0)

    def tagged(self, rule: str, tags: Sequence[uuid.UUID]) -> ColumnElement[bool]:
        borne = func.bool_or(CustomerTag.tag_id == func.any(bindparam(None, list(tags), ARRAY(Uuid()))))
        return func.coalesce(self.tags.ask(f"of_{rule}", borne), False)

    def joined(self, query: Any, customer_id: Any, among: Among) -> Any:
        """`query` with every source that has been asked, joined by the customer."""
        if self.earliest is not None:
            self.talks.where += (Followup.at >= self.day.start(self.earliest),)
        for source in (self.talks, self.deals, self.deciders, self.tags):
            if source.sums:
                query = query.add_cte(source.gathered(among)).outerjoin(source.table, source.table.c.customer_id == customer_id)
        return query


def among_ids(ids: Sequence[uuid.UUID]) -> Among:
    wanted = bindparam(None, list(ids), ARRAY(Uuid()))
    return lambda key: key == func.any(wanted)


def between(first: uuid.UUID, end: uuid.UUID | None) -> Among:
    """Keys are ordered by time, so a stretch of them is a stretch of every index that begins with them. `end` does not belong to it."""
    return lambda key: key >= first if end is None else and_(key >= first, key < end)
