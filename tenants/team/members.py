"""Members: their role, team and territories; leaving and coming back. Records stay with whom they are until they are handed over."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tenants.team.models import Member, Role, TerritoryMember
from tenants.team.refusals import AboveYourself, LastOwner
from tenants.team.rules import SCOPED, SCOPES, grants_of
from tenants.timeline.changes import assign
from tenants.timeline.log import record


def change(session: Session, member: Member, role: Role, values: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> None:
    """Sets the name, post, mobile, team (`team_id`) and role of a member. Raises `AboveYourself`, `LastOwner`."""
    before = session.get_one(Role, member.role_id)
    if role.id != member.role_id:
        refuse_above(by, role)
        refuse_above(by, before)
        if before.key == "owner":
            _refuse_last_owner(session, member)
    changes = assign(member, {**values, "role_id": role.id})
    if changes:
        record(session, "member.changed", by=by, at=at, subject_id=member.id, name=member.name, changes=changes)


def deactivate(session: Session, member: Member, *, by: Actor, at: dt.datetime) -> None:
    """From now on the member comes in no more. Raises `AboveYourself`, `LastOwner`."""
    if member.deactivated_at is not None:
        return
    role = session.get_one(Role, member.role_id)
    refuse_above(by, role)
    if role.key == "owner":
        _refuse_last_owner(session, member)
    member.deactivated_at = at
    record(session, "member.deactivated", by=by, at=at, subject_id=member.id, name=member.name)


def reactivate(session: Session, member: Member, *, by: Actor, at: dt.datetime) -> None:
    """The landlord says beforehand whether a seat is free. Raises `AboveYourself`."""
    if member.deactivated_at is None:
        return
    refuse_above(by, session.get_one(Role, member.role_id))
    member.deactivated_at = None
    record(session, "member.reactivated", by=by, at=at, subject_id=member.id, name=member.name)


def assign_territories(session: Session, member: Member, territory_ids: Collection[uuid.UUID]) -> None:
    session.execute(delete(TerritoryMember).where(TerritoryMember.member_id == member.id))
    session.add_all([TerritoryMember(territory_id=key, member_id=member.id) for key in set(territory_ids)])


def refuse_above(by: Actor, role: Role) -> None:
    """Nobody lifts anybody above themselves: only an owner makes owners, and a role is given by those who hold all of its rights."""
    if by.role_key == "owner":
        return
    if role.key == "owner" or not covers(by, role):
        raise AboveYourself


def covers(by: Actor, role: Role) -> bool:
    """Whether `by` holds every verb of `role`, at least as far."""
    reach = list(SCOPES)
    for kind, grant in grants_of(role.grants).items():
        mine = by.grants.get(kind)
        if grant.verbs and (mine is None or not grant.verbs <= mine.verbs):
            return False
        if grant.verbs and mine and kind in SCOPED and reach.index(grant.scope) > reach.index(mine.scope):
            return False
    return True


def _refuse_last_owner(session: Session, member: Member) -> None:
    others = (
        select(Member.id)
        .join(Role)
        .where(Role.key == "owner", Member.deactivated_at.is_(None), Member.person_id.is_not(None), Member.id != member.id)
    )
    if session.scalars(others.with_for_update(of=Member)).first() is None:
        raise LastOwner
