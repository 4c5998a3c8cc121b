"""How bots are spoken to: WeCom, DingTalk, Feishu. They answer 200 to everything; what became of a message stands in the answer."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote_plus, urlsplit

from tenants.notifications.bots import Bot
from tenants.values.words import N_
from web.webhook import is_sandbox, post_json

HOSTS: dict[str, tuple[str, ...]] = {
    "wecom": ("qyapi.weixin.qq.com",),
    "dingtalk": ("oapi.dingtalk.com",),
    "feishu": ("open.feishu.cn", "open.larksuite.com"),
}
PATHS = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send", "feishu": "/open-apis/bot/"}
TOO_OFTEN = {"wecom": {45009}, "dingtalk": {90030, 130101, 410100}, "feishu": {9499, 11232, 230020}}
# No such bot, a wrong signature, a word that the bot demands: trying again does not help.
HOPELESS = {"wecom": {93000, 40008}, "dingtalk": {300001, 300005, 310000, 400013}, "feishu": {19001, 19021, 19022, 19024}}
LONGEST = 3500  # bytes of a message: WeCom takes 4,096
# Signs that mean something in one of the three dialects: what people typed must mention nobody, and be no link.
HARMLESS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "｀", "*": "＊", "@": "＠", "#": "＃", "_": "＿", "~": "～"})


class Refused(Exception):
    """The bot did not take the message. `again`: it came too often, another time it will."""

    def __init__(self, why: str, *, too_often: bool = False, hopeless: bool = False) -> None:
        super().__init__(why)
        self.too_often, self.hopeless = too_often, hopeless


def is_theirs(brand: str, url: str, sandbox: str | None) -> bool:
    """Whether this is the address of such a bot: nothing else is ever asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if is_sandbox(parts, sandbox):
        return parts.path.startswith(PATHS[brand])
    is_plain = parts.scheme == "https" and parts.hostname in HOSTS[brand] and port in (None, 443) and parts.username is None
    return is_plain and parts.path.startswith(PATHS[brand])


def tidy(words: str) -> str:
    """What people typed, as plain words in one line."""
    return " ".join(words.split()).translate(HARMLESS)


def coalesce(title: str, lines: Sequence[str], more: Callable[[int], str]) -> str:
    """One message of many lines; `more` says how many did not fit."""
    text, kept = f"**{title}**", 0
    for line in lines:
        if len(f"{text}\n{line}\n{more(len(lines))}".encode()) > LONGEST:
            break
        text, kept = f"{text}\n{line}", kept + 1
    return text if kept == len(lines) else f"{text}\n{more(len(lines) - kept)}"


def send(bot: Bot, title: str, text: str, *, at: float, sandbox: str | None = None) -> None:
    """`at`: now, in seconds of Unix. Raises `Refused`, or `Unreachable`."""
    if not is_theirs(bot.brand, bot.url, sandbox):
        raise Refused(N_("this is no address of such a bot"), hopeless=True)
    url, body = _message(bot, title, text, at)
    answer = post_json(url, body, sandbox=sandbox)
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    if code != 0:
        why = f"{code}: {answer.get('errmsg') or answer.get('msg') or ''}"[:200]
        raise Refused(why, too_often=code in TOO_OFTEN[bot.brand], hopeless=code in HOPELESS[bot.brand])


def _message(bot: Bot, title: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    if bot.brand == "wecom":
        return bot.url, {"msgtype": "markdown", "markdown": {"content": text}}
    if bot.brand == "dingtalk":
        # Two blanks before the end of a line make DingTalk begin a new one.
        return _signed(bot, at), {"msgtype": "markdown", "markdown": {"title": title, "text": text.replace("\n", "  \n")}}
    card = {"header": {"title": {"tag": "plain_text", "content": title}}, "elements": [{"tag": "markdown", "content": text}]}
    body: dict[str, Any] = {"msg_type": "interactive", "card": card}
    if bot.secret:
        seconds = str(int(at))
        body |= {"timestamp": seconds, "sign": signature(f"{seconds}\n{bot.secret}", "")}
    return bot.url, body


def _signed(bot: Bot, at: float) -> str:
    if not bot.secret:
        return bot.url
    milliseconds = str(int(at * 1000))
    return f"{bot.url}&timestamp={milliseconds}&sign={quote_plus(signature(bot.secret, f'{milliseconds}{chr(10)}{bot.secret}'))}"


def signature(key: str, words: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()
