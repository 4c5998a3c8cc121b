"""Pipelines and their stages, as the firm arranges them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select, table, update
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import Integer, Text, Uuid

from tenants.pipeline.rules import CLOSED
from tenants.values.words import N_, Refusal
from tenants.wall.base import Base, Keyed, Sampled

# Enough to say it in SQL: the opportunity itself stands above this file.
_OPPORTUNITIES = table(
    "opportunities", sql_column("stage_id", Uuid()), sql_column("outcome", Text()), sql_column("probability", Integer()), sql_column("deleted_at")
)


class StageExists(Refusal):
    sentence = N_("There is already a stage called “%(name)s” in this pipeline.")


class PipelineExists(Refusal):
    sentence = N_("There is already a pipeline called “%(name)s”.")


class LastOpenStage(Refusal):
    sentence = N_("One open stage must remain.")


class LastPipeline(Refusal):
    sentence = N_("One pipeline must remain.")


class ClosingStage(Refusal):
    sentence = N_("A pipeline needs one stage each for won, lost and invalid: these stay.")


class StageInUse(Refusal):
    sentence = N_("There are opportunities in it: say which stage they go to.")


class NoSuchTarget(Refusal):
    sentence = N_("Opportunities can only go to another open stage.")


class Pipeline(Keyed, Sampled, Base):
    __tablename__ = "pipelines"

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    archived_at: Mapped[dt.datetime | None]

    def stages(self, session: Session) -> Sequence["Stage"]:
        """In their order: the open ones, then won, lost, invalid."""
        mine = select(Stage).where(Stage.pipeline_id == self.id, Stage.archived_at.is_(None))
        return session.scalars(mine.order_by(Stage.position, Stage.id)).all()

    def open_stages(self, session: Session) -> list["Stage"]:
        return [stage for stage in self.stages(session) if stage.kind == "open"]

    def closing_stage(self, session: Session, kind: str) -> "Stage":
        """Its one stage of kind won, lost or invalid."""
        return session.scalars(select(Stage).where(Stage.pipeline_id == self.id, Stage.kind == kind, Stage.archived_at.is_(None))).one()

    def rename(self, session: Session, name: str) -> None:
        _refuse_double_pipeline(session, name, besides=self)
        self.name = name

    def copy(self, session: Session, name: str) -> "Pipeline":
        """A new pipeline with the same stages."""
        _refuse_double_pipeline(session, name)
        last = session.scalar(select(func.max(Pipeline.position))) or 0
        new = Pipeline(name=name, position=last + 1)
        session.add(new)
        session.flush()
        for stage in self.stages(session):
            session.add(
                Stage(
                    pipeline_id=new.id,
                    name=stage.name,
                    kind=stage.kind,
                    probability=stage.probability,
                    slow_after=stage.slow_after,
                    position=stage.position,
                )
            )
        session.flush()
        return new

    def add_stage(self, session: Session, name: str, *, probability: int, slow_after: int) -> "Stage":
        """At the end of the open ones. `probability` in per cent, `slow_after` in days."""
        _refuse_double_stage(session, self.id, name)
        stage = Stage(pipeline_id=self.id, name=name, kind="open", probability=probability, slow_after=slow_after, position=0)
        session.add(stage)
        _number(self.stages(session), put=stage, at=len(self.open_stages(session)))
        return stage

    def archive(self, session: Session, *, at: dt.datetime) -> None:
        """Offered no more. Its open opportunities must have left it (`Opportunity.pour`); closed ones stay in lists and figures."""
        if len(pipelines(session)) == 1:
            raise LastPipeline
        if any(stage.holds_any(session) for stage in self.open_stages(session)):
            raise StageInUse
        self.archived_at = at

    def restore(self, session: Session) -> None:
        _refuse_double_pipeline(session, self.name, besides=self)
        self.archived_at = None


class Stage(Keyed, Sampled, Base):
    """A step of a pipeline. `kind`: open, won, lost or invalid; a pipeline has one each of the last three.

    One that is archived keeps its row, because the history of opportunities names it.
    """

    __tablename__ = "stages"
    __table_args__ = (
        CheckConstraint("kind IN ('open', 'won', 'lost', 'invalid')", name="kind"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability"),
        Index("ix_stages_pipeline_id", "pipeline_id", "position"),
    )

    pipeline_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pipelines.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="open", server_default="open")
    probability: Mapped[int]  # per cent
    slow_after: Mapped[int] = mapped_column(default=14, server_default="14")  # days
    position: Mapped[int]
    archived_at: Mapped[dt.datetime | None]

    @property
    def is_open(self) -> bool:
        return self.kind == "open"

    def edit(self, session: Session, *, name: str, probability: int, slow_after: int) -> None:
        """Opportunities that have the stage's probability go along with it; what was set by hand stays. Closing stages keep theirs."""
        _refuse_double_stage(session, self.pipeline_id, name, besides=self)
        self.name = name
        if not self.is_open:
            return
        if probability != self.probability:
            theirs = _OPPORTUNITIES.c
            session.execute(
                update(_OPPORTUNITIES).where(theirs.stage_id == self.id, theirs.probability == self.probability).values(probability=probability)
            )
        self.probability, self.slow_after = probability, slow_after

    def place(self, session: Session, position: int) -> None:
        """To this place among the open stages, counted from 0."""
        if not self.is_open:
            raise ClosingStage
        others = [stage for stage in _siblings(session, self) if stage is not self]
        last = sum(stage.is_open for stage in others)
        _number(others, put=self, at=min(max(position, 0), last))

    def archive(self, session: Session, *, at: dt.datetime) -> None:
        """Takes it out of its pipeline. Its opportunities must have left it (`Opportunity.pour`)."""
        if not self.is_open:
            raise ClosingStage
        others = [stage for stage in _siblings(session, self) if stage is not self]
        if not any(stage.is_open for stage in others):
            raise LastOpenStage
        if self.holds_any(session):
            raise StageInUse
        self.archived_at = at
        _number(others)

    def holds_any(self, session: Session) -> bool:
        theirs = _OPPORTUNITIES.c
        return bool(session.scalar(select(1).where(theirs.stage_id == self.id, theirs.deleted_at.is_(None)).limit(1)))


def pipelines(session: Session) -> Sequence[Pipeline]:
    """Those in use, in the firm's order."""
    return session.scalars(select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id)).all()


def stages_in_use(session: Session) -> dict[Pipeline, list[Stage]]:
    """Every pipeline in use with its stages, both in the firm's order. One statement."""
    query = select(Pipeline, Stage).join(Stage, Stage.pipeline_id == Pipeline.id).where(Pipeline.archived_at.is_(None), Stage.archived_at.is_(None))
    found: dict[Pipeline, list[Stage]] = {}
    for pipeline, stage in session.execute(query.order_by(Pipeline.position, Pipeline.id, Stage.position, Stage.id)):
        found.setdefault(pipeline, []).append(stage)
    return found


def stages_in_order(session: Session) -> list[uuid.UUID]:
    """All stages, those out of use too, as they stand on the boards."""
    query = select(Stage.id).join(Pipeline, Pipeline.id == Stage.pipeline_id)
    return list(session.scalars(query.order_by(Pipeline.position, Pipeline.id, Stage.position, Stage.id)))


def _siblings(session: Session, stage: Stage) -> Sequence[Stage]:
    mine = select(Stage).where(Stage.pipeline_id == stage.pipeline_id, Stage.archived_at.is_(None))
    return session.scalars(mine.order_by(Stage.position, Stage.id).with_for_update()).all()


def _number(stages: Sequence[Stage], *, put: Stage | None = None, at: int = 0) -> None:
    """Numbers them anew; `put` comes to place `at`. Closing stages stay behind the open ones."""
    ordered = [stage for stage in stages if stage is not put]
    if put is not None:
        ordered.insert(at, put)
    ordered.sort(key=lambda stage: stage.kind in CLOSED)
    for position, stage in enumerate(ordered):
        stage.position = position


def _refuse_double_stage(session: Session, pipeline_id: uuid.UUID, name: str, *, besides: Stage | None = None) -> None:
    same = select(Stage).where(Stage.pipeline_id == pipeline_id, Stage.archived_at.is_(None), func.lower(Stage.name) == name.lower())
    if any(found is not besides for found in session.scalars(same)):
        raise StageExists(name=name)


def _refuse_double_pipeline(session: Session, name: str, *, besides: Pipeline | None = None) -> None:
    same = select(Pipeline).where(Pipeline.archived_at.is_(None), func.lower(Pipeline.name) == name.lower())
    if any(found is not besides for found in session.scalars(same)):
        raise PipelineExists(name=name)
