"""Why opportunities are lost: a list that the firm keeps itself."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenants.values.words import N_, Refusal
from tenants.wall.base import Base, Keyed, Sampled


class ReasonExists(Refusal):
    sentence = N_("There is already a reason called “%(name)s”.")


class LastReason(Refusal):
    sentence = N_("One reason must remain: a lost opportunity needs one.")


class LostReason(Keyed, Sampled, Base):
    """An archived one is offered no more; what was lost for it keeps it."""

    __tablename__ = "lost_reasons"

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    archived_at: Mapped[dt.datetime | None]

    def rename(self, session: Session, name: str) -> None:
        _refuse_double(session, name, besides=self)
        self.name = name

    def archive(self, session: Session, *, at: dt.datetime) -> None:
        if len(lost_reasons(session)) == 1:
            raise LastReason
        self.archived_at = at

    def restore(self, session: Session) -> None:
        _refuse_double(session, self.name, besides=self)
        self.archived_at = None


def lost_reasons(session: Session) -> Sequence[LostReason]:
    """Those that can be chosen, in the firm's order."""
    return session.scalars(select(LostReason).where(LostReason.archived_at.is_(None)).order_by(LostReason.position, LostReason.id)).all()


def add_reason(session: Session, name: str) -> LostReason:
    _refuse_double(session, name)
    last = session.scalar(select(func.max(LostReason.position)))
    reason = LostReason(name=name, position=0 if last is None else last + 1)
    session.add(reason)
    return reason


def _refuse_double(session: Session, name: str, *, besides: LostReason | None = None) -> None:
    same = select(LostReason.id).where(LostReason.archived_at.is_(None), func.lower(LostReason.name) == name.lower())
    if besides is not None:
        same = same.where(LostReason.id != besides.id)
    if session.scalar(same.limit(1)):
        raise ReasonExists(name=name)
