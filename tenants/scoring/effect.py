"""What other rules would do, reckoned on real customers by the same statement, without writing anything."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.models import Opportunity
from tenants.scoring.grades import follows
from tenants.scoring.grading import GRADES, Cuts, Grading, cuts_by_share
from tenants.scoring.models import Score
from tenants.scoring.reckoning import reckoned
from tenants.scoring.rules import Scheme
from tenants.scoring.sources import Day, among_ids

WHOLE = 5_000  # up to so many all are reckoned
SAMPLE = 2_000
BUCKETS = 10
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Shift:
    """One record: its score by the rules that hold and by the others, and the grades that follow (None: by hand, or none at all)."""

    id: uuid.UUID
    before: int
    after: int
    grade_before: str | None = None
    grade_after: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """`total` there are, `looked_at` were reckoned. `before` and `after`: how many score 0–9, 10–19, …, 90–100."""

    total: int
    shifts: tuple[Shift, ...]
    by_hand: int = 0
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def looked_at(self) -> int:
        return len(self.shifts)

    @property
    def is_sample(self) -> bool:
        return self.looked_at < self.total

    @property
    def changed(self) -> int:
        return sum(shift.before != shift.after for shift in self.shifts)

    @property
    def regraded(self) -> int:
        return sum(number for (old, new), number in self.moves.items() if old != new)

    @property
    def before(self) -> list[int]:
        return _buckets(shift.before for shift in self.shifts)

    @property
    def after(self) -> list[int]:
        return _buckets(shift.after for shift in self.shifts)

    @property
    def largest(self) -> list[Shift]:
        """Those whose score changes most."""
        moved = (shift for shift in self.shifts if shift.before != shift.after)
        return sorted(moved, key=lambda shift: (-abs(shift.after - shift.before), shift.id))[:MOST_TOLD]


def effect(session: Session, saved: Scheme, draft: Scheme, day: Day) -> Effect:
    """What it would be to go from `saved` to `draft`."""
    owner = Customer.id if saved.subject == "customer" else Opportunity.customer_id
    total = session.scalar(select(func.count()).select_from(_those(saved, owner).subquery())) or 0
    among = None
    if total > WHOLE:
        some = _those(saved, owner).distinct().subquery()
        among = among_ids(session.scalars(select(some.c.id).order_by(func.md5(cast(some.c.id, Text))).limit(SAMPLE)).all())
    before: dict[uuid.UUID, int] = {row.id: row.score for row in session.execute(reckoned(saved, day, among))}
    after: dict[uuid.UUID, int] = {row.id: row.score for row in session.execute(reckoned(draft, day, among))}
    shifts = [Shift(key, score, after[key]) for key, score in before.items() if key in after]
    if saved.subject == "opportunity":
        return Effect(total, tuple(shifts))
    return _graded(session, saved, draft, day, total, shifts)


def _those(scheme: Scheme, owner: Any) -> Any:
    query = select(owner.label("id"))
    if scheme.subject == "customer":
        return query.where(Customer.deleted_at.is_(None))
    alive = (Opportunity.deleted_at.is_(None), Opportunity.outcome == "open", Customer.deleted_at.is_(None))
    return query.join(Customer, Customer.id == Opportunity.customer_id).where(*alive)


def _graded(session: Session, saved: Scheme, draft: Scheme, day: Day, total: int, shifts: list[Shift]) -> Effect:
    """Grades given by hand stay as they are."""
    given = (
        select(Customer.id)
        .outerjoin(Score, Score.subject_id == Customer.id)
        .where(Customer.deleted_at.is_(None), ~func.coalesce(follows(day), False))
    )
    by_hand = set(session.scalars(given))
    old = _cuts(saved.grading, [shift.before for shift in shifts])
    new = _cuts(draft.grading, [shift.after for shift in shifts])
    graded = tuple(
        shift
        if shift.id in by_hand
        else Shift(shift.id, shift.before, shift.after, old.grade(shift.before) if old else None, new.grade(shift.after) if new else None)
        for shift in shifts
    )
    moves = Counter((shift.grade_before, shift.grade_after) for shift in graded if shift.grade_before and shift.grade_after)
    told = {(a, b): moves[a, b] for a in GRADES for b in GRADES} if moves else {}
    return Effect(total, graded, sum(shift.id in by_hand for shift in shifts), told)


def _cuts(grading: Grading, scores: list[int]) -> Cuts | None:
    if grading.mode == "off":
        return None
    return grading.cuts if grading.mode == "thresholds" else cuts_by_share(Counter(scores), grading.share_a, grading.share_b)


def _buckets(scores: Any) -> list[int]:
    counted = Counter(min(score // 10, BUCKETS - 1) for score in scores)
    return [counted[place] for place in range(BUCKETS)]
