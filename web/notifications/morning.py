"""The morning's letter. Written by a worker, in the reader's language and the company's time zone."""

import datetime as dt
from collections.abc import Sequence

from tenants.insights.queries import Task
from tenants.reminders.digest import SHOWN, Morning
from tenants.wall.tenant import Tenant
from web.mail import Letter, Line, public_url
from web.notifications.letters import foot
from web.ui.days import full_day
from web.ui.say import gettext, ngettext

Part = tuple[str, tuple[Line, ...]]


def letter(morning: Morning, tenant: Tenant, name: str, *, now: dt.datetime) -> Letter:
    local = now.astimezone(tenant.zone)
    parts = (
        _tasks(gettext("Due today"), morning.today, tenant, local),
        _tasks(gettext("Overdue"), morning.overdue, tenant, local),
        _forgotten(morning, tenant, local),
        _team(morning, tenant),
    )
    return Letter(
        _subject(morning),
        (gettext("Good morning, %(name)s. This is your day, %(day)s.", name=name, day=full_day(local.date())),),
        (gettext("To the workbench"), public_url("workbench.show", slug=tenant.slug)),
        lists=tuple(part for part in parts if part[1]),
        foot=foot(tenant),
    )


def _subject(morning: Morning) -> str:
    today, overdue = len(morning.today), len(morning.overdue)
    told = [gettext("%(num)s due today", num=today)] * bool(today) + [gettext("%(num)s overdue", num=overdue)] * bool(overdue)
    if not told and morning.forgotten_count:
        told = [ngettext("%(num)s forgotten customer", "%(num)s forgotten customers", morning.forgotten_count)]
    return gettext("Your day: %(what)s", what=gettext(", ").join(told) if told else gettext("how your team stands"))


def _tasks(heading: str, tasks: Sequence[Task], tenant: Tenant, local: dt.datetime) -> Part:
    lines = [_task(task, tenant, local) for task in tasks[:SHOWN]]
    return heading, (*lines, *_more(len(tasks), public_url("plans.index", slug=tenant.slug)))


def _task(task: Task, tenant: Tenant, local: dt.datetime) -> Line:
    at = task.due_at.astimezone(tenant.zone)
    when = f"{at:%H:%M}" if at.date() == local.date() else f"{at:%Y-%m-%d}"
    what = task.content or gettext("It is time to contact %(customer)s", customer=task.customer)
    anchor = f"plan-{task.plan_id}" if task.plan_id else None
    return Line(what, f"{when} · {task.customer}", public_url("customers.show", slug=tenant.slug, customer_id=task.customer_id, _anchor=anchor))


def _forgotten(morning: Morning, tenant: Tenant, local: dt.datetime) -> Part:
    def line(customer_id: object, name: str, owner: str | None, days: int) -> Line:
        silent = ngettext("silent for %(num)s day", "silent for %(num)s days", days)
        return Line(
            name, " · ".join(word for word in (silent, owner) if word), public_url("customers.show", slug=tenant.slug, customer_id=customer_id)
        )

    lines = [line(one.id, one.name, one.owner, one.days(local)) for one in morning.forgotten]
    more = _more(morning.forgotten_count, public_url("customers.index", slug=tenant.slug, forgotten="1"))
    return gettext("Forgotten customers"), (*lines, *more)


def _team(morning: Morning, tenant: Tenant) -> Part:
    lines = [Line(ngettext("%(name)s: %(num)s plan overdue", "%(name)s: %(num)s plans overdue", one.count, name=one.name)) for one in morning.team]
    more = (Line(gettext("All plans of my team"), "", public_url("plans.index", slug=tenant.slug, whose="team")),) if lines else ()
    return gettext("My team"), (*lines, *more)


def _more(count: int, address: str) -> tuple[Line, ...]:
    if count <= SHOWN:
        return ()
    return (Line(ngettext("and %(num)s more", "and %(num)s more", count - SHOWN), "", address),)
