"""Who sees what, against a plain model of it: rows, counts and the rights to change agree with the sentence in tenants.team.scope."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.criteria import SCENES, Criteria
from tenants.customers.customer import Collaborator, Customer, Watch
from tenants.customers.queries import count, rows, scene_counts
from tenants.team.actor import Actor
from tenants.team.models import Member, Role, Territory
from tenants.team.rules import DEFAULT_ROLES, SCOPES, Grant
from tenants.team.scope import editable
from tenants.values.ids import new_id
from tests.world.customers import MIDNIGHT, NOON

PAST, FUTURE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2120, 1, 1, tzinfo=dt.UTC)
CROWD = 5
WHO = st.integers(0, CROWD - 1)


@dataclasses.dataclass(frozen=True)
class Case:
    """One customer: whose (None: nobody's), in which territory, in the bin, shared with the actor how, watched."""

    owner: int | None
    territory: int | None
    binned: bool
    share: tuple[bool, str] | None  # may write, until
    watched: bool


CASES = st.builds(
    Case,
    owner=st.none() | WHO,
    territory=st.none() | st.integers(0, 1),
    binned=st.booleans(),
    share=st.none() | st.tuples(st.booleans(), st.sampled_from(["always", "past", "future"])),
    watched=st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(CASES, max_size=8),
    scope=st.sampled_from(list(SCOPES)),
    groups=st.lists(st.sets(WHO), min_size=3, max_size=3),
    areas=st.sets(st.integers(0, 1)),
)
def test_lists_show_what_the_model_says(
    inside_alpha: Session, bob: Actor, cases: list[Case], scope: str, groups: list[set[int]], areas: set[int]
) -> None:
    session = inside_alpha
    around = session.begin_nested()
    try:
        crowd, territories = _people(session), _territories(session)
        actor = _actor(bob, crowd, territories, scope, groups, areas)
        made = [_make(session, case, actor, crowd, territories) for case in cases]
        session.flush()
        _compare(session, actor, dict(zip(made, cases, strict=True)), scope, groups, areas)
    finally:
        around.rollback()


def _compare(session: Session, actor: Actor, made: dict[uuid.UUID, Case], scope: str, groups: list[set[int]], areas: set[int]) -> None:
    seen = {key for key, case in made.items() if _sees(case, scope, groups, areas) and not case.binned}
    expected = {
        "all": seen,
        "mine": {key for key in seen if made[key].owner == 0},
        "subordinates": {key for key in seen if made[key].owner in groups[0] - {0}},
        "shared": {key for key in seen if _is_shared(made[key])},
        "watched": {key for key in seen if made[key].watched},
    }
    ours = set(made)
    foreign = _foreign_counts(session, actor, ours)
    counts = scene_counts(session, actor)
    for scene in SCENES:
        listed = {row.id for row in rows(session, actor, Criteria(scene=scene), today=MIDNIGHT, limit=100)}
        assert listed & ours == expected[scene], scene
        assert counts[scene] == len(listed) == len(expected[scene]) + foreign[scene], scene
        assert count(session, actor, Criteria(scene=scene), today=MIDNIGHT) == (len(listed), True)
    writable = set(session.scalars(select(Customer.id).where(Customer.deleted_at.is_(None), editable(Customer, actor)))) & ours
    assert writable == {key for key, case in made.items() if not case.binned and _writes(case, scope, groups, areas)}


def _sees(case: Case, scope: str, groups: list[set[int]], areas: set[int]) -> bool:
    return _in_scope(case, scope, groups, areas) or _is_shared(case)


def _writes(case: Case, scope: str, groups: list[set[int]], areas: set[int]) -> bool:
    return _in_scope(case, scope, groups, areas) or (_is_shared(case) and case.share is not None and case.share[0])


def _is_shared(case: Case) -> bool:
    return case.share is not None and case.share[1] != "past"


def _in_scope(case: Case, scope: str, groups: list[set[int]], areas: set[int]) -> bool:
    members = {"own": {0}, "subordinates": groups[0] | {0}, "team": groups[1] | {0}, "team_tree": groups[2] | {0}, "territory": {0}}
    return scope == "all" or case.owner in members[scope] or (scope == "territory" and case.territory in areas)


def _actor(bob: Actor, crowd: list[uuid.UUID], territories: list[uuid.UUID], scope: str, groups: list[set[int]], areas: set[int]) -> Actor:
    """Bob, number 0 of the crowd, with another scope and other people round him."""
    subordinates, team, tree = (tuple(dict.fromkeys([crowd[0], *(crowd[i] for i in sorted(group))])) for group in groups)
    grants = {"customer": Grant(scope, frozenset({"read", "edit"}))}
    return dataclasses.replace(
        bob,
        id=crowd[0],
        grants=grants,
        subordinates=subordinates,
        team=team,
        team_tree=tree,
        territories=tuple(territories[i] for i in sorted(areas)),
    )


def _people(session: Session) -> list[uuid.UUID]:
    role = session.scalars(select(Role.id).where(Role.key == "sales")).one()
    members = [Member(id=new_id(), name=f"Crowd {number}", mail=f"{number}@crowd.example", role_id=role, joined_at=NOON) for number in range(CROWD)]
    session.add_all(members)
    session.flush()
    return [member.id for member in members]


def _territories(session: Session) -> list[uuid.UUID]:
    keys = [new_id(), new_id()]
    session.add_all(Territory(id=key, name=str(key), path=f"/{key}/") for key in keys)
    session.flush()
    return keys


def _make(session: Session, case: Case, actor: Actor, crowd: list[uuid.UUID], territories: list[uuid.UUID]) -> uuid.UUID:
    key = new_id()
    customer = Customer(
        id=key, name="Case", number=str(key), kind="company", status_since=NOON, created_at=NOON, updated_at=NOON,
        owner_id=None if case.owner is None else crowd[case.owner],
        territory_id=None if case.territory is None else territories[case.territory],
        deleted_at=NOON if case.binned else None,
    )  # fmt: skip
    customer.refresh_search()
    session.add(customer)
    session.flush()
    if case.share is not None:
        until: dict[str, Any] = {"always": None, "past": PAST, "future": FUTURE}
        session.add(Collaborator(customer_id=key, member_id=actor.id, may_write=case.share[0], until=until[case.share[1]]))
    if case.watched:
        session.add(Watch(customer_id=key, member_id=actor.id))
    return key


def _foreign_counts(session: Session, actor: Actor, ours: set[uuid.UUID]) -> dict[str, int]:
    """Customers that stood on the stage before: all of them are seen by who sees all."""
    others = session.scalars(select(Customer.id).where(Customer.deleted_at.is_(None), Customer.id.not_in(ours))).all()
    return {scene: len(others) if scene == "all" and actor.scope("customer") == "all" else 0 for scene in SCENES}


def test_the_default_roles_name_scopes_that_exist() -> None:
    assert {grant["scope"] for _, grants in DEFAULT_ROLES.values() for grant in grants.values()} <= SCOPES.keys()
