"""Keeps what an outbox promised: each effect once, as far as the world outside allows; what fails is tried again later."""

import datetime as dt
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

from saas.billing import doubles, living
from saas.operator import notice
from tenants.notifications import sending
from tenants.wall.models import Outbox
from tenants.wall.outbox import Promise, is_ours, keep, lease, next_due, put_off, unsent
from web.metrics import EFFECTS_TRIED
from workers import bots, letters, rent_doubles, rent_letters, support
from workers.effects import Errand
from workers.mail import PostOffice
from workers.refusals import Hopeless, Needless
from workers.tenancy import Ring, now

log = structlog.get_logger()

PAUSES = (0.1, 0.5, 1, 2, 4, 8, 15, 30)  # seconds, until the database takes the record of what has been done


def send_mail(errand: Errand) -> None:
    """A mail that was written when it was promised."""
    errand.post.deliver(errand.promised.id, errand.promised.payload)


EFFECTS: dict[str, Callable[[Errand], None]] = {
    "mail": send_mail,
    sending.MAIL: letters.send,
    living.LETTER: rent_letters.send,
    notice.NOTICE: support.tell,
    doubles.UNDOING: rent_doubles.undo_double,
}


def deliver(ring: Ring) -> dt.datetime | None:
    """Does all that is due in the plane's outbox; returns when something is due next."""
    has_failed = False
    with PostOffice(ring.house.settings) as post:
        while True:
            with ring.session() as session:
                leased = lease(session, Outbox.kind != sending.BOT, at=now())
            if not leased:
                break
            for promised in leased:
                has_failed |= not _do(ring, promised, post)
    has_failed |= not bots.deliver(ring)
    with ring.session() as session:
        if ring.tenant and (has_failed or ring.is_reported):
            ring.unsent.append(unsent(session))
        return next_due(session)


def _do(ring: Ring, promised: Promise, post: PostOffice) -> bool:
    """The transaction is open before the world outside is asked: between its answer and our record lie one UPDATE and its COMMIT.

    The row is locked meanwhile, so that nobody does it a second time though our lease runs out. False: it was put off, or given up.
    """
    is_done = False
    try:
        with ring.session() as session:
            if not is_ours(session, promised):
                return True
            try:
                EFFECTS[promised.kind](Errand(ring, session, promised, post))
            except Needless as needless:
                log.info("promise needs no keeping", tenant=ring.key, promise=str(promised.id), kind=promised.kind, why=str(needless))
                keep(session, promised, at=now())
            except Exception as error:
                log.warning("promise not kept", tenant=ring.key, promise=str(promised.id), kind=promised.kind, error=repr(error))
                session.rollback()
                put_off(session, promised, at=now(), why=str(error) or repr(error), hopeless=isinstance(error, Hopeless))
                EFFECTS_TRIED.labels(promised.kind, "failed").inc()
                return False
            else:
                is_done = True
                keep(session, promised, at=now())
                EFFECTS_TRIED.labels(promised.kind, "kept").inc()
    except DBAPIError:
        if not is_done:
            raise
        _keep_after_all(ring, promised)
    return True


def _keep_after_all(ring: Ring, promised: Promise) -> None:
    """It has been done, and the database went away before it heard so: it must hear, or it will be done again."""
    for pause in PAUSES:
        try:
            with ring.session() as session:
                keep(session, promised, at=now())
        except DBAPIError:
            time.sleep(pause)
        else:
            return
    log.error("done, and not recorded", tenant=ring.key, promise=str(promised.id), kind=promised.kind)
