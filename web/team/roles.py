"""设置 · 角色权限: what each role may do with each kind of record, and how far it sees."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import func, select

from tenants.team import roles as verbs
from tenants.team.models import Member, Role
from tenants.team.rules import KIND_NAMES, SCOPED, SCOPES, UNCHANGEABLE, VERB_NAMES, VERBS, grants_of
from tenants.values.words import Refusal
from web.team.forms import RoleForm
from web.team.noting import note
from web.team.views import pages
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.get("/settings/roles")
def roles() -> ResponseReturnValue:
    permit("settings.roles")
    holders = select(func.count()).where(Member.role_id == Role.id, Member.deactivated_at.is_(None)).correlate(Role).scalar_subquery()
    rows = here().session.execute(select(Role, holders).order_by(Role.position, Role.name))
    return page("team/roles.html", roles=[(role, count, grants_of(role.grants)) for role, count in rows], SCOPES=SCOPES, SCOPED=SCOPED)


@pages.route("/settings/roles/new", methods=["GET", "POST"])
def new_role() -> ResponseReturnValue:
    """`?like=` starts from a copy of another role."""
    permit("settings.roles")
    visit, form = here(), RoleForm()
    if not form.validate_on_submit():
        like = request.args.get("like", type=uuid.UUID)
        return _matrix(form, None, find(Role, like).grants if like else _ticked() if form.is_submitted() else {})
    try:
        verbs.add_role(visit.session, form.name.data, _ticked(), by=visit.actor)
    except Refusal as refusal:
        return _refused(form, None, refusal)
    note("role.added", form.name.data)
    return leave(url_for(".roles"))


@pages.route("/settings/roles/<uuid:role_id>", methods=["GET", "POST"])
def role(role_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.roles")
    visit, role = here(), find(Role, role_id)
    form = RoleForm(obj=role)
    if not form.validate_on_submit():
        return _matrix(form, role, _ticked() if form.is_submitted() else role.grants)
    try:
        verbs.edit_role(visit.session, role, form.name.data, _ticked(), by=visit.actor)
    except Refusal as refusal:
        return _refused(form, role, refusal)
    note("role.changed", role.name)
    tell(gettext("Saved."))
    return leave(url_for(".roles"))


@pages.post("/settings/roles/<uuid:role_id>/removal")
def role_removal(role_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.roles")
    visit, role = here(), find(Role, role_id)
    try:
        verbs.remove_role(visit.session, role, by=visit.actor)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(url_for(".role", role_id=role_id))
    note("role.removed", role.name)
    tell(gettext("“%(name)s” is gone.", name=role.name))
    return leave(url_for(".roles"))


def _ticked() -> dict[str, Any]:
    """What the matrix sent: `verbs` holds "customer.edit", `scope-customer` the scope."""
    ticked: dict[str, list[str]] = {}
    for permission in request.form.getlist("verbs"):
        kind, _, verb = permission.partition(".")
        ticked.setdefault(kind, []).append(verb)
    scopes = {kind: scope for kind in SCOPED if (scope := request.form.get(f"scope-{kind}", "own")) in SCOPES}
    return verbs.grants_from(ticked, scopes)


def _refused(form: RoleForm, role: Role | None, refusal: Refusal) -> ResponseReturnValue:
    form.name.errors = [gettext(refusal.sentence, **refusal.params)]
    here().session.expire_all()
    return _matrix(form, role, _ticked())


def _matrix(form: RoleForm, role: Role | None, grants: dict[str, Any]) -> ResponseReturnValue:
    return page(
        "team/role.html",
        form=form,
        role=role,
        held=grants_of(grants),
        is_fixed=role is not None and role.key in UNCHANGEABLE,
        KINDS=VERBS,
        KIND_NAMES=KIND_NAMES,
        VERB_NAMES=VERB_NAMES,
        SCOPES=SCOPES,
        SCOPED=SCOPED,
        status=422 if form.is_submitted() else 200,
    )
