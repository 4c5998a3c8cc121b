"""The tree of territories. Members of a territory see, with the scope “own territories'”, the customers that lie in it or below it."""

import uuid
from collections.abc import Iterable

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import delete, select

from tenants.customers.customer import Customer
from tenants.team.models import Territory, TerritoryMember
from tenants.team.queries import territory_tree
from tenants.team.trees import fell, plant, rename, replant
from tenants.values.words import Refusal
from web.team.choices import member_choices, tree_choices
from web.team.forms import TerritoryForm
from web.team.noting import note
from web.team.views import pages
from web.ui.htmx import leave, page, tell
from web.visit import find, here, permit


@pages.get("/settings/territories")
def territories() -> ResponseReturnValue:
    permit("settings.territories")
    return page("team/territories.html", territories=territory_tree(here().session))


@pages.route("/settings/territories/new", methods=["GET", "POST"])
def new_territory() -> ResponseReturnValue:
    permit("settings.territories")
    form = _form(TerritoryForm())
    if form.validate_on_submit() and _planted(form):
        note("territory.added", form.name.data)
        return leave(url_for(".territories"))
    return page("team/branch.html", form=form, node=None, kind="territory", status=422 if form.is_submitted() else 200)


@pages.route("/settings/territories/<uuid:territory_id>", methods=["GET", "POST"])
def territory(territory_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.territories")
    node = find(Territory, territory_id)
    form = _form(TerritoryForm(obj=node, parent_id=str(node.parent_id or "")), but=node.id)
    if not form.is_submitted():
        members = here().session.scalars(select(TerritoryMember.member_id).where(TerritoryMember.territory_id == node.id))
        form.member_ids.data = [str(key) for key in members]
    elif form.validate() and _changed(node, form):
        note("territory.changed", node.name)
        tell(gettext("Saved."))
        return leave(url_for(".territories"))
    return page("team/branch.html", form=form, node=node, kind="territory", status=422 if form.is_submitted() else 200)


@pages.post("/settings/territories/<uuid:territory_id>/removal")
def territory_removal(territory_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.territories")
    session, node = here().session, find(Territory, territory_id)
    try:
        fell(session, node, is_used=session.scalar(select(Customer.id).where(Customer.territory_id == node.id).limit(1)) is not None)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
        return leave(url_for(".territory", territory_id=territory_id))
    note("territory.removed", node.name)
    tell(gettext("“%(name)s” is gone.", name=node.name))
    return leave(url_for(".territories"))


def _form(form: TerritoryForm, *, but: uuid.UUID | None = None) -> TerritoryForm:
    session = here().session
    form.parent_id.choices = tree_choices(territory_tree(session), gettext("Top"), but=but)
    form.member_ids.choices = member_choices(session)
    return form


def _planted(form: TerritoryForm) -> bool:
    try:
        node = plant(here().session, Territory, form.name.data, _parent(form))
    except Refusal as refusal:
        form.name.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    _staff(node, form.member_ids.data or ())
    return True


def _changed(node: Territory, form: TerritoryForm) -> bool:
    session = here().session
    try:
        replant(session, node, _parent(form))
        rename(session, node, form.name.data)
    except Refusal as refusal:
        form.name.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    _staff(node, form.member_ids.data or ())
    return True


def _staff(node: Territory, member_ids: Iterable[str]) -> None:
    session = here().session
    session.execute(delete(TerritoryMember).where(TerritoryMember.territory_id == node.id))
    session.add_all([TerritoryMember(territory_id=node.id, member_id=uuid.UUID(key)) for key in set(member_ids)])


def _parent(form: TerritoryForm) -> Territory | None:
    return find(Territory, uuid.UUID(form.parent_id.data)) if form.parent_id.data else None
