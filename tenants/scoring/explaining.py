"""Why a record has its score: the points of each rule with the figure behind them, from the same expressions that reckon it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.pipeline.models import Opportunity
from tenants.scoring.models import Score
from tenants.scoring.reckoning import reckoned
from tenants.scoring.rules import Rule, Scheme
from tenants.scoring.sources import Day, among_ids


@dataclass(frozen=True, slots=True)
class Reason:
    """`figure` as text, as the database says it: a number of days, an amount, a code. None when there is none."""

    rule: Rule
    points: int
    figure: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`sum` is base and points before they are cut to 0 to 100. `shown`: the score that lists show until the workers come by."""

    scheme: Scheme
    reasons: tuple[Reason, ...]
    score: int
    shown: Score | None

    @property
    def sum(self) -> int:
        return self.scheme.base + sum(reason.points for reason in self.reasons)

    @property
    def gave(self) -> list[Reason]:
        """The rules that gave or took points, the heaviest first."""
        return sorted((reason for reason in self.reasons if reason.points), key=lambda reason: -abs(reason.points))

    @property
    def silent(self) -> list[Reason]:
        return [reason for reason in self.reasons if not reason.points]


def explain(session: Session, scheme: Scheme, day: Day, subject_id: uuid.UUID) -> Explanation | None:
    """None for what has no score: a customer in the bin, an opportunity that is closed."""
    customer_id = subject_id
    if scheme.subject == "opportunity":
        customer_id = session.scalar(select(Opportunity.customer_id).where(Opportunity.id == subject_id)) or subject_id
    query = reckoned(scheme, day, among_ids([customer_id]), with_figures=True)
    row = next((row for row in session.execute(query) if row.id == subject_id), None)
    if row is None:
        return None
    reasons = tuple(Reason(*parts) for parts in zip(scheme.active, row.parts, row.figures, strict=True))
    return Explanation(scheme, reasons, row.score, session.get(Score, subject_id))
