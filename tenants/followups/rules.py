"""When a customer is to be spoken to next, and whose words a follow-up is. Pure."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tenants.team.actor import Actor

MORNING = dt.time(9)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the last follow-up said: it happened at `made_at`, and the next contact was to be at `due_at`."""

    made_at: dt.datetime
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan that was done."""

    due_at: dt.datetime
    done_at: dt.datetime


def next_contact(open_plans: Iterable[dt.datetime], promise: Promise | None, kept: Collection[Kept] = ()) -> dt.datetime | None:
    """The earliest of the open plans and of what the last follow-up promised, unless a plan that was done since has settled the promise."""
    waiting = list(open_plans)
    if promise and not is_settled(promise, kept):
        waiting.append(promise.due_at)
    return min(waiting, default=None)


def is_settled(promise: Promise, kept: Iterable[Kept]) -> bool:
    """A promised contact is settled by a plan done after the promise was made, if it was due, or done, when the contact was or later."""
    return any(plan.done_at >= promise.made_at and max(plan.due_at, plan.done_at) >= promise.due_at for plan in kept)


def soon(today: dt.date, zone: dt.tzinfo) -> dict[str, dt.datetime]:
    """The quick choices of a next contact, each at nine in the morning: tomorrow, in three days, next Monday."""
    days = {"tomorrow": 1, "three_days": 3, "monday": 7 - today.weekday()}
    return {name: dt.datetime.combine(today + dt.timedelta(days=ahead), MORNING, zone).astimezone(dt.UTC) for name, ahead in days.items()}


def may_change(author_id: uuid.UUID | None, actor: Actor) -> bool:
    """A follow-up is its author's word: it is changed by the author, by who leads the author, and by who looks after the whole firm."""
    if author_id is not None and author_id in actor.subordinates:  # the actor is among them
        return True
    return actor.scope("customer") == "all" and actor.may("followup.delete")
