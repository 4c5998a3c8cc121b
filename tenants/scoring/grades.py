"""The grade follows the score, unless people have said otherwise.

What a customer bears is the firm's word: a grade given by hand (in a form, by import) stays until somebody lets the rules decide, one given in an
evaluation until the quarter ends in which it was given. `scores.given` is what the rules gave last; a customer that bears another grade bears one
given by hand.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer, Evaluation
from tenants.customers.evaluations import bounds, quarter
from tenants.scoring.grading import Cuts, Grading, cuts_by_share
from tenants.scoring.models import Score
from tenants.scoring.reckoning import Crossed
from tenants.scoring.rules import Scheme
from tenants.scoring.sources import Among, Day
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.timeline.models import Event
from tenants.values.ids import new_id

GRADED = "customer.graded"
TOLD = 3  # rules that an event names


@dataclass(frozen=True, slots=True)
class Regraded:
    """A customer whose grade the rules have changed. `old` None: it had none."""

    id: uuid.UUID
    name: str
    owner_id: uuid.UUID | None
    old: str | None
    new: str
    score: int


def cuts_now(session: Session, grading: Grading) -> Cuts | None:
    """The least scores of A and B; by shares, from how all customers stand now. None when grades do not follow scores."""
    if grading.mode == "off":
        return None
    if grading.mode == "thresholds":
        return grading.cuts
    counts = select(Score.score, func.count()).join(Customer, Customer.id == Score.subject_id)
    rows = session.execute(counts.where(Score.kind == "customer", Customer.deleted_at.is_(None)).group_by(Score.score)).all()
    return cuts_by_share({row[0]: row[1] for row in rows}, grading.share_a, grading.share_b)


def regrade(
    session: Session,
    scheme: Scheme,
    cuts: Cuts,
    day: Day,
    *,
    at: dt.datetime,
    among: Among = None,
    crossed: Mapping[uuid.UUID, Crossed] | None = None,
) -> list[Regraded]:
    """Gives each customer whose grade is not given by hand that of its score; says why in its timeline."""
    _adopt(session, day, among)
    due = case((Score.score >= cuts.a, "A"), (Score.score >= cuts.b, "B"), else_="C")
    graded = (
        select(Customer.id, Customer.name, Customer.owner_id, Customer.grade, due.label("due"), Score.score)
        .join(Score, Score.subject_id == Customer.id)
        .where(Customer.deleted_at.is_(None), follows(day), Customer.grade.is_distinct_from(due), *([among(Customer.id)] if among else []))
        .order_by(Customer.id)
        .with_for_update(of=Customer, key_share=True)
    )
    found = [Regraded(*row) for row in session.execute(graded)]
    _write(session, found, at)
    _tell(session, scheme, found, crossed or {}, at)
    return found


def follows(day: Day) -> ColumnElement[bool]:
    """Its grade is for the rules to give."""
    evaluated = select(Evaluation.id).where(Evaluation.customer_id == Customer.id, _is_of_this_quarter(day))
    by_rules = or_(Customer.grade.is_(None), Customer.grade == Score.given)
    return and_(by_rules, ~evaluated.exists())


def let_rules_decide(session: Session, customer: Customer, cuts: Cuts, *, by: Actor, at: dt.datetime) -> None:
    """Takes back a grade that was given by hand."""
    score = session.get(Score, customer.id)
    if score is None:
        return
    grade = cuts.grade(score.score)
    if grade != customer.grade:
        record(session, GRADED, by=by, at=at, customer_id=customer.id, grade=[customer.grade, grade], score=score.score, by_rules=True)
        customer.grade, customer.updated_at = grade, at
        customer.version += 1
    score.given = grade
    session.flush()


def keep_by_hand(session: Session, customer: Customer) -> None:
    """The grade that it bears stays, whatever the rules say."""
    session.execute(update(Score).where(Score.subject_id == customer.id).values(given=None))


def _adopt(session: Session, day: Day, among: Among) -> None:
    """A grade from this quarter's evaluation: when the quarter has ended, the rules go on from it."""
    bears = and_(
        Evaluation.customer_id == Customer.id,
        _is_of_this_quarter(day),
        Evaluation.grade == Customer.grade,
        Score.given.is_distinct_from(Evaluation.grade),
    )
    adopted = update(Score).where(Score.subject_id == Customer.id, bears, *([among(Customer.id)] if among else [])).values(given=Evaluation.grade)
    session.execute(adopted.execution_options(synchronize_session=False))


def _is_of_this_quarter(day: Day) -> ColumnElement[bool]:
    """Given in it, for whichever quarter: that of the last one is given when the next has begun."""
    return Evaluation.created_at >= bounds(quarter(day.date), day.zone)[0]


def _write(session: Session, found: Sequence[Regraded], at: dt.datetime) -> None:
    if not found:
        return
    pairs = select(
        func.unnest(bindparam(None, [one.id for one in found], ARRAY(Uuid()))).label("id"),
        func.unnest(bindparam(None, [one.new for one in found], ARRAY(Text()))).label("grade"),
    ).subquery("pairs")
    unseen = {"synchronize_session": False}
    values: dict[str, Any] = {"grade": pairs.c.grade, "updated_at": at, "version": Customer.version + 1}
    session.execute(update(Customer).where(Customer.id == pairs.c.id).values(values), execution_options=unseen)
    session.execute(update(Score).where(Score.subject_id == pairs.c.id).values(given=pairs.c.grade), execution_options=unseen)


def _tell(session: Session, scheme: Scheme, found: Sequence[Regraded], crossed: Mapping[uuid.UUID, Crossed], at: dt.datetime) -> None:
    """The first grade of a customer is no change, and is not told."""
    rows = [
        {
            "id": new_id(), "at": at, "kind": GRADED, "member_id": None, "customer_id": one.id, "opportunity_id": None, "subject_id": None,
            "data": {"grade": [one.old, one.new], "score": one.score, "by_rules": True} | _why(scheme, crossed.get(one.id)),
        }
        for one in found if one.old is not None
    ]  # fmt: skip
    if rows:
        session.execute(insert(Event), rows)


def _why(scheme: Scheme, crossed: Crossed | None) -> dict[str, Any]:
    """The score before, and the rules whose points changed most: told only if the rules themselves are the same as before."""
    if crossed is None:
        return {}
    told: dict[str, Any] = {"was": crossed.was}
    if crossed.version_before != scheme.version or len(crossed.parts) != len(crossed.parts_before):
        return told | {"rules_changed": True}
    changes: list[dict[str, Any]] = [
        {"rule": rule.plain(), "points": [old, new]}
        for rule, old, new in zip(scheme.active, crossed.parts_before, crossed.parts, strict=True)
        if old != new
    ]
    return told | {"why": sorted(changes, key=lambda one: -abs(one["points"][1] - one["points"][0]))[:TOLD]}
