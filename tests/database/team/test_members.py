"""Roles and leaving: nobody lifts anybody above themselves, and a company always keeps an owner."""

import dataclasses
import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.team.actor import Actor, find_actor
from tenants.team.members import change, covers, deactivate, reactivate
from tenants.team.models import Member, Role
from tenants.team.refusals import AboveYourself, LastOwner, RoleInUse, RoleUnchangeable
from tenants.team.roles import add_role, edit_role, grants_from, remove_role
from tenants.team.rules import DEFAULT_ROLES, SCOPED, SCOPES, VERBS, Grant, grants_of
from tenants.timeline.models import Event

NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)


def role(session: Session, key: str) -> Role:
    return session.scalars(select(Role).where(Role.key == key)).one()


def member(session: Session, name: str) -> Member:
    return session.scalars(select(Member).where(Member.name == name)).one()


def test_the_last_owner_stays(inside_alpha: Session, alice: Actor) -> None:
    with pytest.raises(LastOwner):
        deactivate(inside_alpha, member(inside_alpha, "Alice"), by=alice, at=NOW)
    with pytest.raises(LastOwner):
        change(inside_alpha, member(inside_alpha, "Alice"), role(inside_alpha, "sales"), {}, by=alice, at=NOW)


def test_a_second_owner_lets_the_first_go(inside_alpha: Session, alice: Actor) -> None:
    change(inside_alpha, member(inside_alpha, "Mei"), role(inside_alpha, "owner"), {}, by=alice, at=NOW)
    inside_alpha.flush()
    deactivate(inside_alpha, member(inside_alpha, "Alice"), by=alice, at=NOW)
    assert member(inside_alpha, "Alice").deactivated_at == NOW


def test_a_deactivated_member_is_nobody_and_an_event_tells(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    deactivate(inside_alpha, member(inside_alpha, "Bob"), by=alice, at=NOW)
    inside_alpha.flush()
    assert find_actor(inside_alpha, bob.person_id) is None
    event = inside_alpha.scalars(select(Event).where(Event.kind == "member.deactivated")).one()
    assert event.subject_id == bob.id


def test_who_comes_back_is_somebody_again(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    member_bob = member(inside_alpha, "Bob")
    deactivate(inside_alpha, member_bob, by=alice, at=NOW)
    reactivate(inside_alpha, member_bob, by=alice, at=NOW)
    inside_alpha.flush()
    assert find_actor(inside_alpha, bob.person_id) is not None


def test_a_manager_makes_no_owner(inside_alpha: Session, mei: Actor) -> None:
    with pytest.raises(AboveYourself):
        change(inside_alpha, member(inside_alpha, "Bob"), role(inside_alpha, "owner"), {}, by=mei, at=NOW)
    with pytest.raises(AboveYourself):
        deactivate(inside_alpha, member(inside_alpha, "Alice"), by=mei, at=NOW)


def test_the_owners_role_is_fixed_and_a_used_one_stays(inside_alpha: Session, alice: Actor) -> None:
    with pytest.raises(RoleUnchangeable):
        edit_role(inside_alpha, role(inside_alpha, "owner"), "Boss", {}, by=alice)
    with pytest.raises(RoleInUse):
        remove_role(inside_alpha, role(inside_alpha, "sales"), by=alice)


def test_nobody_makes_a_role_that_holds_more(inside_alpha: Session, mei: Actor) -> None:
    with pytest.raises(AboveYourself):
        add_role(inside_alpha, "Everything", DEFAULT_ROLES["admin"][1], by=mei)


grants = st.fixed_dictionaries({kind: st.builds(Grant, st.sampled_from(list(SCOPES)), st.frozensets(st.sampled_from(VERBS[kind]))) for kind in VERBS})


@given(mine=grants, given_grants=grants)
def test_covering_means_no_right_and_no_reach_beyond_ones_own(mine: dict[str, Grant], given_grants: dict[str, Grant]) -> None:
    raw = {kind: {"scope": grant.scope, "verbs": sorted(grant.verbs)} for kind, grant in given_grants.items()}
    actor = dataclasses.replace(NOBODY, grants=mine)
    reach = list(SCOPES)
    expected = all(
        not grant.verbs or (grant.verbs <= mine[kind].verbs and (kind not in SCOPED or reach.index(grant.scope) <= reach.index(mine[kind].scope)))
        for kind, grant in given_grants.items()
    )
    assert covers(actor, Role(key="x", name="x", grants=raw)) is expected


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8))))
def test_unknown_words_grant_nothing(ticked: dict[str, list[str]]) -> None:
    granted = grants_of(grants_from(ticked, {}))
    assert all(grant.verbs <= set(VERBS[kind]) for kind, grant in granted.items())
    assert set(granted) == set(VERBS)


_id = uuid.UUID(int=1)
NOBODY = Actor(_id, _id, "", "", _id, "x", "", None, {}, (_id,), (_id,), (_id,), ())
