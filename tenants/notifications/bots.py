"""The firm's bots in WeCom, DingTalk or Feishu: where messages go to everybody in a group. Kept as the setting "bots"."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from tenants.notifications.kinds import KINDS
from tenants.values.words import N_

SETTING = "bots"
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


def new_bot_id() -> str:
    return uuid.uuid4().hex[:12]
