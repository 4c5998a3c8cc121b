"""A place in a column of the board. Knows opportunities by the names of a few columns, because they stand above this file."""

import uuid

from sqlalchemy import Text, Uuid, column, func, select, table
from sqlalchemy.orm import Session

from tenants.pipeline import ranks

_CARDS = table("opportunities", column("id", Uuid()), column("stage_id", Uuid()), column("rank", Text()), column("deleted_at")).c
# With these in the index of the board, the sums of a whole column, the funnel and the brief are told without the rows.
SUMMED = ["owner_id", "pipeline_id", "outcome", "amount", "probability", "created_at", "closed_at", "expected_close_on"]


def rank_in(
    session: Session, stage_id: uuid.UUID, *, above_id: uuid.UUID | None = None, below_id: uuid.UUID | None = None, besides: uuid.UUID | None = None
) -> str:
    """A rank right under `above_id`, else right over `below_id`, else on top. A neighbour that has left the column does not count."""
    others = [_CARDS.stage_id == stage_id, _CARDS.deleted_at.is_(None)]
    if besides is not None:
        others.append(_CARDS.id != besides)
    rank = _CARDS.rank
    above = session.scalar(select(rank).where(*others, _CARDS.id == above_id)) if above_id else None
    if above is not None:
        return ranks.between(above, session.scalar(select(func.min(rank)).where(*others, rank > above)))
    below = session.scalar(select(rank).where(*others, _CARDS.id == below_id)) if below_id else None
    if below is not None:
        return ranks.between(session.scalar(select(func.max(rank)).where(*others, rank < below)), below)
    return ranks.between(None, session.scalar(select(func.min(rank)).where(*others)))


def lowest_rank(session: Session, stage_id: uuid.UUID) -> str | None:
    lowest: str | None = session.scalar(select(func.max(_CARDS.rank)).where(_CARDS.stage_id == stage_id, _CARDS.deleted_at.is_(None)))
    return lowest
