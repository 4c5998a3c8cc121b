"""Inviting colleagues by mail, with role and team."""

import uuid

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from saas.identity import invitations as verbs
from saas.identity.models import Invitation
from saas.identity.rules import tidy_mail
from tenants.team.members import refuse_above
from tenants.team.models import Role, Team
from tenants.values.words import Refusal
from web.database import db
from web.identity.mails import mail_invitation
from web.team.forms import InvitationForm
from web.team.members import offer_invitation
from web.team.views import pages
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.route("/settings/invitations/new", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    permit("settings.members")
    visit = here()
    form = offer_invitation(InvitationForm())
    if form.validate_on_submit() and _invited(form):
        tell(gettext("The invitation to %(mail)s is on its way.", mail=form.mail.data))
        return leave(url_for(".members"))
    return page("team/invite.html", form=form, may_invite=visit.visitor.mail_confirmed, status=422 if form.is_submitted() else 200)


@pages.post("/settings/invitations/<uuid:invitation_id>/resend")
def resend(invitation_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    visit, invitation = here(), _find(invitation_id)
    token = verbs.resend(db.session(), invitation, at=visit.now)
    mail_invitation(invitation, token, company=visit.tenant.name, by=visit.actor.name)
    tell(gettext("The invitation to %(mail)s is on its way.", mail=invitation.mail))
    return leave(url_for(".members"))


@pages.post("/settings/invitations/<uuid:invitation_id>/revocation")
def revocation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.members")
    invitation = _find(invitation_id)
    verbs.revoke(invitation, at=here().now)
    tell(gettext("The invitation to %(mail)s no longer works.", mail=invitation.mail))
    return leave(url_for(".members"))


def _find(invitation_id: uuid.UUID) -> Invitation:
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.tenant_id != here().tenant.id:
        abort(404)
    return invitation


def _invited(form: InvitationForm) -> bool:
    visit = here()
    role = find(Role, uuid.UUID(form.role_id.data))
    team = find(Team, uuid.UUID(form.team_id.data)) if form.team_id.data else None
    mail = tidy_mail(form.mail.data)
    if mail is None:
        form.mail.errors = [gettext("This is not a mail address.")]
        return False
    try:
        refuse_above(visit.actor, role)
        invitation, token = verbs.invite(
            db.session(),
            visit.tenant.id,
            form.mail.data,
            role_id=role.id,
            team_id=team.id if team else None,
            by=visit.visitor.person_id,
            at=visit.now,
        )
    except Refusal as refusal:
        form.mail.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    mail_invitation(invitation, token, company=visit.tenant.name, by=visit.actor.name)
    return True
