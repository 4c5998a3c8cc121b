"""A company is told of us behind its own wall: what our staff ask of it, and that they look in. In its log, under the bell, and by mail."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from saas.identity.sessions import value_of
from saas.operator.models import SupportConsent, SupportVisit
from saas.operator.notice import ASKED
from saas.registry.models import Tenant as TenantRow
from saas.registry.states import ENTERABLE
from tenants.notifications.notify import notify
from tenants.team.queries import members_who_may
from tenants.timeline.log import record
from tenants.timeline.models import Event
from tenants.wall.session import inside
from workers.effects import Errand
from workers.refusals import Needless
from workers.tenancy import now

DECIDING = "settings.company"


def tell(errand: Errand) -> None:
    """`payload`: tenant, what, about (the id of a consent or a visit). Told twice, it is told once."""
    payload = errand.promised.payload
    row = errand.session.get(TenantRow, uuid.UUID(payload["tenant"]))
    about = uuid.UUID(payload["about"])
    if row is None or row.state not in ENTERABLE:
        raise Needless("the company is closed")
    at, told = _asked(errand.session, about) if payload["what"] == ASKED else _visited(errand.session, about)
    with inside(value_of(row), errand.ring.house.cells[row.cell]) as session:
        _tell(session, f"support.{payload['what']}", about, at, told)


def _asked(landlord: Session, consent_id: uuid.UUID) -> tuple[dt.datetime, dict[str, Any]]:
    consent = landlord.get(SupportConsent, consent_id, populate_existing=True)
    if consent is None:
        raise Needless("it is forgotten")
    return consent.asked_at or now(), {"name": consent.asked_by, "reason": consent.asked_why}


def _visited(landlord: Session, visit_id: uuid.UUID) -> tuple[dt.datetime, dict[str, Any]]:
    visit = landlord.get(SupportVisit, visit_id, populate_existing=True)
    if visit is None:
        raise Needless("it is forgotten")
    return visit.began_at, {"name": visit.name, "reason": visit.reason, "by_consent": visit.consent_id is not None}


def _tell(session: Session, kind: str, about: uuid.UUID, at: dt.datetime, told: dict[str, Any]) -> None:
    """The event bears the id of what it tells of, so that it stands in the log once. A visit by consent is no news to who gave it."""
    if session.get(Event, about) is None:
        record(session, kind, by=None, at=at, **told).id = about
    if not told.get("by_consent"):
        notify(session, members_who_may(session, DECIDING), kind, key=f"support:{about}", at=at, subject_id=about, **told)
