"""Scoring a whole set in one statement: the rules become expressions over rows that are gathered once, and only what differs is written."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    SmallInteger,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.models import Opportunity, Stage
from tenants.scoring.clauses import clause
from tenants.scoring.grading import Cuts
from tenants.scoring.models import Score
from tenants.scoring.rules import Scheme
from tenants.scoring.sources import Among, Day, Sources


@dataclass(frozen=True, slots=True)
class Crossed:
    """A score that went over a cut: the parts before and now, and by which version of the rules those before were."""

    id: uuid.UUID
    was: int
    score: int
    parts_before: tuple[int, ...]
    parts: tuple[int, ...]
    version_before: int


@dataclass(frozen=True, slots=True)
class Rescored:
    """How many rows were written, and which of them crossed a cut."""

    written: int
    crossed: list[Crossed]


def reckoned(scheme: Scheme, day: Day, among: Among = None, *, with_figures: bool = False) -> Select[Any]:
    """Id, parts and score of each live customer, or open opportunity, in `among`; with the figure of each rule if asked, as text."""
    sources = Sources(day)
    made = [clause(scheme.subject, rule, sources) for rule in scheme.active]
    columns = [_key(scheme), *(cast(one.points, SmallInteger).label(f"points_{place}") for place, one in enumerate(made))]
    if with_figures:
        columns.append(_array([cast(one.figure, Text) for one in made], Text()).label("figures"))
    rows = _of_customers(columns, sources, among) if scheme.subject == "customer" else _of_opportunities(columns, sources, among)
    # Reckoned once a row, and not again wherever parts and sum are compared and written.
    each = rows.cte("reckoned").prefix_with("MATERIALIZED", dialect="postgresql")
    parts = [each.c[f"points_{place}"] for place in range(len(made))]
    score = func.least(100, func.greatest(0, sum(parts, start=cast(literal(scheme.base), Integer))))
    told = [each.c.figures] if with_figures else []
    return select(each.c.id, _array(parts, SmallInteger()).label("parts"), cast(score, BigInteger).label("score"), *told)


def rescore(session: Session, scheme: Scheme, day: Day, *, at: dt.datetime, among: Among = None, cuts: Cuts | None = None) -> Rescored:
    """Writes the scores that differ. `among`: customers, and of opportunities those of these customers."""
    fresh = reckoned(scheme, day, among).cte("fresh")
    changed = (
        select(fresh, Score.score.label("was"), Score.parts.label("parts_before"), Score.version.label("version_before"))
        .outerjoin(Score, Score.subject_id == fresh.c.id)
        .where(or_(Score.subject_id.is_(None), Score.score != fresh.c.score, Score.parts != fresh.c.parts))
        .cte("changed")
    )
    values = {"score": changed.c.score, "parts": changed.c.parts, "version": scheme.version, "at": at}
    updated = update(Score).where(Score.subject_id == changed.c.id).values(values).returning(Score.subject_id).cte("updated")
    added = _added(scheme, changed, at)
    written = select(func.count()).select_from(updated).scalar_subquery() + select(func.count()).select_from(added).scalar_subquery()
    number = select(written.label("written")).cte("number")
    c = changed.c
    crossing = select(number.c.written, c.id, c.was, c.score, c.parts_before, c.parts, c.version_before).select_from(
        number.outerjoin(changed, _crosses(c, cuts))
    )
    rows = session.execute(crossing, execution_options={"synchronize_session": False}).all()
    crossed = [Crossed(r.id, r.was, r.score, tuple(r.parts_before), tuple(r.parts), r.version_before) for r in rows if r.id is not None]
    return Rescored(rows[0].written, crossed)


def forget_strays(session: Session) -> None:
    """Scores of what is there no more: deleted for good, closed, lying in the bin."""
    customers = select(Customer.id).where(Customer.id == Score.subject_id, Customer.deleted_at.is_(None))
    deals = select(Opportunity.id).where(Opportunity.id == Score.subject_id, Opportunity.deleted_at.is_(None), Opportunity.outcome == "open")
    stray = or_(and_(Score.kind == "customer", ~customers.exists()), and_(Score.kind == "opportunity", ~deals.exists()))
    session.execute(Score.__table__.delete().where(stray))  # type: ignore[attr-defined]


def forget_closed(session: Session, customer_ids: Sequence[uuid.UUID]) -> None:
    """An opportunity that was closed, or lies in the bin, has no score."""
    ids = bindparam(None, list(customer_ids), ARRAY(Customer.id.type))
    gone = select(Opportunity.id).where(
        Opportunity.customer_id == func.any(ids), or_(Opportunity.outcome != "open", Opportunity.deleted_at.is_not(None))
    )
    session.execute(Score.__table__.delete().where(Score.subject_id.in_(gone)))  # type: ignore[attr-defined]


def _key(scheme: Scheme) -> Any:
    return (Customer.id if scheme.subject == "customer" else Opportunity.id).label("id")


def _of_customers(columns: list[Any], sources: Sources, among: Among) -> Select[Any]:
    query = select(*columns).select_from(Customer).where(Customer.deleted_at.is_(None), *([among(Customer.id)] if among else []))
    joined: Select[Any] = sources.joined(query, Customer.id, among)
    return joined


def _of_opportunities(columns: list[Any], sources: Sources, among: Among) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(Opportunity)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .outerjoin(Score, Score.subject_id == Opportunity.customer_id)
        .where(Opportunity.deleted_at.is_(None), Opportunity.outcome == "open", Customer.deleted_at.is_(None))
    )
    if among:
        query = query.where(among(Opportunity.customer_id))
    joined: Select[Any] = sources.joined(query, Opportunity.customer_id, among)
    return joined


def _added(scheme: Scheme, changed: Any, at: dt.datetime) -> Any:
    c = changed.c
    fresh = select(c.id, literal(scheme.subject), c.score, c.parts, literal(scheme.version), literal(at)).where(c.was.is_(None))
    names = ["subject_id", "kind", "score", "parts", "version", "at"]
    return upsert(Score).from_select(names, fresh).on_conflict_do_nothing().returning(Score.subject_id).cte("added")


def _crosses(c: Any, cuts: Cuts | None) -> ColumnElement[bool]:
    if cuts is None:
        return literal(False)

    def band(score: Any) -> Any:
        return case((score >= cuts.a, 2), (score >= cuts.b, 1), else_=0)

    return and_(c.was.is_not(None), band(c.was) != band(c.score))


def _array(values: list[Any], kind: Any) -> Any:
    return array(values, type_=kind) if values else cast(array([], type_=kind), ARRAY(kind))
