"""What reaches me: each colleague chooses for this company, by kind and channel, with quiet hours and the hour of the morning email."""

import datetime as dt
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from tenants.notifications import preferences as kept
from tenants.notifications.bells import DIGEST
from tenants.notifications.bots import SETTING, all_of
from tenants.notifications.kinds import CHANNELS, CHOOSABLE, KINDS, Channel
from tenants.notifications.preferences import Preferences
from tenants.notifications.quiet import Quiet
from tenants.wall.bells import ring
from tenants.workspace import settings
from web.notifications.forms import PreferencesForm
from web.notifications.views import pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import here

NIGHT = Quiet(dt.time(22), dt.time(7))  # offered to whoever has none
CHANNEL_LABELS = {"app": _l("Bell"), "mail": _l("Email"), "bot": _l("Group bot")}
CHANNEL_ICONS = {"app": "bell", "mail": "mail", "bot": "message"}


@pages.route("/notifications/preferences", methods=["GET", "POST"])
def preferences() -> ResponseReturnValue:
    visit, form = here(), PreferencesForm()
    chosen = kept.read(visit.session, visit.actor.id)
    has_bot = bool(all_of(settings.read(visit.session, SETTING)))
    if not form.is_submitted():
        _fill(form, chosen)
        return page("notifications/preferences.html", form=form, **_context(chosen, has_bot=has_bot))
    wanted = _chosen(chosen, has_bot=has_bot)
    if not form.validate():
        shown = Preferences(wanted, chosen.quiet, chosen.digest_at, chosen.digest_every_day)
        return form_again("notifications/preferences.html", form=form, **_context(shown, has_bot=has_bot))
    quiet = Quiet(form.quiet_from.data, form.quiet_to.data) if form.quiet_on.data else None
    kept.write(visit.session, visit.actor.id, Preferences(wanted, quiet, form.digest_at.data, form.digest_every_day.data))
    ring(visit.session, DIGEST, visit.now)  # the next morning may come sooner now
    tell(gettext("Saved."))
    return leave(url_for(".preferences"))


def possible(kind: str) -> tuple[Channel, ...]:
    """The morning email is an email; a group hears only what is meant for groups."""
    if kind == "digest":
        return ("app", "mail")
    return CHANNELS if "bot" in KINDS[kind].channels else ("app", "mail")


def _chosen(before: Preferences, *, has_bot: bool) -> dict[str, frozenset[Channel]]:
    """The ticks. While the firm has no bot nothing is asked about it, and nothing forgotten."""
    ticked = set(request.form.getlist("channel"))
    chosen = {}
    for kind in CHOOSABLE:
        channels = {channel for channel in possible(kind) if f"{kind}:{channel}" in ticked}
        if not has_bot:
            channels = (channels - {"bot"}) | (before.channels(kind) & {"bot"})
        chosen[kind] = frozenset(channels)
    return chosen


def _fill(form: PreferencesForm, chosen: Preferences) -> None:
    night = chosen.quiet or NIGHT
    form.quiet_on.data = chosen.quiet is not None
    form.quiet_from.data, form.quiet_to.data = night.start, night.end
    form.digest_at.data, form.digest_every_day.data = chosen.digest_at, chosen.digest_every_day


def _context(preferences: Preferences, *, has_bot: bool) -> dict[str, Any]:
    return {
        "preferences": preferences,
        "channels": CHANNELS if has_bot else ("app", "mail"),
        "possible": possible,
        "zone": here().tenant.timezone,
        "mail_confirmed": g.visitor.mail_confirmed,
        "CHANNEL_LABELS": CHANNEL_LABELS,
        "CHANNEL_ICONS": CHANNEL_ICONS,
        "KINDS": CHOOSABLE,
    }
