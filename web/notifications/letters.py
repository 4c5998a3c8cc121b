"""Notifications as a letter. Written by a worker, in the reader's language and the company's time zone."""

import datetime as dt
from collections.abc import Sequence

from tenants.reminders.reading import Notice
from tenants.wall.tenant import Tenant
from web.mail import Letter, Line, public_url
from web.notifications.sentences import say
from web.ui.say import gettext, ngettext

LONGEST_SUBJECT = 60  # characters of what people typed


def letter(notices: Sequence[Notice], tenant: Tenant, *, now: dt.datetime) -> Letter:
    """About one thing or several; `notices` are not empty."""
    if len(notices) == 1:
        way = gettext("Open it in Zuke"), public_url("notifications.show", slug=tenant.slug, notification_id=notices[0].id)
    else:
        way = gettext("See all notifications"), public_url("notifications.index", slug=tenant.slug)
    return Letter(_subject(notices), (), way, lists=(("", tuple(_line(notice, tenant, now) for notice in notices)),), foot=foot(tenant))


def foot(tenant: Tenant) -> tuple[str, str]:
    why = gettext("You get this email because you work at %(company)s with Zuke.", company=tenant.name)
    return why, public_url("notifications.preferences", slug=tenant.slug)


def _subject(notices: Sequence[Notice]) -> str:
    first = notices[0]
    if len(notices) > 1:
        if all(notice.kind == "plan.due" for notice in notices):
            return ngettext("%(num)s thing is due", "%(num)s things are due", len(notices))
        return ngettext("%(num)s notification", "%(num)s notifications", len(notices))
    sentence = _short(say(first).sentence)
    if first.kind != "plan.due" or "content" not in first.data:
        return sentence
    return gettext("Due now: %(plan)s (%(customer)s)", plan=sentence, customer=_short(first.customer or ""))


def _line(notice: Notice, tenant: Tenant, now: dt.datetime) -> Line:
    at = notice.at.astimezone(tenant.zone)
    when = f"{at:%H:%M}" if at.date() == now.astimezone(tenant.zone).date() else f"{at:%Y-%m-%d %H:%M}"
    beside = [when, *(name for name in (notice.customer, notice.opportunity) if name)]
    return Line(say(notice).sentence, " · ".join(beside), public_url("notifications.show", slug=tenant.slug, notification_id=notice.id))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_SUBJECT else words[: LONGEST_SUBJECT - 1] + "…"
