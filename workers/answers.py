"""Who answers which bell. An answer does what is due by now and says when something is due next, as the plane's own tables tell it."""

import datetime as dt
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import delete, select, tuple_

from saas.billing import living
from saas.cells.models import Bell
from tenants.notifications.bells import DIGEST, REMINDERS
from tenants.values.ids import new_id
from workers import heavy, reminders, rent, rent_night, reports, scores
from workers.housekeeping import keep_house, refill, tidy
from workers.promises import deliver
from workers.tenancy import LANDLORD, House, Ring, now

log = structlog.get_logger()

Rung = tuple[str, str]  # key of the tenant (or "saas"), kind of the bell
ANSWERS: dict[str, Callable[[Ring], dt.datetime | None]] = {
    "outbox": deliver,
    "jobs": heavy.start,
    "scores": scores.keep_up,
    "scores.night": scores.keep_night,
    REMINDERS: reminders.remind,
    DIGEST: reminders.greet,
    living.BELL: rent.keep_up,
    living.NIGHT: rent_night.reconcile,
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
        reported = reports.with_unsent(session, [key for key, _ in rung])
    tenants = house.tenants([key for key, _ in rung])
    answered: dict[Rung, dt.datetime | None] = {}
    unsent: dict[str, tuple[int, int]] = {}
    for key, kind in rung:
        ring = Ring(house, cell, tenants.get(key), is_reported=key in reported)
        try:
            answered[key, kind] = _answer_one(ring, key, kind)
            unsent.update((key, counts) for counts in ring.unsent)
        except Exception:
            log.exception("bell not answered", tenant=key, kind=kind)
    with house.landlord_session(cell) as session:
        session.execute(delete(Bell).where(Bell.id.in_([bell for bell, key, kind in heard if (key, kind) in answered])))
        session.add_all(Bell(id=new_id(), tenant=key, kind=kind, due_at=due) for (key, kind), due in answered.items() if due)
        reports.report_unsent(session, unsent, at=now())
    return len(answered)


def _answer_one(ring: Ring, key: str, kind: str) -> dt.datetime | None:
    """A bell of a tenant that has closed or moved away is stale: nothing is due."""
    if key == LANDLORD or (ring.tenant is not None and ring.tenant.cell == ring.cell):
        return ANSWERS[kind](ring)
    return None
