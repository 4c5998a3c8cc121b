"""Keeping scores up to date: who was touched since the last look, when the next night is, and doing it for some or for all."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.jobs.asking import ask
from tenants.jobs.models import Job
from tenants.scoring.grades import GRADED, Regraded, cuts_now, regrade
from tenants.scoring.grading import Cuts
from tenants.scoring.kinds import SUBJECTS
from tenants.scoring.reckoning import Crossed, forget_closed, forget_strays, rescore
from tenants.scoring.schemes import scheme_of
from tenants.scoring.sources import Among, Day, among_ids, between
from tenants.timeline.models import Event
from tenants.wall.bells import ring
from tenants.workspace import settings

BELL, NIGHT = "scores", "scores.night"
JOB = "rescoring"
STATE = "scoring.state"
OVERLAP = dt.timedelta(minutes=2)  # an event bears the time of its request, and is seen only after the commit
AT_ONCE = 2_000  # customers that a short worker rescores; more is long work
STRETCH = 100_000  # customers of one transaction of long work: a second or two; each stretch reads the tables anew
ROOM = "32MB"  # for the hashes of a stretch, that PostgreSQL would else write to disk
NIGHTFALL = dt.time(2)
NIGHT_MINUTES = 30  # tenants are spread over so many
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# Arrangements that touch the scores of very many.
ARRANGED = ("stage.%", "pipeline.%")


@dataclass(frozen=True, slots=True)
class State:
    """`since`: until when everything that happened has been reckoned. `night`: when the next night begins. `cuts`: of A and B, by shares."""

    since: dt.datetime = LONG_AGO
    night: dt.datetime | None = None
    cuts: Cuts | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "night": self.night.isoformat() if self.night else None,
            "cuts": [self.cuts.a, self.cuts.b] if self.cuts else None,
        }


@dataclass(slots=True)
class Run:
    """Rescoring in one go or in stretches. `crossed` and `regraded` collect what happened on the way."""

    session: Session
    day: Day
    at: dt.datetime
    written: int = 0
    crossed: dict[uuid.UUID, Crossed] = field(default_factory=dict)
    regraded: list[Regraded] = field(default_factory=list)

    def score(self, among: Among, cuts: Cuts | None) -> None:
        """Customers first: their score counts for their opportunities."""
        for subject in SUBJECTS:
            scheme = scheme_of(self.session, subject)
            done = rescore(self.session, scheme, self.day, at=self.at, among=among, cuts=cuts if subject == "customer" else None)
            self.written += done.written
            self.crossed |= {one.id: one for one in done.crossed}

    def grade(self, among: Among, cuts: Cuts | None) -> None:
        if cuts is not None:
            scheme = scheme_of(self.session, "customer")
            self.regraded += regrade(self.session, scheme, cuts, self.day, at=self.at, among=among, crossed=self.crossed)


def read_state(session: Session) -> State:
    raw = settings.read(session, STATE)
    if not raw:
        return State()
    night, cuts = raw.get("night"), raw.get("cuts")
    return State(dt.datetime.fromisoformat(raw["since"]), dt.datetime.fromisoformat(night) if night else None, Cuts(*cuts) if cuts else None)


def write_state(session: Session, state: State, *, at: dt.datetime) -> None:
    settings.write(session, STATE, state.plain(), at=at)


def cuts_of(session: Session, state: State) -> Cuts | None:
    """As grades are given between two nights: by shares, the cuts of the last night hold."""
    grading = scheme_of(session, "customer").grading
    return state.cuts or cuts_now(session, grading) if grading.mode == "shares" else cuts_now(session, grading)


def touched(session: Session, since: dt.datetime) -> list[uuid.UUID] | None:
    """Customers that anything happened with since then, at most `AT_ONCE`; None when they are more, or all may be."""
    arranged = or_(*(Event.kind.like(pattern) for pattern in ARRANGED))
    if session.scalar(select(Event.id).where(Event.at >= since, arranged).limit(1)) is not None:
        return None
    ours = and_(Event.kind == GRADED, Event.member_id.is_(None))
    ids = select(Event.customer_id).where(Event.at >= since, Event.customer_id.is_not(None), not_(ours)).distinct().limit(AT_ONCE + 1)
    found = [key for key in session.scalars(ids) if key is not None]
    return found if len(found) <= AT_ONCE else None


def rescore_some(session: Session, ids: Sequence[uuid.UUID], day: Day, *, at: dt.datetime) -> Run:
    """One transaction: scores and grades of these customers and of their opportunities."""
    lock(session)
    run, cuts = Run(session, day, at), cuts_of(session, read_state(session))
    if ids:
        run.score(among_ids(ids), cuts)
        forget_closed(session, ids)
        run.grade(among_ids(ids), cuts)
    return run


def rescore_all(session: Session, day: Day, *, at: dt.datetime) -> Run:
    """For a small firm, in one transaction."""
    lock(session)
    state, run = read_state(session), Run(session, day, at)
    run.score(None, cuts_of(session, state))
    forget_strays(session)
    cuts = cuts_now(session, scheme_of(session, "customer").grading)
    run.grade(None, cuts)
    write_state(session, replace(state, cuts=cuts), at=at)
    return run


def stretches(session: Session, size: int = STRETCH) -> tuple[list[Among], int]:
    """All customers in stretches of their keys, and how many they are. The last stretch has no end: what is made meanwhile lies in it."""
    numbered = select(Customer.id, (func.row_number().over(order_by=Customer.id) - 1).label("place")).subquery()
    begins = list(session.scalars(select(numbered.c.id).where(numbered.c.place % size == 0).order_by(numbered.c.id)))
    total = session.scalar(select(func.count()).select_from(Customer)) or 0
    return [between(first, end) for first, end in zip(begins, [*begins[1:], None], strict=True)], total


def begin_stretch(session: Session) -> None:
    """Locks, and makes room: until the transaction ends."""
    lock(session)
    session.execute(select(func.set_config("work_mem", ROOM, True)))


def score_these(session: Session, ids: Sequence[uuid.UUID], zone: zoneinfo.ZoneInfo, *, at: dt.datetime) -> None:
    """For who has brought in many at once: here and now, or with everybody else as long work when they are too many for that."""
    if len(ids) > AT_ONCE:
        ask_for_all(session, at=at)
    else:
        rescore_some(session, ids, Day.of(at, zone), at=at)


def is_large(session: Session) -> bool:
    """More customers than a short worker should take on."""
    some = select(Customer.id).where(Customer.deleted_at.is_(None)).limit(AT_ONCE + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > AT_ONCE


def ask_for_all(session: Session, *, at: dt.datetime, member_id: uuid.UUID | None = None) -> Job:
    """All scores anew, as long work; one that waits already will do."""
    waiting = session.scalars(select(Job).where(Job.kind == JOB, Job.state == "waiting").limit(1)).one_or_none()
    return waiting or ask(session, JOB, {}, member_id=member_id, at=at)


def next_night(zone: zoneinfo.ZoneInfo, after: dt.datetime, key: str) -> dt.datetime:
    """The next two o'clock on the clocks of `zone`, and some minutes that differ by tenant. Where the clocks leap over it, right after the leap."""
    minutes = sum(key.encode()) % NIGHT_MINUTES
    today = after.astimezone(zone).date()
    for ahead in range(3):
        night = dt.datetime.combine(today + dt.timedelta(days=ahead), NIGHTFALL.replace(minute=minutes), zone).astimezone(dt.UTC)
        if night > after:
            return night
    raise AssertionError("a day has a night")


def plan_night(session: Session, zone: zoneinfo.ZoneInfo, *, at: dt.datetime) -> dt.datetime | None:
    """Rings for the next night unless that has been done. Returns when, if it was now that it was planned."""
    state = read_state(session)
    if state.night is not None and state.night > at:
        return None
    night = next_night(zone, at, session.info["plane"].name)
    write_state(session, replace(state, night=night), at=at)
    ring(session, NIGHT, night)
    return night


def night_due(session: Session) -> dt.datetime | None:
    """For the housekeeping: when this firm's night is due. A firm with customers that was never reckoned is due at once."""
    state = read_state(session)
    if state.night is not None:
        return state.night
    return LONG_AGO if session.scalar(select(Customer.id).limit(1)) is not None else None


def lock(session: Session) -> None:
    """One reckoning of a firm at a time, so that none overwrites what a later one saw."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("scores " + session.info["plane"].name, 0))))
