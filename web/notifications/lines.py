"""A notification as one line in a group: for whom, what, about whom, and where it is."""

from tenants.reminders.reading import Notice
from tenants.wall.tenant import Tenant
from web.mail import public_url
from web.notifications.groups import tidy
from web.notifications.sentences import say
from web.ui.say import gettext, ngettext


def line(notice: Notice, name: str, tenant: Tenant) -> str:
    said = tidy(say(notice).sentence)
    about = f" ({tidy(notice.customer)})" if notice.customer and notice.customer not in say(notice).sentence else ""
    at = f"{notice.at.astimezone(tenant.zone):%H:%M} " if notice.kind == "plan.due" else ""
    address, look = public_url("notifications.show", slug=tenant.slug, notification_id=notice.id), gettext("Look at it")
    return f"- {at}**{tidy(name)}** {said}{about} [{look}]({address})"


def title(count: int) -> str:
    return ngettext("Zuke: %(num)s reminder", "Zuke: %(num)s reminders", count)


def more(count: int) -> str:
    return ngettext("… and %(num)s more in Zuke", "… and %(num)s more in Zuke", count)


def test_message(company: str) -> str:
    return gettext("This is a test message from Zuke for %(company)s. Reminders will arrive here.", company=tidy(company))
