"""Roles: which verbs on which kind of record, and how far one sees."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tenants.team.members import refuse_above
from tenants.team.models import Member, Role
from tenants.team.refusals import AboveYourself, NameTaken, RoleInUse, RoleUnchangeable
from tenants.team.rules import UNCHANGEABLE, VERBS
from tenants.values.ids import new_id


def add_role(session: Session, name: str, grants: Mapping[str, Any], *, by: Actor) -> Role:
    """Raises `NameTaken`, `AboveYourself`."""
    _refuse_twin(session, name, None)
    key = new_id()
    place = session.scalar(select(func.coalesce(func.max(Role.position), -1) + 1)) or 0
    role = Role(id=key, key=f"own-{key}", name=name, grants=dict(grants), position=place)
    refuse_above(by, role)
    session.add(role)
    session.flush()
    return role


def edit_role(session: Session, role: Role, name: str, grants: Mapping[str, Any], *, by: Actor) -> None:
    """Raises `RoleUnchangeable`, `NameTaken`, `AboveYourself` (when it holds, or would hold, more than `by` does)."""
    if role.key in UNCHANGEABLE:
        raise RoleUnchangeable
    _refuse_twin(session, name, role.id)
    refuse_above(by, role)
    role.name, role.grants = name, dict(grants)
    if role.id != by.role_id:
        refuse_above(by, role)
    elif widens(by, grants):
        raise AboveYourself


def remove_role(session: Session, role: Role, *, by: Actor) -> None:
    """Raises `RoleUnchangeable`, `RoleInUse`, `AboveYourself`."""
    if role.key in UNCHANGEABLE:
        raise RoleUnchangeable
    refuse_above(by, role)
    holders = session.scalar(select(func.count()).select_from(Member).where(Member.role_id == role.id)) or 0
    if holders:
        raise RoleInUse(num=holders)
    session.delete(role)
    session.flush()


def widens(by: Actor, grants: Mapping[str, Any]) -> bool:
    """Whether one's own role would come to hold what it does not hold now."""
    return any(set(entry.get("verbs", ())) - by.grants[kind].verbs if kind in by.grants else entry.get("verbs") for kind, entry in grants.items())


def grants_from(verbs: Mapping[str, list[str]], scopes: Mapping[str, str]) -> dict[str, Any]:
    """The JSON of a role from the ticked verbs ({kind: [verb]}) and the chosen scopes ({kind: scope}); unknown ones are left out."""
    return {
        kind: {"scope": scopes.get(kind, "all"), "verbs": [verb for verb in known if verb in verbs.get(kind, ())]} for kind, known in VERBS.items()
    }


def _refuse_twin(session: Session, name: str, but: uuid.UUID | None) -> None:
    twin = session.scalar(select(Role.id).where(func.lower(Role.name) == name.lower()).limit(1))
    if twin is not None and twin != but:
        raise NameTaken(name=name)
