"""Scores kept up to date: at once for what was touched, nightly for what time changes, and as long work for all of a large firm."""

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from tenants.scoring import keeping
from tenants.scoring.grades import cuts_now
from tenants.scoring.keeping import Run
from tenants.scoring.reckoning import forget_strays
from tenants.scoring.schemes import scheme_of
from tenants.scoring.sources import Day
from tenants.scoring.telling import tell_owners
from tenants.wall.tenant import Tenant
from workers.tenancy import Ring, now
from workers.work import Work


def keep_up(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "scores": rescores the customers that anything happened with since the last time."""
    if ring.tenant is None:
        return None
    at = now()
    with ring.session() as session:
        keeping.lock(session)
        state = keeping.read_state(session)
        since = min(state.since, at)  # a clock that was put back must not hide what has happened from then on
        ids = keeping.touched(session, since - keeping.OVERLAP) if state.night else None
        if ids is None:
            _all(session, ring.tenant, at)
        else:
            _told(session, keeping.rescore_some(session, ids, Day.of(at, ring.tenant.zone), at=at), at)
        keeping.write_state(session, replace(keeping.read_state(session), since=at), at=at)
        keeping.plan_night(session, ring.tenant.zone, at=at)
    return None


def keep_night(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "scores.night": the day has changed, and with it what time takes away."""
    if ring.tenant is None:
        return None
    at = now()
    with ring.session() as session:
        keeping.lock(session)
        night = keeping.read_state(session).night
        if night is not None and night > at:
            return night  # rung too early, or twice
        _all(session, ring.tenant, at)
        keeping.write_state(session, replace(keeping.read_state(session), since=at), at=at)
        keeping.plan_night(session, ring.tenant.zone, at=at)
    return None


def rescore(work: Work) -> None:
    """Long work "rescoring": stretch by stretch, each in a transaction of its own. Done twice it changes nothing, so that it may be killed."""
    at = now()
    day = Day.of(at, work.tenant.zone)
    with work.session() as session:
        parts, total = keeping.stretches(session)
        cuts = keeping.cuts_of(session, keeping.read_state(session))
    run, steps = _carried(None, day, at), 2 * len(parts)
    for place, part in enumerate(parts, 1):
        with work.session() as session:
            keeping.begin_stretch(session)
            run = _carried(run, day, at, session)
            run.score(part, cuts)
        work.progress(total * place // steps, total)
    with work.session() as session:
        cuts = cuts_now(session, scheme_of(session, "customer").grading)
        keeping.write_state(session, replace(keeping.read_state(session), cuts=cuts), at=at)
    for place, part in enumerate(parts, len(parts) + 1):
        with work.session() as session:
            keeping.begin_stretch(session)
            run = _carried(run, day, at, session)
            before = len(run.regraded)
            run.grade(part, cuts)
            _tell_owners(session, run, before, at)
        work.progress(total * place // steps, total)
    with work.session() as session:
        forget_strays(session)
        work.finish(session, {"customers": total, "written": run.written, "regraded": len(run.regraded)})


def _all(session: Session, tenant: Tenant, at: dt.datetime) -> None:
    if keeping.is_large(session):
        keeping.ask_for_all(session, at=at)
    else:
        _told(session, keeping.rescore_all(session, Day.of(at, tenant.zone), at=at), at)


def _carried(run: Run | None, day: Day, at: dt.datetime, session: Session | None = None) -> Run:
    """What was found so far goes into the next transaction."""
    if run is None:
        return Run(session, day, at)  # type: ignore[arg-type]  # given with the first stretch
    return replace(run, session=session or run.session)


def _told(session: Session, run: Run, at: dt.datetime) -> None:
    _tell_owners(session, run, 0, at)


def _tell_owners(session: Session, run: Run, since: int, at: dt.datetime) -> None:
    tell_owners(session, run.regraded[since:], at=at)
