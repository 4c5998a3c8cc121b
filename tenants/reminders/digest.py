"""The morning's letter: what is due today, what is overdue, whom nobody has spoken to for long; for leaders also how their people stand."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.criteria import is_forgotten
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.insights.queries import Forgotten, Task, forgotten, tasks
from tenants.notifications.models import Notification, notification_id
from tenants.notifications.mornings import KIND, last_morning, next_morning
from tenants.notifications.notify import notify
from tenants.notifications.preferences import Preferences
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member
from tenants.team.scope import done_by, visible
from tenants.wall.session import current_tenant

# After that much of the day it is no morning any more: whose worker was away so long hears nothing until tomorrow.
GRACE = dt.timedelta(hours=4)
LOOKED_AT = 200  # tasks; who has more does not read them in a letter
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """A colleague's overdue plans."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Morning:
    """`forgotten` are the first few of `forgotten_count`; `team` is empty for who leads nobody."""

    today: list[Task]
    overdue: list[Task]
    forgotten: list[Forgotten]
    forgotten_count: int
    team: list[Behind]

    @property
    def is_empty(self) -> bool:
        return not (self.today or self.overdue or self.forgotten_count or self.team)


def morning(session: Session, actor: Actor, *, at: dt.datetime) -> Morning:
    """As it stands at `at`. Only what the actor sees."""
    day_starts = at.astimezone(current_tenant().zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    due = _seen(session, actor, tasks(session, actor, day_starts + dt.timedelta(days=1), limit=LOOKED_AT))
    neglected = (Customer.deleted_at.is_(None), done_by(Customer.owner_id, actor, "customer"), visible(Customer, actor), is_forgotten(day_starts))
    count = session.scalar(select(func.count()).select_from(Customer).where(*neglected)) or 0
    return Morning(
        today=[task for task in due if task.due_at >= day_starts],
        overdue=[task for task in due if task.due_at < day_starts],
        forgotten=forgotten(session, actor, day_starts, limit=SHOWN) if count else [],
        forgotten_count=count,
        team=_behind(session, actor, day_starts) if actor.is_leader else [],
    )


def greet(session: Session, *, at: dt.datetime) -> dt.datetime | None:
    """Tells everybody whose morning has come, each once a day; who has nothing to be told is left alone. Returns when the next morning comes."""
    zone = current_tenant().zone
    members = session.execute(
        select(Member.id, Member.person_id, Member.preferences).where(Member.deactivated_at.is_(None), Member.person_id.is_not(None))
    ).all()
    chosen = {row.id: Preferences.of(row.preferences) for row in members}
    up = {row.id: row.person_id for row in members if _is_up(chosen[row.id], at, zone)}
    key = f"digest:{at.astimezone(zone).date()}"
    for member_id in sorted(up.keys() - _greeted(session, up, key)):
        actor = find_actor(session, up[member_id])
        if actor is not None:
            _greet(session, actor, key, at)
    return next_due(chosen.values(), at, zone)


def next_due(chosen: Iterable[Preferences], at: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """Members who have chosen alike are asked once."""
    alike = {(one.digest_at, one.digest_every_day): one for one in chosen if one.channels(KIND)}
    return min((when for one in alike.values() if (when := next_morning(one, at, zone))), default=None)


def _greet(session: Session, actor: Actor, key: str, at: dt.datetime) -> None:
    now = morning(session, actor, at=at)
    if not now.is_empty:
        today, overdue = len(now.today), len(now.overdue)
        notify(session, [actor.id], KIND, key=key, at=at, today=today, overdue=overdue, forgotten=now.forgotten_count)


def _is_up(preferences: Preferences, at: dt.datetime, zone: dt.tzinfo) -> bool:
    came = last_morning(preferences, at, zone)
    return came is not None and at - came < GRACE


def _greeted(session: Session, members: Iterable[uuid.UUID], key: str) -> set[uuid.UUID]:
    ids = [notification_id(member, key) for member in members]
    return set(session.scalars(select(Notification.member_id).where(Notification.id.in_(ids))))


def _seen(session: Session, actor: Actor, due: Sequence[Task]) -> list[Task]:
    """Those at customers that the actor sees: a share may have ended since the plan was made."""
    ids = {task.customer_id for task in due}
    seen = set(session.scalars(select(Customer.id).where(Customer.id.in_(ids), visible(Customer, actor)))) if ids else set()
    return [task for task in due if task.customer_id in seen]


def _behind(session: Session, actor: Actor, day_starts: dt.datetime) -> list[Behind]:
    late = (Plan.done_at.is_(None), Plan.deleted_at.is_(None), Plan.due_at < day_starts)
    others = [member for member in actor.subordinates if member != actor.id]
    query = (
        select(Member.name, func.count())
        .join(Plan, Plan.member_id == Member.id)
        .join(Customer, Customer.id == Plan.customer_id)
        .where(*late, Member.id.in_(others), Member.deactivated_at.is_(None), Customer.deleted_at.is_(None), visible(Customer, actor))
        .group_by(Member.id)
        .order_by(func.count().desc(), Member.name)
        .limit(SHOWN)
    )
    return [Behind(name, count) for name, count in session.execute(query)]
