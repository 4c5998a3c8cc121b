"""The tree of territories. Members of a territory see, with the scope “own territories'”, the customers that lie in it or below it."""

import uuid
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select

from tenants.customers.customer import Customer
from tenants.team.models import Territory, TerritoryMember
from tenants.team.queries import territory_tree
from web.team import branches
from web.team.choices import member_choices
from web.team.forms import TerritoryForm
from web.team.views import pages
from web.visit import here


def _offer(form: TerritoryForm) -> None:
    form.member_ids.choices = member_choices(here().session)


def _staffed(territory: Territory) -> dict[str, Any]:
    members = select(TerritoryMember.member_id).where(TerritoryMember.territory_id == territory.id)
    return {"member_ids": [str(key) for key in here().session.scalars(members)]}


def _keep(territory: Territory, form: TerritoryForm) -> None:
    session = here().session
    session.execute(delete(TerritoryMember).where(TerritoryMember.territory_id == territory.id))
    session.add_all([TerritoryMember(territory_id=territory.id, member_id=uuid.UUID(key)) for key in set(form.member_ids.data or ())])


TERRITORIES = branches.Tree(
    kind="territory",
    model=Territory,
    index="territories",
    permission="settings.territories",
    feature="territories",
    branches=territory_tree,
    form=TerritoryForm,
    offer=_offer,
    held=_staffed,
    keep=_keep,
    users=lambda territory: select(Customer.id).where(Customer.territory_id == territory.id),
)


@pages.get("/settings/territories")
def territories() -> ResponseReturnValue:
    return branches.show_all(TERRITORIES)


@pages.route("/settings/territories/new", methods=["GET", "POST"])
def new_territory() -> ResponseReturnValue:
    return branches.add(TERRITORIES)


@pages.route("/settings/territories/<uuid:territory_id>", methods=["GET", "POST"])
def territory(territory_id: uuid.UUID) -> ResponseReturnValue:
    return branches.change(TERRITORIES, territory_id)


@pages.post("/settings/territories/<uuid:territory_id>/removal")
def territory_removal(territory_id: uuid.UUID) -> ResponseReturnValue:
    return branches.remove(TERRITORIES, territory_id)
