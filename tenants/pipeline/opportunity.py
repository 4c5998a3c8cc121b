"""An opportunity on its way through the stages, and the trail that it leaves there."""

import datetime as dt
import decimal
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.search import Lexemes
from tenants.notifications.assigned import assigned
from tenants.pipeline.lost_reason import LostReason
from tenants.pipeline.pipeline import Pipeline, Stage
from tenants.pipeline.places import SUMMED, rank_in
from tenants.pipeline.refusals import CustomerInBin, LostNeedsReason, NotClosed, OpensInOpenStage
from tenants.pipeline.rules import next_probability, weighted
from tenants.pipeline.stage_move import StageMove
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.timeline.changes import assign, plain
from tenants.timeline.log import record as log
from tenants.values.names import search_lexemes
from tenants.wall.base import Base, Keyed, Sampled

LIVE = text("deleted_at IS NULL")
FACTS = frozenset({"name", "amount", "expected_close_on", "probability", "source", "products", "remark", "contact_id"})
MOVES = ("opportunity.moved", "opportunity.won", "opportunity.lost", "opportunity.invalid", "opportunity.reopened")
BUYERS_BEFORE = frozenset({"target", "potential", "prospective", "lapsed"})  # what a customer is no longer once something is sold to it


class Opportunity(Keyed, Sampled, Base):
    """`outcome` repeats the kind of its stage, so that open ones are found by an index alone."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'won', 'lost', 'invalid')", name="outcome"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability"),
        Index("ix_opportunities_board", "stage_id", "rank", "id", postgresql_include=SUMMED, postgresql_where=LIVE),
        Index("ix_opportunities_customer_id", "customer_id", "id"),
        Index("ix_opportunities_owner", "owner_id", "id", postgresql_where=LIVE),
        Index("ix_opportunities_outcome", "outcome", "closed_at", postgresql_where=LIVE),
        Index("ix_opportunities_close", "expected_close_on", "id", postgresql_where=LIVE),
        Index("ix_opportunities_search", "search", postgresql_using="gin", postgresql_where=LIVE),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None]
    pipeline_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pipelines.id"), index=True)
    stage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stages.id"))
    stage_since: Mapped[dt.datetime]
    outcome: Mapped[str] = mapped_column(default="open", server_default="open")
    name: Mapped[str]
    amount: Mapped[decimal.Decimal]
    probability: Mapped[int]  # per cent; the stage's unless somebody knew better
    expected_close_on: Mapped[dt.date | None]
    source: Mapped[str | None]
    products: Mapped[str | None]
    remark: Mapped[str | None]
    lost_reason_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lost_reasons.id"), index=True)
    lost_remark: Mapped[str | None]  # also says why it was invalid
    closed_at: Mapped[dt.datetime | None]
    rank: Mapped[str] = mapped_column(Text(collation="C"))  # place in its column, see tenants.pipeline.ranks
    owner_id: Mapped[uuid.UUID | None]
    search: Mapped[list[str]] = mapped_column(Lexemes, deferred=True)

    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    # counted by `_changed`: a card that only gets another place in its column is no reason to refuse somebody's edit
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @property
    def is_open(self) -> bool:
        return self.outcome == "open"

    @property
    def weighted(self) -> Decimal:
        return weighted(self.amount, self.probability)

    def edit(self, session: Session, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, list[Any]]:
        """Sets facts (`FACTS`) and returns what changed as {field: [old, new]}. The probability of a closed one is not a matter of opinion."""
        wanted = {name: value for name, value in values.items() if name in FACTS and (name != "probability" or self.is_open)}
        changes = assign(self, wanted)
        if not changes:
            return changes
        self._changed(at)
        if changes.keys() & {"name", "products"}:
            self.refresh_search()
        told = dict(changes)
        if "contact_id" in told:
            told["contact"] = [_contact_name(session, key) for key in told.pop("contact_id")]
        self.record(session, "edited", by=by, at=at, changes=told)
        return changes

    def place(self, session: Session, *, above_id: uuid.UUID | None = None, below_id: uuid.UUID | None = None) -> None:
        """To another place in its own column: under `above_id`, else over `below_id`, else on top."""
        self.rank = rank_in(session, self.stage_id, above_id=above_id, below_id=below_id, besides=self.id)

    def move(self, session: Session, stage: Stage, *, by: Actor, at: dt.datetime, rank: str | None = None) -> None:
        """To another stage, on top of it unless `rank` says where. Refuses a lost stage: `lose` asks for the reason."""
        if stage.kind == "lost":
            raise LostNeedsReason
        if stage.id == self.stage_id:
            return
        if stage.kind == "won":
            self._win(session, stage, by=by, at=at, rank=rank)
        elif stage.kind == "invalid":
            self._enter(session, stage, "invalid", by=by, at=at, rank=rank, closed_at=at)
        elif self.is_open:
            self._enter(session, stage, "moved", by=by, at=at, rank=rank)
        else:
            self._enter(session, stage, "reopened", by=by, at=at, rank=rank)

    def win(
        self,
        session: Session,
        *,
        by: Actor,
        at: dt.datetime,
        amount: Decimal | None = None,
        closed_at: dt.datetime | None = None,
        rank: str | None = None,
    ) -> None:
        """Won for `amount` (None: the one it has). Its customer has now bought: at least a regular one."""
        self._win(session, self._closing_stage(session, "won"), by=by, at=at, amount=amount, closed_at=closed_at, rank=rank)

    def lose(
        self,
        session: Session,
        reason: LostReason | None,
        *,
        by: Actor,
        at: dt.datetime,
        remark: str | None = None,
        closed_at: dt.datetime | None = None,
        rank: str | None = None,
    ) -> None:
        if reason is None:
            raise LostNeedsReason
        stage = self._closing_stage(session, "lost")
        said = {"reason": reason.name, "remark": remark}
        self._enter(session, stage, "lost", by=by, at=at, rank=rank, closed_at=closed_at or at, reason_id=reason.id, remark=remark, said=said)

    def mark_invalid(self, session: Session, *, by: Actor, at: dt.datetime, remark: str | None = None, rank: str | None = None) -> None:
        """It never was one: a double, a test, somebody else's. Counts neither as won nor as lost."""
        stage = self._closing_stage(session, "invalid")
        self._enter(session, stage, "invalid", by=by, at=at, rank=rank, closed_at=at, remark=remark, said={"remark": remark})

    def reopen(self, session: Session, *, by: Actor, at: dt.datetime, stage: Stage | None = None) -> None:
        """Back to `stage`, or to the open one that it stood in last. Its customer keeps the status that a sale gave it."""
        if self.is_open:
            raise NotClosed
        target = stage or self._last_open_stage(session)
        if not target.is_open:
            raise OpensInOpenStage
        self._enter(session, target, "reopened", by=by, at=at)

    def transfer(self, session: Session, to: Member, *, by: Actor, at: dt.datetime) -> None:
        former = session.get(Member, self.owner_id) if self.owner_id else None
        if to.id == self.owner_id:
            return
        self.owner_id = to.id
        self._changed(at)
        self.record(session, "transferred", by=by, at=at, **{"from": former.name if former else None, "to": to.name})
        assigned(session, "opportunity", [self.id], to.id, by=by, at=at, customer_id=self.customer_id)

    def discard(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Into the bin, from where `restore` brings it back for 30 days."""
        if self.deleted_at is not None:
            return
        self.deleted_at, self.deleted_by_id = at, by.id
        self._changed(at)
        self.record(session, "deleted", by=by, at=at)

    def restore(self, session: Session, *, by: Actor, at: dt.datetime) -> None:
        """Out of the bin, to its stage, or to the first open one when that has gone meanwhile."""
        if self.deleted_at is None:
            return
        if session.get_one(Customer, self.customer_id).deleted_at is not None:
            raise CustomerInBin
        self.deleted_at, self.deleted_by_id = None, None
        self._changed(at)
        self.record(session, "restored", by=by, at=at)
        if session.get_one(Stage, self.stage_id).archived_at is not None:
            self.move(session, self._last_open_stage(session), by=by, at=at)

    def refresh_search(self) -> None:
        self.search = search_lexemes(self.name, self.products)

    def record(self, session: Session, what: str, *, by: Actor, at: dt.datetime, **data: Any) -> None:
        """On the timeline of the opportunity and of its customer."""
        log(
            session,
            f"opportunity.{what}",
            by=by,
            at=at,
            customer_id=self.customer_id,
            opportunity_id=self.id,
            subject_id=self.id,
            name=self.name,
            **data,
        )

    def _win(
        self,
        session: Session,
        stage: Stage,
        *,
        by: Actor,
        at: dt.datetime,
        amount: Decimal | None = None,
        closed_at: dt.datetime | None = None,
        rank: str | None = None,
    ) -> None:
        customer = session.get_one(Customer, self.customer_id)
        said = {"status": [customer.status, "regular"]} if customer.status in BUYERS_BEFORE else {}
        self._enter(session, stage, "won", by=by, at=at, rank=rank, closed_at=closed_at or at, amount=amount, said=said)
        if said:
            customer.change_status(session, "regular", by=by, at=at)

    def _enter(
        self,
        session: Session,
        stage: Stage,
        what: str,
        *,
        by: Actor,
        at: dt.datetime,
        rank: str | None = None,
        closed_at: dt.datetime | None = None,
        amount: Decimal | None = None,
        reason_id: uuid.UUID | None = None,
        remark: str | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> None:
        """The one door into a stage: closes the stay in the old one, opens the next, and says so on the timeline."""
        if stage.id == self.stage_id:
            return
        old, at = session.get_one(Stage, self.stage_id), max(at, self.stage_since)
        before, days = self._place_now(), (at - self.stage_since).days
        rank = rank or rank_in(session, stage.id, besides=self.id)
        session.execute(update(StageMove).where(StageMove.opportunity_id == self.id, StageMove.left_at.is_(None)).values(left_at=at))
        session.add(StageMove(opportunity_id=self.id, stage_id=stage.id, member_id=by.id, entered_at=at))
        self.probability = next_probability(
            self.probability if self.is_open else old.probability, of_old_stage=old.probability, of_new_stage=stage.probability, outcome=stage.kind
        )
        self.stage_id, self.pipeline_id, self.stage_since, self.outcome, self.rank = stage.id, stage.pipeline_id, at, stage.kind, rank
        self.closed_at, self.lost_reason_id, self.lost_remark = closed_at, reason_id, remark
        self.amount = self.amount if amount is None else amount
        self._changed(at)
        told = {"from": old.name, "to": stage.name, "amount": str(self.amount), "days": days, "before": before}
        self.record(session, what, by=by, at=at, **(told | dict(said or {})))

    def _place_now(self) -> dict[str, Any]:
        kept = ("stage_id", "rank", "probability", "amount", "outcome", "closed_at", "lost_reason_id", "lost_remark", "stage_since")
        return {name: plain(getattr(self, name)) for name in kept}

    def put_back(self, stage: Stage, before: Mapping[str, Any], at: dt.datetime) -> None:
        """As it stood before a move; `before` is what the move's event remembers."""
        self.stage_id, self.pipeline_id, self.outcome = stage.id, stage.pipeline_id, stage.kind
        self.rank, self.probability, self.amount = before["rank"], before["probability"], Decimal(before["amount"])
        self.stage_since = dt.datetime.fromisoformat(before["stage_since"])
        self.closed_at = dt.datetime.fromisoformat(before["closed_at"]) if before["closed_at"] else None
        self.lost_reason_id = uuid.UUID(before["lost_reason_id"]) if before["lost_reason_id"] else None
        self.lost_remark = before["lost_remark"]
        self._changed(at)

    def _changed(self, at: dt.datetime) -> None:
        self.version += 1
        self.updated_at = at

    def _closing_stage(self, session: Session, kind: str) -> Stage:
        return session.get_one(Pipeline, self.pipeline_id).closing_stage(session, kind)

    def _last_open_stage(self, session: Session) -> Stage:
        """Where it stood last before it was closed, as long as that stage is there; else the first of its pipeline."""
        stays = select(StageMove.stage_id).where(StageMove.opportunity_id == self.id).order_by(StageMove.entered_at.desc(), StageMove.id.desc())
        open_stages = session.get_one(Pipeline, self.pipeline_id).open_stages(session)
        known = {stage.id: stage for stage in open_stages}
        return next((known[key] for key in session.scalars(stays) if key in known), open_stages[0])


def _contact_name(session: Session, key: str | None) -> str | None:
    contact = session.get(Contact, uuid.UUID(key)) if key else None
    return contact.name if contact else None
