"""What words of a file may mean in this firm, read once for an import."""

import uuid
import zoneinfo
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.imports.rows import World
from tenants.imports.values import key
from tenants.pipeline.lost_reason import lost_reasons
from tenants.pipeline.pipeline import Stage, stages_in_use
from tenants.team.models import Member, Territory


def world_of(session: Session, *, zone: zoneinfo.ZoneInfo, choices: Mapping[str, Mapping[str, str]], offered: Mapping[str, str]) -> World:
    return World(
        zone=zone,
        choices=choices,
        offered=offered,
        members=_members(session),
        territories={key(name): territory for territory, name in session.execute(select(Territory.id, Territory.name))},
        stages=_stages(session),
        reasons={key(reason.name): reason.id for reason in lost_reasons(session)},
    )


def _members(session: Session) -> dict[str, uuid.UUID | None]:
    """By name and by mail; those who have left as well, for they are authors of old follow-ups. A name goes to who is still here."""
    known: dict[str, uuid.UUID | None] = {}
    rows = session.execute(
        select(Member.id, Member.name, Member.mail, Member.deactivated_at).order_by(Member.deactivated_at.is_not(None), Member.id)
    ).all()
    here = [row.name.strip().lower() for row in rows if row.deactivated_at is None]
    for row in rows:
        name = row.name.strip().lower()
        known.setdefault(name, None if here.count(name) > 1 else row.id)
        known[row.mail.strip().lower()] = row.id
    return known


def _stages(session: Session) -> dict[str, Stage]:
    """Of several pipelines the first one's."""
    known: dict[str, Stage] = {}
    for stages in stages_in_use(session).values():
        for stage in stages:
            known.setdefault(key(stage.name), stage)
    return known
