"""The firm's bots in WeCom, DingTalk or Feishu: where messages go to everybody in a group. Kept as the setting "bots"."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tenants.notifications.kinds import KINDS
from tenants.values.words import N_
from tenants.wall.models import Outbox
from tenants.workspace import settings

SETTING = "bots"
SPOKEN = "bots.spoken"  # the setting that remembers when each has sent something in the last minute
PROMISE = "notice.bot"  # the kind of promise
MINUTE = dt.timedelta(minutes=1)
Brand = Literal["wecom", "dingtalk", "feishu"]
BRANDS: tuple[Brand, ...] = get_args(Brand)
LABELS: dict[str, str] = {"wecom": N_("WeCom"), "dingtalk": N_("DingTalk"), "feishu": N_("Feishu")}
# Messages a minute that its makers allow, less a few: others may use the same bot.
A_MINUTE: dict[str, int] = {"wecom": 18, "dingtalk": 18, "feishu": 90}
# What a group of colleagues may hear; nobody's morning digest.
FOR_GROUPS = tuple(kind for kind, about in KINDS.items() if "bot" in about.channels)


@dataclass(frozen=True, slots=True)
class Bot:
    """`url` is its webhook's address, a secret like a password; `secret` signs messages (DingTalk, Feishu). `failure`: why the last one failed."""

    id: str
    brand: str
    name: str
    url: str
    secret: str = ""
    kinds: tuple[str, ...] = FOR_GROUPS
    is_on: bool = True
    failure: str = ""

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        return cls(**{**words, "kinds": tuple(words.get("kinds", ()))})

    def as_words(self) -> dict[str, Any]:
        return asdict(self) | {"kinds": list(self.kinds)}


def all_of(setting: Mapping[str, Any]) -> list[Bot]:
    return [Bot.of(words) for words in setting.get("bots", [])]


def for_kind(setting: Mapping[str, Any], kind: str) -> Iterator[Bot]:
    """The bots that are to hear about it."""
    return (bot for bot in all_of(setting) if bot.is_on and kind in bot.kinds)


def read(session: Session) -> list[Bot]:
    return all_of(settings.read(session, SETTING))


def write(session: Session, bots: Sequence[Bot], *, at: dt.datetime) -> None:
    settings.write(session, SETTING, {"bots": [bot.as_words() for bot in bots]}, at=at)


def put(session: Session, bot: Bot, *, at: dt.datetime) -> None:
    """In the place of the one with its id, or after all others. Of two who do so at once, each keeps what the other wrote."""
    lock(session)
    others = read(session)
    places = [index for index, other in enumerate(others) if other.id == bot.id]
    write(session, [bot if other.id == bot.id else other for other in others] if places else [*others, bot], at=at)


def remove(session: Session, bot_id: str, *, at: dt.datetime) -> None:
    lock(session)
    write(session, [bot for bot in read(session) if bot.id != bot_id], at=at)


def lock(session: Session) -> None:
    """One at a time looks after the bots of a firm, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bots " + session.info["plane"].name, 0))))
    session.expire_all()


def may_speak(session: Session, bot: Bot, *, at: dt.datetime) -> dt.datetime | None:
    """Takes one of the messages that it may send in a minute: None, or the moment at which it may again. Call it under `lock`."""
    spoken = settings.read(session, SPOKEN)
    lately = [words for words in spoken.get(bot.id, []) if at - MINUTE < dt.datetime.fromisoformat(words) <= at]
    if len(lately) >= A_MINUTE[bot.brand]:
        return dt.datetime.fromisoformat(lately[-A_MINUTE[bot.brand]]) + MINUTE
    settings.write(session, SPOKEN, {**spoken, bot.id: [*lately, at.isoformat()]}, at=at)
    return None


def waiting(session: Session, *, at: dt.datetime) -> list[str]:
    """The ids of bots for which messages are due."""
    due = (Outbox.kind == PROMISE, Outbox.done_at.is_(None), Outbox.failed_at.is_(None), Outbox.due_at <= at)
    bot = Outbox.payload["bot"].astext
    return list(session.scalars(select(bot).where(*due, or_(Outbox.leased_until.is_(None), Outbox.leased_until <= at)).distinct().order_by(bot)))
