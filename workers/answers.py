"""Who answers which bell. An answer does what is due by now and says when something is due next, as the plane's own tables tell it."""

import datetime as dt
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import delete, select, tuple_

from saas.cells.models import Bell
from tenants.notifications.bells import DIGEST, REMINDERS
from tenants.values.ids import new_id
from tenants.wall.tenant import Tenant
from workers import heavy, reminders, scores
from workers.housekeeping import keep_house, refill, tidy
from workers.promises import deliver
from workers.tenancy import LANDLORD, House, Ring

log = structlog.get_logger()

Rung = tuple[str, str]  # key of the tenant (or "saas"), kind of the bell
ANSWERS: dict[str, Callable[[Ring], dt.datetime | None]] = {
    "outbox": deliver,
    "jobs": heavy.start,
    "scores": scores.keep_up,
    "scores.night": scores.keep_night,
    REMINDERS: reminders.remind,
    DIGEST: reminders.greet,
    "tidy": tidy,
    "housekeeping": keep_house,
    "vacancies": refill,
}


def answer(house: House, cell: str, rung: Sequence[Rung]) -> int:
    """Answers for many tenants, one after the other; returns for how many it went well. What one tenant has wrong does not hold up the next.

    All bells that could be heard at the start are replaced by one at the time when something is due next. What was not answered rings again.
    """
    with house.landlord_session(cell) as session:
        heard = session.execute(select(Bell.id, Bell.tenant, Bell.kind).where(tuple_(Bell.tenant, Bell.kind).in_(rung))).all()
    tenants = house.tenants([key for key, _ in rung])
    answered: dict[Rung, dt.datetime | None] = {}
    for key, kind in rung:
        try:
            answered[key, kind] = _answer_one(house, cell, key, kind, tenants.get(key))
        except Exception:
            log.exception("bell not answered", tenant=key, kind=kind)
    with house.landlord_session(cell) as session:
        session.execute(delete(Bell).where(Bell.id.in_([bell for bell, key, kind in heard if (key, kind) in answered])))
        session.add_all(Bell(id=new_id(), tenant=key, kind=kind, due_at=due) for (key, kind), due in answered.items() if due)
    return len(answered)


def _answer_one(house: House, cell: str, key: str, kind: str, tenant: Tenant | None) -> dt.datetime | None:
    """A bell of a tenant that has closed or moved away is stale: nothing is due."""
    if key == LANDLORD or (tenant is not None and tenant.cell == cell):
        return ANSWERS[kind](Ring(house, cell, tenant))
    return None
