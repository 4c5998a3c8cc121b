"""Furnishing a company with sample data."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer, Evaluation
from tenants.demo.chinese import CHINESE
from tenants.demo.company import sample_customers
from tenants.demo.english import ENGLISH
from tenants.demo.history import grade, hand_over
from tenants.demo.hours import Hours
from tenants.demo.ledger import Ledger
from tenants.demo.past_imports import write_past_imports
from tenants.demo.staff import move_in
from tenants.demo.vocabulary import Vocabulary
from tenants.notifications.bells import REMINDERS
from tenants.scoring.keeping import score_these
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring
from tenants.workspace.numbers import next_numbers

CUSTOMERS = 300
AT_ONCE = 1000  # customers that are made before they are written


class AlreadyFurnished(Refusal):
    sentence = N_("There is sample data here already. Remove it first.")


@dataclass(frozen=True, slots=True)
class Furnished:
    """`members`: the colleagues by their keys, and "boss"."""

    customers: int
    members: dict[str, uuid.UUID]


def vocabulary(locale: str) -> Vocabulary:
    return CHINESE if locale.startswith("zh") else ENGLISH


def _score(session: Session, zone: zoneinfo.ZoneInfo, at: dt.datetime) -> None:
    """The rules grade whom nobody has evaluated."""
    evaluated = select(Evaluation.id).where(Evaluation.customer_id == Customer.id)
    free = update(Customer).where(Customer.sample, ~evaluated.exists()).values(grade=None)
    session.execute(free.execution_options(synchronize_session=False))
    score_these(session, session.scalars(select(Customer.id).where(Customer.sample)).all(), zone, at=at)


def is_furnished(session: Session) -> bool:
    return session.scalar(select(Customer.id).where(Customer.sample).limit(1)) is not None


def furnish(
    session: Session,
    *,
    locale: str,
    zone: zoneinfo.ZoneInfo,
    by: Actor,
    at: dt.datetime,
    people: Mapping[str, uuid.UUID] | None = None,
    count: int = CUSTOMERS,
    seed: int = 7,
    is_sample: bool = True,
) -> Furnished:
    """A year of a trading firm, up to `at`, in the language of `locale`; `by` is its boss. Raises `AlreadyFurnished`.

    `people`: keys of colleagues -> persons of the landlord's, who can then sign in as them.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(func.concat(func.current_schema(), ":sample")))))
    if is_furnished(session):
        raise AlreadyFurnished
    words = vocabulary(locale)
    house = move_in(session, words, by=by, at=at, people=people or {})
    ledger, now = Ledger(session, house, is_sample=is_sample), at.astimezone(zone)
    rng = Random(seed)  # noqa: S311 - sample data
    hours = Hours(now, chinese=words.chats)
    customers = sample_customers(words, seed=seed, now=now, count=count)
    while batch := list(islice(customers, AT_ONCE)):
        batch.sort(key=lambda customer: customer.created_at)
        ids = ledger.enter(batch, next_numbers(session, "customer", len(batch), prefix="C"))
        grade(ledger, batch, ids, now)
        hand_over(ledger, batch, ids, hours, rng)
        ledger.write()
    if is_sample:
        write_past_imports(session, words, house.members, at=at)
    record(session, "sample.furnished", by=by, at=at, customers=count)
    session.flush()
    session.expire_all()
    _score(session, zone, at)
    ring(session, REMINDERS, at)  # plans were written past the verbs
    return Furnished(count, house.members)
