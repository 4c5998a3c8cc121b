"""From a notification to the promises of its messages: by mail and to the company's bots, each once."""

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tenants.notifications.bots import PROMISE, for_kind
from tenants.notifications.preferences import Preferences
from tenants.wall import outbox
from tenants.wall.outbox import Wanted
from tenants.wall.session import current_tenant

MAIL, BOT = "notice.mail", PROMISE  # kinds of promises


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that has just been made, of a member with these preferences."""

    id: uuid.UUID
    member_id: uuid.UUID
    kind: str
    preferences: Preferences


def send(session: Session, told: Sequence[Told], bots: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Promises what the members want to have sent: all that is due at one moment for one member in one mail. `bots`: the firm's setting."""
    mails: dict[tuple[uuid.UUID, dt.datetime], list[str]] = defaultdict(list)
    messages: dict[tuple[str, dt.datetime], list[str]] = defaultdict(list)
    zone = current_tenant().zone
    for one in told:
        channels, due_at = one.preferences.channels(one.kind), one.preferences.loud_at(at, zone)
        if "mail" in channels:
            mails[one.member_id, due_at].append(str(one.id))
        if "bot" in channels:
            for bot in for_kind(bots, one.kind):
                messages[bot.id, due_at].append(str(one.id))
    letters = [({"member": str(member), "notifications": ids}, due_at) for (member, due_at), ids in mails.items()]
    _promise(session, MAIL, letters, at=at)
    _promise(session, BOT, [({"bot": bot, "notifications": ids}, due_at) for (bot, due_at), ids in messages.items()], at=at)


def _promise(session: Session, kind: str, wanted: Sequence[tuple[dict[str, Any], dt.datetime]], *, at: dt.datetime) -> None:
    """What is sent now follows from its first notification. What waits for the end of quiet hours joins what waits already."""
    outbox.promise_all(session, kind, [Wanted(_key(kind, payload), payload, due_at) for payload, due_at in wanted if due_at <= at], at=at)
    for payload, due_at in wanted:
        if due_at > at:
            whose = payload.get("member") or payload["bot"]
            joined = Wanted(_id(f"{whose}:{kind}:{due_at.isoformat()}"), payload, due_at)
            if not outbox.join(session, kind, joined, "notifications", at=at):
                outbox.promise_all(session, kind, [Wanted(_key(kind, payload), payload, due_at)], at=at)


def _key(kind: str, payload: Mapping[str, Any]) -> uuid.UUID:
    return _id(f"{payload.get('bot', '')}{payload['notifications'][0]}:{kind}")


def _id(words: str) -> uuid.UUID:
    return uuid.UUID(hashlib.sha256(words.encode()).hexdigest()[:32])
