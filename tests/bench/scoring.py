"""Rescoring everybody of the large company, over one UPDATE of the same rows of the same table.

Ours is what the heavy worker does: the rules reckoned anew for every customer (base moved by one point, so that every score is another), stretch by
stretch, and the grades looked at. The floor is `UPDATE scores SET score = …, at = …` of all customers in one statement. Both are rolled back, so
that every round finds the same rows; a CHECKPOINT and a VACUUM between rounds are nobody's time.
"""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from tenants.scoring import keeping
from tenants.scoring.defaults import default_scheme
from tenants.scoring.grades import regrade
from tenants.scoring.reckoning import Crossed, rescore
from tenants.scoring.sources import Day
from tenants.wall.session import inside
from tests.bench.house import House
from tests.bench.interleave import Figure, clocked, figure
from tests.bench.say import say

GOAL = 3.0
MOST_ROUNDS = 7
PLAIN = text("UPDATE scores SET score = 100 - score, at = :at WHERE kind = 'customer'")
BOTH_ENDS = text("SELECT count(*), count(*) FILTER (WHERE score IN (0, 100)) FROM scores WHERE kind = 'customer'")


def measure(house: House, *, rounds: int) -> list[Figure]:
    at = dt.datetime.now(dt.UTC)
    day = Day.of(at, house.large.zone)
    with inside(house.large, house.engine, timeout=0) as session:
        say(f"first scores: {clocked(lambda: _everybody(session, day, at, 0)):.1f} s")
    with inside(house.large, house.engine) as session:
        number, ends = session.execute(BOTH_ENDS).one()
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(min(rounds, MOST_ROUNDS) + 1):
        for which in (0, 1) if turn % 2 else (1, 0):
            _settle(house)
            with inside(house.large, house.engine, timeout=0) as session:
                took = _one(session, day, at, is_floor=bool(which))
                session.rollback()
            if turn:
                (floor if which else ours).append(took)
        say(f"round {turn}: ours {ours[-1] if ours else 0:.2f} s, floor {floor[-1] if floor else 0:.2f} s")
    note = f"{number:,} customers, {ends:,} of them at 0 or 100; scores and grades of customers, {keeping.STRETCH:,} at a time"
    return [figure("rescoring everybody", (ours, floor), goal=GOAL, note=note)]


def _one(session: Session, day: Day, at: dt.datetime, *, is_floor: bool) -> float:
    return clocked(lambda: session.execute(PLAIN, {"at": at}) if is_floor else _everybody(session, day, at, 1))


def _everybody(session: Session, day: Day, at: dt.datetime, more: int) -> int:
    """As workers.scores.rescore does it for customers; opportunities are scored by the same code and are not rows of the floor."""
    scheme: Any = default_scheme("customer")
    scheme = replace(scheme, base=scheme.base + more)
    cuts, written = scheme.grading.cuts, 0
    parts, _ = keeping.stretches(session)
    keeping.begin_stretch(session)
    crossed: dict[uuid.UUID, Crossed] = {}
    for part in parts:
        done = rescore(session, scheme, day, at=at, among=part, cuts=cuts)
        written += done.written
        crossed |= {one.id: one for one in done.crossed}
    for part in parts:
        regrade(session, scheme, cuts, day, at=at, among=part, crossed=crossed)
    return written


def _settle(house: House) -> None:
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        admin.execute(f"VACUUM {house.large.key}.scores")
        admin.execute("CHECKPOINT")
