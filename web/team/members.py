"""设置 · 成员与团队: who works here, with which role, in which team and territories."""

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from saas.identity.invitations import open_invitations
from saas.identity.memberships import end_membership, resume_membership, seats_taken
from tenants.team import members as verbs
from tenants.team.models import Member, Role
from tenants.team.queries import member_rows, team_tree, territory_ids_of, territory_tree
from tenants.values.words import Refusal
from web.database import db
from web.team.choices import role_choices, tree_choices
from web.team.forms import InvitationForm, MemberForm
from web.team.views import pages
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.get("/settings/members")
def members() -> ResponseReturnValue:
    permit("settings.members")
    visit = here()
    return page(
        "team/members.html",
        members=member_rows(visit.session),
        invitations=open_invitations(db.session(), visit.tenant.id),
        roles={choice.value: choice.label for choice in role_choices(visit.session)},
        seats=visit.tenant.entitlements.seats,
        seats_taken=seats_taken(db.session(), visit.tenant.id),
        may_invite=visit.visitor.mail_confirmed,
    )


@pages.route("/settings/members/<uuid:member_id>", methods=["GET", "POST"])
def member(member_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    visit = here()
    member = find(Member, member_id)
    form = MemberForm(obj=member, role_id=str(member.role_id), team_id=str(member.team_id or ""))
    _offer(form)
    if not form.is_submitted():
        form.territory_ids.data = [str(key) for key in territory_ids_of(visit.session, member.id)]
    elif form.validate() and _changed(member, form):
        tell(gettext("Saved."))
        return leave(url_for(".members"))
    return page("team/member.html", member=member, form=form, status=422 if form.is_submitted() else 200)


@pages.post("/settings/members/<uuid:member_id>/deactivation")
def deactivation(member_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    visit, member = here(), find(Member, member_id)
    try:
        verbs.deactivate(visit.session, member, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(url_for(".member", member_id=member.id))
    if member.person_id:
        end_membership(db.session(), member.person_id, visit.tenant.id, at=visit.now)
    tell(gettext("%(name)s can no longer sign in here.", name=member.name), undo=url_for(".reactivation", member_id=member.id))
    return leave(url_for(".members"))


@pages.post("/settings/members/<uuid:member_id>/reactivation")
def reactivation(member_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    visit, member = here(), find(Member, member_id)
    try:
        if member.person_id:
            resume_membership(db.session(), member.person_id, visit.tenant.id, at=visit.now)
        verbs.reactivate(visit.session, member, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(url_for(".member", member_id=member.id))
    tell(gettext("%(name)s can sign in again.", name=member.name))
    return leave(url_for(".members"))


def offer_invitation(form: InvitationForm) -> InvitationForm:
    """No role is chosen for the inviter: the first is the owner's, which nobody should give away by a hasty click."""
    session = here().session
    form.role_id.choices = [SelectChoice("", gettext("Choose")), *role_choices(session)]
    form.team_id.choices = tree_choices(team_tree(session), gettext("No team"))
    return form


def _offer(form: MemberForm) -> None:
    session = here().session
    form.role_id.choices = role_choices(session)
    form.team_id.choices = tree_choices(team_tree(session), gettext("No team"))
    form.territory_ids.choices = tree_choices(territory_tree(session))


def _changed(member: Member, form: MemberForm) -> bool:
    visit = here()
    role = find(Role, uuid.UUID(form.role_id.data))
    team_id = uuid.UUID(form.team_id.data) if form.team_id.data else None
    values = {"name": form.name.data, "post": form.post.data, "mobile": form.mobile.data, "team_id": team_id}
    try:
        verbs.change(visit.session, member, role, values, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        form.role_id.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    verbs.assign_territories(visit.session, member, [uuid.UUID(key) for key in form.territory_ids.data or ()])
    return True
