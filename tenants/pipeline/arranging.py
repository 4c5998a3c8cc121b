"""Taking stages and pipelines away: what stands in them goes to another stage first."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.pipeline import ranks
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import NoSuchTarget, Pipeline, Stage
from tenants.pipeline.places import lowest_rank
from tenants.team.actor import Actor


def take_away_stage(session: Session, stage: Stage, *, into: Stage | None, by: Actor, at: dt.datetime) -> int:
    """Archives it; its opportunities go to the end of `into`. Returns how many went; raises StageInUse when they have nowhere to go."""
    moved = pour(session, [stage], into, by=by, at=at) if into is not None else 0
    stage.archive(session, at=at)
    return moved


def take_away_pipeline(session: Session, pipeline: Pipeline, *, into: Stage | None, by: Actor, at: dt.datetime) -> int:
    """Archives it; its open opportunities go to the end of `into`, a stage of another pipeline. The closed ones stay where they were closed."""
    moved = pour(session, pipeline.open_stages(session), into, by=by, at=at) if into is not None else 0
    pipeline.archive(session, at=at)
    return moved


def pour(session: Session, stages: Iterable[Stage], into: Stage, *, by: Actor, at: dt.datetime) -> int:
    """Moves all live opportunities of `stages` under those of `into`, in their order."""
    gone = [stage.id for stage in stages]
    if not into.is_open or into.archived_at is not None or into.id in gone:
        raise NoSuchTarget
    lowest = lowest_rank(session, into.id)
    poured = select(Opportunity).where(Opportunity.stage_id.in_(gone), Opportunity.deleted_at.is_(None))
    moved = 0
    for opportunity in session.scalars(poured.order_by(Opportunity.stage_id, Opportunity.rank, Opportunity.id).with_for_update()).all():
        lowest = ranks.between(lowest, None)
        opportunity.move(session, into, by=by, at=at, rank=lowest)
        moved += 1
    session.flush()
    return moved
