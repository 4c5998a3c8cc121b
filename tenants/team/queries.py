"""Typed reads of the team: what settings pages and pickers show."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, func, literal, select
from sqlalchemy.orm import Session, aliased

from tenants.team.models import Member, Role, Team, Territory, TerritoryMember
from tenants.values import names


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: uuid.UUID
    name: str
    mail: str
    mobile: str | None
    post: str | None
    role: str
    role_key: str
    team: str | None
    territories: list[str]
    joined_at: dt.datetime
    deactivated_at: dt.datetime | None
    sample: bool


def member_rows(session: Session, *, active: bool | None = None) -> list[MemberRow]:
    """All members, active ones first, then by role and name."""
    areas = (
        select(func.coalesce(func.array_agg(Territory.name), literal([], ARRAY(Text()))))
        .join(TerritoryMember, TerritoryMember.territory_id == Territory.id)
        .where(TerritoryMember.member_id == Member.id)
        .correlate(Member)
        .scalar_subquery()
    )
    query = (
        select(
            Member.id, Member.name, Member.mail, Member.mobile, Member.post, Role.name, Role.key, Team.name, areas, Member.joined_at,
            Member.deactivated_at, Member.sample,
        )
        .join(Role, Role.id == Member.role_id)
        .outerjoin(Team, Team.id == Member.team_id)
        .order_by(Member.deactivated_at.is_not(None), Role.position, Member.name)
    )  # fmt: skip
    if active is not None:
        query = query.where(Member.deactivated_at.is_(None) if active else Member.deactivated_at.is_not(None))
    return [MemberRow(*row) for row in session.execute(query)]


def names_of(session: Session, ids: Iterable[uuid.UUID | None] | None = None) -> dict[uuid.UUID, str]:
    """Names of members by id; of all of them when no ids are given."""
    query = select(Member.id, Member.name)
    if ids is not None:
        query = query.where(Member.id.in_({key for key in ids if key}))
    return dict(session.execute(query).all())


def ids_by_name(session: Session) -> list[uuid.UUID]:
    """All members, gone ones too, in the order of their names as they are spoken: 王芳 stands under W."""
    members = session.execute(select(Member.id, Member.name)).all()
    return [row.id for row in sorted(members, key=lambda row: (names.pinyin(row.name, person=True), row.name, row.id))]


def assignable(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Whom a record can be given to: active members (sample colleagues too), by name."""
    query = select(Member.id, Member.name).where(Member.deactivated_at.is_(None)).order_by(Member.name)
    return list(session.execute(query))


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree as a list shows it: `depth` 0 is a root; `people` sit in it directly."""

    id: uuid.UUID
    name: str
    depth: int
    parent_id: uuid.UUID | None
    leader: str | None
    leader_id: uuid.UUID | None
    people: int


def team_tree(session: Session) -> list[Branch]:
    leader = aliased(Member)
    people = select(func.count()).where(Member.team_id == Team.id, Member.deactivated_at.is_(None)).correlate(Team).scalar_subquery()
    columns = (Team.id, Team.name, Team.position, Team.parent_id, leader.name, Team.leader_id, people)
    query = select(*columns).outerjoin(leader, leader.id == Team.leader_id)
    return _in_order(session.execute(query).all())


def territory_tree(session: Session) -> list[Branch]:
    people = select(func.count()).where(TerritoryMember.territory_id == Territory.id).correlate(Territory).scalar_subquery()
    rows = session.execute(select(Territory.id, Territory.name, Territory.position, Territory.parent_id, people)).all()
    return _in_order([(key, name, position, parent, None, None, count) for key, name, position, parent, count in rows])


_Raw = tuple[uuid.UUID, str, int, uuid.UUID | None, str | None, uuid.UUID | None, int]


def _in_order(rows: Sequence[_Raw]) -> list[Branch]:
    """Depth first, siblings by position and name."""
    below: dict[uuid.UUID | None, list[_Raw]] = {}
    for row in sorted(rows, key=lambda row: (row[2], row[1])):
        below.setdefault(row[3], []).append(row)
    branches: list[Branch] = []

    def walk(parent: uuid.UUID | None, depth: int) -> None:
        for key, name, _, parent_id, leader, leader_id, people in below.get(parent, ()):
            branches.append(Branch(key, name, depth, parent_id, leader, leader_id, people or 0))
            walk(key, depth + 1)

    walk(None, 0)
    return branches


def territory_ids_of(session: Session, member_id: uuid.UUID) -> list[uuid.UUID]:
    return list(session.scalars(select(TerritoryMember.territory_id).where(TerritoryMember.member_id == member_id)))


def members_who_may(session: Session, permission: str) -> list[uuid.UUID]:
    """Members who work here and whose role holds the permission, such as "settings.company"."""
    kind, _, verb = permission.partition(".")
    query = select(Member.id).join(Role, Role.id == Member.role_id).where(Member.deactivated_at.is_(None)).order_by(Member.id)
    return list(session.scalars(query.where(Role.grants[kind]["verbs"].contains([verb]))))
