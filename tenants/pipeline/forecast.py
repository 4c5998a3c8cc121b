"""What is to be hoped for, month by month: amounts of open opportunities weighted by probability, beside what has been won."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.queries import TOTALS, Sum
from tenants.pipeline.wanted import Wanted, conditions
from tenants.team.actor import Actor

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one owner in one month (its first day; None: no date). `open`: hoped for, by expected day; `won`: by the day of closing."""

    month: dt.date | None
    owner_id: uuid.UUID | None
    open: Sum
    won: Sum


@dataclass(frozen=True, slots=True)
class Line:
    """Parts added up."""

    open: Sum = field(default_factory=Sum)
    won: Sum = field(default_factory=Sum)

    def __add__(self, other: "Line | Part") -> "Line":
        return Line(self.open + other.open, self.won + other.won)


def parts(session: Session, wanted: Wanted, actor: Actor, zone: dt.tzinfo) -> list[Part]:
    """By month and owner: two grouped statements. The rest (by month, by person, by team) is adding up."""
    expected = func.date_trunc("month", Opportunity.expected_close_on)
    closed = func.date_trunc("month", func.timezone(str(zone), Opportunity.closed_at))
    hoped = _grouped(session, expected, "open", wanted, actor, zone)
    gained = _grouped(session, closed, "won", wanted, actor, zone)
    return [Part(month, owner, hoped.get((month, owner), Sum()), gained.get((month, owner), Sum())) for month, owner in {**hoped, **gained}]


def fold(parts: list[Part], key: Callable[[Part], Key]) -> dict[Key, Line]:
    """Adds up the parts that have the same key."""
    lines: dict[Key, Line] = {}
    for part in parts:
        lines[key(part)] = lines.get(key(part), Line()) + part
    return lines


def _grouped(
    session: Session, moment: Any, outcome: str, wanted: Wanted, actor: Actor, zone: dt.tzinfo
) -> dict[tuple[dt.date | None, uuid.UUID | None], Sum]:
    if wanted.outcome not in (None, outcome):
        return {}
    wanted = replace(wanted, outcome=outcome)
    month = cast(moment, Date)
    query = select(month, Opportunity.owner_id, *TOTALS).where(*conditions(wanted.shape, actor)).group_by(month, Opportunity.owner_id)
    return {(row[0], row[1]): Sum(*row[2:]) for row in session.execute(query, wanted.values(zone))}
