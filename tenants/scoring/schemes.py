"""Where the rules are kept: the saved ones with those before them, and what a member is still trying out."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tenants.scoring.defaults import default_scheme
from tenants.scoring.kinds import Subject
from tenants.scoring.rules import Scheme, read_scheme
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal
from tenants.workspace import settings
from tenants.workspace.models import Setting


class RulesChanged(Refusal):
    """Somebody has saved other rules since this draft was begun."""

    sentence = N_("Somebody changed the rules meanwhile.")


class NoFormerRules(Refusal):
    sentence = N_("There are no earlier rules to go back to.")


@dataclass(frozen=True, slots=True)
class Saved:
    """The rules that hold, who saved them and when (None: they are those of a new company), and whether there are earlier ones."""

    scheme: Scheme
    by: str | None = None
    at: dt.datetime | None = None
    has_former: bool = False


def read_saved(session: Session, subject: Subject) -> Saved:
    raw = settings.read(session, _key(subject))
    if not raw:
        return Saved(default_scheme(subject))
    return Saved(read_scheme(subject, raw), raw.get("by"), dt.datetime.fromisoformat(raw["at"]), bool(raw.get("former")))


def scheme_of(session: Session, subject: Subject) -> Scheme:
    return read_saved(session, subject).scheme


def read_draft(session: Session, subject: Subject, member_id: uuid.UUID) -> Scheme | None:
    """What the member is trying out; its version is that of the rules it was begun from."""
    raw = settings.read(session, _draft_key(subject, member_id))
    return read_scheme(subject, raw) if raw else None


def keep_draft(session: Session, scheme: Scheme, member_id: uuid.UUID, *, at: dt.datetime) -> None:
    settings.write(session, _draft_key(scheme.subject, member_id), scheme.plain(), at=at)


def drop_draft(session: Session, subject: Subject, member_id: uuid.UUID) -> None:
    session.execute(delete(Setting).where(Setting.key == _draft_key(subject, member_id)))


def rebase_draft(session: Session, subject: Subject, by: Actor, *, at: dt.datetime) -> None:
    """The draft shall hold although others have saved meanwhile."""
    draft = read_draft(session, subject, by.id)
    if draft is not None:
        keep_draft(session, replace(draft, version=scheme_of(session, subject).version), by.id, at=at)


def save_draft(session: Session, subject: Subject, *, by: Actor, at: dt.datetime) -> Scheme:
    """The member's draft becomes the rules. Raises `RulesChanged`."""
    _lock(session)
    draft, current = read_draft(session, subject, by.id), scheme_of(session, subject)
    if draft is None:
        return current
    if draft.version != current.version:
        raise RulesChanged
    drop_draft(session, subject, by.id)
    return _keep(session, draft, former=current, by=by, at=at)


def go_back(session: Session, subject: Subject, version: int, *, by: Actor, at: dt.datetime) -> Scheme:
    """To the rules before these; done twice, it comes back to these. Raises `NoFormerRules`, `RulesChanged`."""
    _lock(session)
    raw = settings.read(session, _key(subject))
    if not raw.get("former"):
        raise NoFormerRules
    current = read_scheme(subject, raw)
    if current.version != version:
        raise RulesChanged
    return _keep(session, read_scheme(subject, raw["former"]), former=current, by=by, at=at)


def _keep(session: Session, scheme: Scheme, *, former: Scheme, by: Actor, at: dt.datetime) -> Scheme:
    saved = replace(scheme, version=former.version + 1)
    value: dict[str, Any] = saved.plain() | {"former": former.plain(), "by": by.name, "at": at.isoformat()}
    settings.write(session, _key(saved.subject), value, at=at)
    record(session, "scoring.changed", by=by, at=at, subject=saved.subject, version=saved.version)
    return saved


def _lock(session: Session) -> None:
    """Of two who save at once the second hears of the first."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("scoring rules " + session.info["plane"].name, 0))))
    session.expire_all()


def _key(subject: Subject) -> str:
    return f"scoring.{subject}"


def _draft_key(subject: Subject, member_id: uuid.UUID) -> str:
    return f"scoring.draft.{subject}.{member_id}"
