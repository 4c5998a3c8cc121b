"""The tree of teams, each with a leader. Who leads a team sees what its members, and those of the teams below, look after."""

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.team.models import Member, Team
from tenants.team.queries import team_tree
from tenants.team.trees import fell, plant, rename, replant
from tenants.values.words import Refusal
from web.team.choices import member_choices, tree_choices
from web.team.forms import BranchForm
from web.team.noting import note
from web.team.views import pages
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.get("/settings/teams")
def teams() -> ResponseReturnValue:
    permit("settings.members")
    return page("team/teams.html", teams=team_tree(here().session))


@pages.route("/settings/teams/new", methods=["GET", "POST"])
def new_team() -> ResponseReturnValue:
    permit("settings.members")
    form = _form(BranchForm())
    if form.validate_on_submit() and _planted(form):
        note("team.added", form.name.data)
        return leave(url_for(".teams"))
    return page("team/branch.html", form=form, node=None, kind="team", status=422 if form.is_submitted() else 200)


@pages.route("/settings/teams/<uuid:team_id>", methods=["GET", "POST"])
def team(team_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    node = find(Team, team_id)
    form = _form(BranchForm(obj=node, parent_id=str(node.parent_id or ""), leader_id=str(node.leader_id or "")), but=node.id)
    if form.validate_on_submit() and _changed(node, form):
        note("team.changed", node.name)
        tell(gettext("Saved."))
        return leave(url_for(".teams"))
    return page("team/branch.html", form=form, node=node, kind="team", status=422 if form.is_submitted() else 200)


@pages.post("/settings/teams/<uuid:team_id>/removal")
def team_removal(team_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    session, node = here().session, find(Team, team_id)
    try:
        fell(session, node, is_used=session.scalar(select(Member.id).where(Member.team_id == node.id).limit(1)) is not None)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(url_for(".team", team_id=team_id))
    note("team.removed", node.name)
    tell(gettext("“%(name)s” is gone.", name=node.name))
    return leave(url_for(".teams"))


def _form(form: BranchForm, *, but: uuid.UUID | None = None) -> BranchForm:
    session = here().session
    form.parent_id.choices = tree_choices(team_tree(session), gettext("Top"), but=but)
    form.leader_id.choices = member_choices(session, gettext("No leader"))
    return form


def _planted(form: BranchForm) -> bool:
    try:
        node = plant(here().session, Team, form.name.data, _parent(form))
    except Refusal as refusal:
        form.name.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    node.leader_id = _leader(form)
    return True


def _changed(node: Team, form: BranchForm) -> bool:
    session = here().session
    try:
        replant(session, node, _parent(form))
        rename(session, node, form.name.data)
    except Refusal as refusal:
        form.name.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    node.leader_id = _leader(form)
    return True


def _parent(form: BranchForm) -> Team | None:
    return find(Team, uuid.UUID(form.parent_id.data)) if form.parent_id.data else None


def _leader(form: BranchForm) -> uuid.UUID | None:
    return find(Member, uuid.UUID(form.leader_id.data)).id if form.leader_id.data else None
