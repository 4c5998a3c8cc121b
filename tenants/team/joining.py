"""How one becomes a colleague."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.team.models import Member, Role, Team
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal


class RoleGone(Refusal):
    sentence = N_("The role of this invitation no longer exists. Ask your colleague to invite you again.")


def join(session: Session, *, person_id: uuid.UUID, name: str, mail: str, role_id: uuid.UUID, team_id: uuid.UUID | None, at: dt.datetime) -> Member:
    """A new member, or one who comes back to the old place with a new role. Doing it twice is harmless. Raises `RoleGone`.

    A team that was dissolved meanwhile is passed over.
    """
    if session.get(Role, role_id) is None:
        raise RoleGone
    team = session.get(Team, team_id) if team_id else None
    member = session.scalars(select(Member).where(Member.person_id == person_id)).one_or_none()
    is_here = member is not None and member.deactivated_at is None
    if member is None:
        member = Member(person_id=person_id, name=name, mail=mail, joined_at=at, role_id=role_id)
        session.add(member)
    member.mail, member.role_id, member.team_id, member.deactivated_at = mail, role_id, team.id if team else None, None
    session.flush()
    if not is_here:
        record(session, "member.joined", by=None, at=at, subject_id=member.id, name=member.name)
    return member
