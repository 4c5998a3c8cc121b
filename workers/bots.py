"""Messages to the firm's bots. What waits for one bot goes out as one message, so that few are enough, and never more than its makers allow."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tenants.notifications import bots
from tenants.notifications.bots import Bot
from tenants.notifications.models import Notification
from tenants.reminders.reading import Notice, notices_by_id
from tenants.team.actor import find_actor
from tenants.team.models import Member
from tenants.wall import outbox
from tenants.wall.models import Outbox
from tenants.wall.outbox import Promise
from tenants.wall.tenant import Tenant
from web.notifications import groups
from web.notifications.lines import line, more, title
from web.webhook import Unreachable
from workers.letters import is_worth_telling, speaking
from workers.tenancy import Ring, now

log = structlog.get_logger()

AT_ONCE = 50  # promises that go into one message


def deliver(ring: Ring) -> bool:
    """Everything that is due for any of the firm's bots, as far as they may speak now. False: something was put off, or given up."""
    went_well = True
    while ring.tenant is not None and (taken := _take(ring)):
        bot, promised = taken
        if promised:
            went_well &= _tell(ring, ring.tenant, bot, promised)
    return went_well


def _take(ring: Ring) -> tuple[Bot, list[Promise]] | None:
    """The next bot that may speak, and what it is to say. Whoever may not speak yet waits until then."""
    at = now()
    with ring.session() as session:
        bots.lock(session)
        known = {bot.id: bot for bot in bots.read(session)}
        for bot_id in bots.waiting(session, at=at):
            bot = known.get(bot_id)
            if bot is None or not bot.is_on:
                _forget(session, bot_id, at)
            elif until := bots.may_speak(session, bot, at=at):
                outbox.wait(session, *_for(bot_id), until=until, at=at)
            else:
                return bot, outbox.lease(session, *_for(bot_id), at=at, most=AT_ONCE)
    return None


def _for(bot_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Outbox.kind == bots.PROMISE, Outbox.payload["bot"].astext == bot_id


def _forget(session: Session, bot_id: str, at: dt.datetime) -> None:
    """The bot was taken away or switched off."""
    while promised := outbox.lease(session, *_for(bot_id), at=at, most=AT_ONCE):
        for one in promised:
            outbox.keep(session, one, at=at)


def _tell(ring: Ring, tenant: Tenant, bot: Bot, promised: Sequence[Promise]) -> bool:
    """As workers.promises does a letter: the transaction is open before the bot is asked, and the rows are locked."""
    with ring.session() as session:
        ours = [one for one in promised if outbox.is_ours(session, one)]
        settings = ring.house.settings
        try:
            with speaking(settings, tenant.locale):
                lines = [line(notice, name, tenant) for notice, name in _notices(session, ours)]
                if lines:
                    text = groups.coalesce(title(len(lines)), lines, more)
                    groups.send(bot, title(len(lines)), text, at=now().timestamp(), sandbox=settings.bot_sandbox_url)
        except (groups.Refused, Unreachable) as failure:
            session.rollback()
            _failed(session, bot, ours, failure)
            return False
        for one in ours:
            outbox.keep(session, one, at=now())
        if bot.failure and lines:
            _note(session, bot, "")
    return True


def _notices(session: Session, promised: Sequence[Promise]) -> list[tuple[Notice, str]]:
    """With the name of whom each is for. Each is read as its member sees it; what was done meanwhile is no news."""
    ids = [uuid.UUID(key) for one in promised for key in one.payload["notifications"]]
    of = (Notification.id.in_(ids), Notification.member_id == Member.id, Member.deactivated_at.is_(None))
    whose: dict[uuid.UUID, tuple[Any, str]] = {}
    wanted: dict[uuid.UUID, list[uuid.UUID]] = {}
    for key, member_id, person_id, name in session.execute(select(Notification.id, Member.id, Member.person_id, Member.name).where(*of)):
        whose[member_id] = (person_id, name)
        wanted.setdefault(member_id, []).append(key)
    found: list[tuple[Notice, str]] = []
    for member_id, (person_id, name) in whose.items():
        actor = find_actor(session, person_id)
        if actor is not None:
            found += [(notice, name) for notice in notices_by_id(session, actor, wanted[member_id]) if is_worth_telling(notice)]
    return sorted(found, key=lambda pair: pair[0].at)


def _failed(session: Session, bot: Bot, promised: Sequence[Promise], failure: groups.Refused | Unreachable) -> None:
    """Too often: in a minute, and it was no attempt. Else as any promise; the settings page says why."""
    at, why = now(), str(failure)
    log.warning("bot not told", tenant=session.info["plane"].name, bot=bot.id, brand=bot.brand, why=why)
    is_too_often = isinstance(failure, groups.Refused) and failure.too_often
    is_hopeless = isinstance(failure, groups.Refused) and failure.hopeless
    for one in promised:
        if is_too_often:
            outbox.give_back(session, one, due_at=at + bots.MINUTE)
        else:
            outbox.put_off(session, one, at=at, why=why, hopeless=is_hopeless or one.attempts > 3)
    if not is_too_often:
        _note(session, bot, why)


def _note(session: Session, bot: Bot, why: str) -> None:
    bots.lock(session)
    known = {one.id: one for one in bots.read(session)}
    if bot.id in known and known[bot.id].failure != why:
        bots.put(session, replace(known[bot.id], failure=why), at=now())
