"""The tree of teams: paths always tell the truth, and nothing lies below itself."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from tenants.team.models import Member, Team
from tenants.team.refusals import BelowItself, NameTaken, NotEmpty
from tenants.team.trees import fell, plant, replant
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant


def true_path(session: Session, team: Team) -> str:
    ids = [str(team.id)]
    while team.parent_id:
        team = session.get_one(Team, team.parent_id)
        ids.append(str(team.id))
    return "/" + "/".join(reversed(ids)) + "/"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=12))
def test_paths_follow_every_move(moves: list[tuple[int, int]], beta: Tenant, engine: Engine) -> None:
    with inside(beta, engine) as session:
        session.execute(delete(Team))
        teams = [plant(session, Team, f"team {number}", None) for number in range(6)]
        for which, below in moves:
            try:
                replant(session, teams[which], teams[below] if below >= 0 else None)
            except BelowItself:
                continue
            session.expire_all()
        for team in teams:
            assert team.path == true_path(session, team)


def test_a_team_cannot_lie_below_its_own_child(inside_beta: Session) -> None:
    parent = plant(inside_beta, Team, "Sales", None)
    child = plant(inside_beta, Team, "North", parent)
    with pytest.raises(BelowItself):
        replant(inside_beta, parent, child)


def test_siblings_have_different_names(inside_beta: Session) -> None:
    plant(inside_beta, Team, "Sales", None)
    with pytest.raises(NameTaken):
        plant(inside_beta, Team, "sales", None)


def test_a_team_with_members_or_teams_stays(inside_alpha: Session) -> None:
    team = inside_alpha.scalars(select(Team)).one()
    with pytest.raises(NotEmpty):
        fell(inside_alpha, team, is_used=True)
    inside_alpha.execute(update(Member).values(team_id=None))
    fell(inside_alpha, team, is_used=False)
    assert inside_alpha.scalars(select(Team)).all() == []
