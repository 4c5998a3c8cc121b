"""A company that is closed: who sees to its rent may pay, everybody else is told what is the case, whom to ask, and until when its data are kept."""

import datetime as dt
from dataclasses import dataclass

from flask import current_app, g, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from saas.billing.living import kept_until
from saas.billing.models import Subscription
from saas.registry.models import Tenant
from tenants.team.models import Member
from tenants.team.queries import members_who_may
from web.config import Settings
from web.ui.htmx import is_htmx, leave, page
from web.visit import Visit

PAYING = "settings.subscription"
ROOM = "subscription"  # the only room that stays open, to who may pay


@dataclass(frozen=True, slots=True)
class Closing:
    """`is_ours`: an operator has closed it, whatever it pays. `payers`: names of who sees to the rent; `may_pay`: whether the visitor does."""

    company: str
    zone: dt.tzinfo
    is_ours: bool
    kept_until: dt.datetime | None
    payers: list[str]
    may_pay: bool


class Closed(HTTPException):
    code = 402

    def __init__(self, closing: Closing) -> None:
        super().__init__()
        self.closing = closing


def require_open(landlord: Session, visit: Visit, room: str | None) -> None:
    """Raises `Closed` for a closed company, but to who comes to pay. Paying does not open what an operator has closed."""
    if visit.tenant.state != "closed":
        return
    row = landlord.get_one(Tenant, visit.tenant.id)
    closing = Closing(
        company=visit.tenant.name,
        zone=visit.zone,
        is_ours=row.closed_at is not None,
        kept_until=kept_until(row, landlord.get(Subscription, row.id)),
        payers=_payers(visit.session),
        may_pay=row.closed_at is None and visit.actor.may(PAYING) and current_app.extensions.get("gateway") is not None,
    )
    if room != ROOM or not closing.may_pay:
        raise Closed(closing)


def _payers(session: Session) -> list[str]:
    ids = members_who_may(session, PAYING)
    return list(session.scalars(select(Member.name).where(Member.id.in_(ids)).order_by(Member.joined_at, Member.id).limit(3)))


def told(error: Closed) -> Response:
    """One calm page. A piece that an open page asked for makes that page go there."""
    if is_htmx():
        answer = leave(url_for("workbench.show"))
        answer.status_code = error.code or 402
        return answer
    g.pop("visit", None)  # nothing of the workspace stands round it
    status = 403 if error.closing.is_ours else 402
    return page("errors/closed.html", closing=error.closing, contact=contact(), status=status)


def contact() -> str:
    """Where people reach us."""
    settings: Settings = current_app.extensions["settings"]
    return settings.contact
