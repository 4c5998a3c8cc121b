"""The tree of teams, each with a leader. Who leads a team sees what its members, and those of the teams below, look after."""

import uuid

from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.team.models import Member, Team
from tenants.team.queries import team_tree
from web.team import branches
from web.team.choices import member_choices
from web.team.forms import TeamForm
from web.team.views import pages
from web.visit import find, here


def _offer(form: TeamForm) -> None:
    form.leader_id.choices = member_choices(here().session, gettext("No leader"))


def _keep(team: Team, form: TeamForm) -> None:
    team.leader_id = find(Member, uuid.UUID(form.leader_id.data)).id if form.leader_id.data else None


TEAMS = branches.Tree(
    kind="team",
    model=Team,
    index="teams",
    permission="settings.members",
    feature="teams",
    branches=team_tree,
    form=TeamForm,
    offer=_offer,
    held=lambda team: {"leader_id": str(team.leader_id or "")},
    keep=_keep,
    users=lambda team: select(Member.id).where(Member.team_id == team.id),
)


@pages.get("/settings/teams")
def teams() -> ResponseReturnValue:
    return branches.show_all(TEAMS)


@pages.route("/settings/teams/new", methods=["GET", "POST"])
def new_team() -> ResponseReturnValue:
    return branches.add(TEAMS)


@pages.route("/settings/teams/<uuid:team_id>", methods=["GET", "POST"])
def team(team_id: uuid.UUID) -> ResponseReturnValue:
    return branches.change(TEAMS, team_id)


@pages.post("/settings/teams/<uuid:team_id>/removal")
def team_removal(team_id: uuid.UUID) -> ResponseReturnValue:
    return branches.remove(TEAMS, team_id)
