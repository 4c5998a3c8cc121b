"""Keeps what an outbox promised: each effect once, as far as the world outside allows; what fails is tried again later."""

import datetime as dt
from collections.abc import Callable

import structlog

from tenants.wall.outbox import Promise, keep, lease, next_due, put_off
from web.config import Settings
from workers import mail
from workers.effects import Hopeless
from workers.tenancy import Ring, now

log = structlog.get_logger()

EFFECTS: dict[str, Callable[[Settings, Promise], None]] = {"mail": mail.send}


def deliver(ring: Ring) -> dt.datetime | None:
    """Does all that is due in the plane's outbox; returns when something is due next."""
    while True:
        with ring.session() as session:
            leased = lease(session, at=now())
            if not leased:
                return next_due(session)
        for promised in leased:
            _do(ring, promised)


def _do(ring: Ring, promised: Promise) -> None:
    try:
        EFFECTS[promised.kind](ring.house.settings, promised)
    except Exception as error:
        log.warning("promise not kept", tenant=ring.key, promise=str(promised.id), kind=promised.kind, error=repr(error))
        with ring.session() as session:
            put_off(session, promised, at=now(), why=str(error) or repr(error), hopeless=isinstance(error, Hopeless))
    else:
        with ring.session() as session:
            keep(session, promised, at=now())
