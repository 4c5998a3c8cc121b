"""The member who asks: what they may do, whose records they see. One query makes it, at the door of each request."""

import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from tenants.team.rules import DEFAULT_ROLES, Grant, grants_of
from tenants.values.words import N_

NOTHING = Grant("own", frozenset())


@dataclass(frozen=True, slots=True)
class Actor:
    """Ids in `subordinates`, `team`, `team_tree` are of members; the actor's own id is in each of them."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    mail: str
    role_id: uuid.UUID
    role_key: str
    role_name: str
    team_id: uuid.UUID | None
    grants: dict[str, Grant]
    subordinates: tuple[uuid.UUID, ...]
    team: tuple[uuid.UUID, ...]
    team_tree: tuple[uuid.UUID, ...]
    territories: tuple[uuid.UUID, ...]
    unread: int = 0  # notifications; 100 are as good as more

    def may(self, permission: str) -> bool:
        """`permission` as "customer.edit"."""
        kind, _, verb = permission.partition(".")
        return verb in self.grants.get(kind, NOTHING).verbs

    def may_any(self, kind: str) -> bool:
        return bool(self.grants.get(kind, NOTHING).verbs)

    def scope(self, kind: str) -> str:
        return self.grants.get(kind, NOTHING).scope

    @property
    def is_leader(self) -> bool:
        return len(self.subordinates) > 1


# Subordinates: members of the teams that I lead, and of the teams below those. Team tree: my team and those below it.
_FIND = text("""
    SELECT m.id, m.person_id, m.name, m.mail, m.role_id, r.key AS role_key, r.name AS role_name, r.grants, m.team_id,
        ARRAY(SELECT x.id FROM members x JOIN teams t ON t.id = x.team_id
              WHERE EXISTS (SELECT 1 FROM teams l WHERE l.leader_id = m.id AND starts_with(t.path, l.path))) AS subordinates,
        ARRAY(SELECT x.id FROM members x WHERE x.team_id = m.team_id) AS team,
        ARRAY(SELECT x.id FROM members x JOIN teams t ON t.id = x.team_id JOIN teams mine ON mine.id = m.team_id
              WHERE starts_with(t.path, mine.path)) AS team_tree,
        ARRAY(SELECT y.id FROM territories y WHERE EXISTS (
              SELECT 1 FROM territory_members tm JOIN territories z ON z.id = tm.territory_id
              WHERE tm.member_id = m.id AND starts_with(y.path, z.path))) AS territories,
        (SELECT count(*) FROM (SELECT FROM notifications n WHERE n.member_id = m.id AND n.read_at IS NULL LIMIT 100) AS few) AS unread
    FROM members m JOIN roles r ON r.id = m.role_id
    WHERE m.person_id = :person_id AND m.deactivated_at IS NULL
""")


def find_actor(session: Session, person_id: uuid.UUID) -> Actor | None:
    row = session.execute(_FIND, {"person_id": person_id}).one_or_none()
    if row is None:
        return None
    me = row.id
    return Actor(
        id=me,
        person_id=row.person_id,
        name=row.name,
        mail=row.mail,
        role_id=row.role_id,
        role_key=row.role_key,
        role_name=row.role_name,
        team_id=row.team_id,
        grants=grants_of(row.grants),
        subordinates=_with(me, row.subordinates),
        team=_with(me, row.team),
        team_tree=_with(me, [*row.team_tree, *row.subordinates]),
        territories=tuple(row.territories),
        unread=row.unread,
    )


def onlooker(key: uuid.UUID, name: str) -> Actor:
    """Somebody who is no member, and may look wherever an administrator may. `key` is nobody's: nothing here is theirs.

    That they change nothing is seen to at the door (web.visit) and by the database (`tenant_plane(is_reading=True)`).
    """
    grants, alone = grants_of(DEFAULT_ROLES["admin"][1]), (key,)
    return Actor(
        id=key,
        person_id=key,
        name=name,
        mail="",
        role_id=key,
        role_key="onlooker",
        role_name=N_("Zuke support"),
        team_id=None,
        grants=grants,
        subordinates=alone,
        team=alone,
        team_tree=alone,
        territories=(),
    )


def _with(me: uuid.UUID, others: list[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    return (me, *sorted({*others} - {me}))
