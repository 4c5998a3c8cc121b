"""A notification in words: under the bell, in a letter, in a group's bot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenants.reminders.reading import Notice
from web.jobs.kinds import label_of
from web.timeline.sentences import MEANS_ICONS
from web.ui.say import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Said:
    icon: str
    kind: str  # of the dot: "", good, wait, bad
    sentence: str


def say(notice: Notice) -> Said:
    """What was said about something that the member no longer sees is not told."""
    icon, kind, sentence = SENTENCES[notice.kind]
    if notice.is_hidden:
        return Said("hide", "quiet", gettext("About something that you no longer see"))
    if notice.kind == "plan.due" and notice.data.get("means"):
        icon = MEANS_ICONS.get(notice.data["means"], icon)
    return Said(icon, kind, sentence(notice))


def _due(notice: Notice) -> str:
    if notice.data.get("content"):
        return str(notice.data["content"])
    return gettext("It is time to contact %(customer)s", customer=notice.customer)


def _given_plan(notice: Notice) -> str:
    return gettext("%(by)s made a plan for you: %(content)s", by=notice.data.get("by", ""), content=notice.data.get("content", ""))


def _given_customers(notice: Notice) -> str:
    by, count = notice.data.get("by", ""), int(notice.data.get("count", 1))
    if notice.customer is not None:
        return gettext("%(by)s gave you the customer %(customer)s", by=by, customer=notice.customer)
    return ngettext("%(by)s gave you %(num)s customer", "%(by)s gave you %(num)s customers", count, by=by)


def _given_opportunity(notice: Notice) -> str:
    by, count = notice.data.get("by", ""), int(notice.data.get("count", 1))
    if notice.opportunity is not None:
        return gettext("%(by)s gave you the opportunity %(opportunity)s", by=by, opportunity=notice.opportunity)
    return ngettext("%(by)s gave you %(num)s opportunity", "%(by)s gave you %(num)s opportunities", count, by=by)


def _graded(notice: Notice) -> str:
    old, new = (notice.data.get("grade") or [None, None])[:2]
    if notice.customer is None:
        count = int(notice.data.get("count", 1))
        return ngettext("%(num)s customer of yours has another grade", "%(num)s customers of yours have another grade", count)
    return gettext("The grade of %(customer)s is now %(new)s (was %(old)s)", customer=notice.customer, new=new or "–", old=old or "–")


def _job(notice: Notice) -> str:
    name = label_of(str(notice.data.get("job", "")))
    return gettext("%(job)s: done", job=name) if notice.kind == "job.done" else gettext("%(job)s: failed", job=name)


def _support_asks(notice: Notice) -> str:
    return gettext("%(name)s of Zuke support asks to look in: %(reason)s", name=notice.data.get("name", ""), reason=notice.data.get("reason", ""))


def _support_looks_in(notice: Notice) -> str:
    name, reason = notice.data.get("name", ""), notice.data.get("reason", "")
    return gettext("%(name)s of Zuke support looks into your company: %(reason)s", name=name, reason=reason)


def _digest(notice: Notice) -> str:
    data = notice.data
    return gettext(
        "Today %(today)s, overdue %(overdue)s, forgotten %(forgotten)s",
        today=data.get("today", 0), overdue=data.get("overdue", 0), forgotten=data.get("forgotten", 0),
    )  # fmt: skip


SENTENCES: dict[str, tuple[str, str, Callable[[Notice], Any]]] = {
    "plan.due": ("time", "wait", _due),
    "plan.given": ("plan", "", _given_plan),
    "customer.assigned": ("customer", "", _given_customers),
    "opportunity.assigned": ("opportunity", "", _given_opportunity),
    "customer.graded": ("star", "", _graded),
    "job.done": ("check", "good", _job),
    "job.failed": ("bad", "bad", _job),
    "support.asked": ("shelter", "wait", _support_asks),
    "support.visited": ("shelter", "wait", _support_looks_in),
    "digest": ("workbench", "", _digest),
}
