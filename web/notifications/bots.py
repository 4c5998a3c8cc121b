"""设置 · 消息机器人: the firm's bots in WeCom, DingTalk or Feishu, and what each of them tells its group."""

import uuid
from dataclasses import replace
from typing import Any

from flask import abort, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from saas.identity.throttle import BOT_TEST, TooManyTries
from tenants.notifications import bots as kept
from tenants.notifications.bots import LABELS, Bot
from tenants.timeline.log import record
from tenants.values.ids import new_id
from web.notifications import groups
from web.notifications.forms import BotForm
from web.notifications.lines import test_message
from web.notifications.views import pages
from web.tries import count_of_company
from web.ui.htmx import form_again, leave, page, tell
from web.visit import here, permit
from web.webhook import Unreachable

MOST = 10


@pages.get("/settings/bots")
def bots() -> ResponseReturnValue:
    permit("settings.company")
    return page("notifications/bots.html", bots=kept.read(here().session), LABELS=LABELS, may_add=len(kept.read(here().session)) < MOST)


@pages.route("/settings/bots/new", methods=["GET", "POST"])
def new_bot() -> ResponseReturnValue:
    permit("settings.company")
    visit, form = here(), BotForm(None)
    if not form.validate_on_submit():
        return _form(form, None)
    if len(kept.read(visit.session)) >= MOST:
        tell(gettext("A company has %(most)s bots at most.", most=MOST), kind="bad")
        return leave(url_for(".bots"))
    bot = form.bot(str(new_id()))
    kept.put(visit.session, bot, at=visit.now)
    record(visit.session, "bot.added", by=visit.actor, at=visit.now, name=bot.name)
    tell(gettext("Saved. Send a test message to see whether it arrives."))
    return leave(url_for(".bots"))


@pages.route("/settings/bots/<uuid:bot_id>", methods=["GET", "POST"])
def bot(bot_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.company")
    visit, known = here(), _find(bot_id)
    form = BotForm(known)
    if not form.validate_on_submit():
        return _form(form, known)
    kept.put(visit.session, form.bot(known.id), at=visit.now)
    record(visit.session, "bot.changed", by=visit.actor, at=visit.now, name=form.name.data)
    tell(gettext("Saved."))
    return leave(url_for(".bots"))


@pages.post("/settings/bots/<uuid:bot_id>/test")
def bot_test(bot_id: uuid.UUID) -> ResponseReturnValue:
    """Sends a message now, and says what became of it."""
    permit("settings.company")
    visit, known = here(), _find(bot_id)
    try:
        count_of_company(BOT_TEST)
    except TooManyTries as many:
        tell(gettext(many.sentence, **many.params), kind="wait")
        return leave(url_for(".bots"))
    kept.lock(visit.session)
    if kept.may_speak(visit.session, known, at=visit.now):
        tell(gettext("This bot has sent as much as it may in a minute. Try again shortly."), kind="wait")
        return leave(url_for(".bots"))
    failure = _try(known)
    kept.put(visit.session, replace(known, failure=failure), at=visit.now)
    if failure:
        tell(gettext("The message did not arrive: %(why)s", why=gettext(failure)), kind="bad")
    else:
        tell(gettext("Sent. Look into the group."))
    return leave(url_for(".bots"))


@pages.post("/settings/bots/<uuid:bot_id>/removal")
def bot_removal(bot_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.company")
    visit, known = here(), _find(bot_id)
    kept.remove(visit.session, known.id, at=visit.now)
    record(visit.session, "bot.removed", by=visit.actor, at=visit.now, name=known.name)
    tell(gettext("The bot was taken away."))
    return leave(url_for(".bots"))


def _try(bot: Bot) -> str:
    """Why it failed; empty when it did not."""
    visit, sandbox = here(), current_app.extensions["settings"].bot_sandbox_url
    try:
        groups.send(bot, gettext("Zuke: test"), test_message(visit.tenant.name), at=visit.now.timestamp(), sandbox=sandbox)
    except (groups.Refused, Unreachable) as failure:
        return str(failure)
    return ""


def _find(bot_id: uuid.UUID) -> Bot:
    return next((bot for bot in kept.read(here().session) if bot.id == str(bot_id)), None) or abort(404)


def _form(form: BotForm, known: Bot | None) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "bot": known, "sandbox": current_app.extensions["settings"].bot_sandbox_url}
    return form_again("notifications/bot.html", **context) if form.is_submitted() else page("notifications/bot.html", **context)
