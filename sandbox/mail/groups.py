"""Groups with bots, as WeCom, DingTalk and Feishu have them: what a bot says is kept and shown, and answered as its maker would."""

import base64
import hashlib
import hmac
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SECRET = "SECsandbox"  # noqa: S105 - what DingTalk and Feishu of the sandbox sign with, if a message is signed at all
A_MINUTE = {"wecom": 20, "dingtalk": 20, "feishu": 100}
CAPACITY = 200
WRONG = "wrong"  # a key that is none


@dataclass(frozen=True, slots=True)
class Message:
    brand: str
    key: str
    text: str
    at: datetime


@dataclass(slots=True)
class Groups:
    """One line of JSON for each message, in a file."""

    file: Path
    _sent: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def hear(self, brand: str, key: str, body: Any, *, timestamp: str = "", sign: str = "") -> dict[str, Any]:
        """What the maker answers, always with status 200."""
        text = _text(brand, body)
        if key == WRONG:
            return _answer(brand, {"wecom": 93000, "dingtalk": 300001, "feishu": 19001}[brand], "no such bot")
        if text is None:
            return _answer(brand, {"wecom": 40008, "dingtalk": 400013, "feishu": 19002}[brand], "invalid message")
        if sign and not hmac.compare_digest(sign, _signature(brand, timestamp)):
            return _answer(brand, {"wecom": 0, "dingtalk": 310000, "feishu": 19021}[brand], "sign not match")
        if self._is_too_often(brand, key):
            return _answer(brand, {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}[brand], "too many messages a minute")
        self._keep({"brand": brand, "key": key, "text": text, "at": time.time()})
        return _answer(brand, 0, "ok")

    def messages(self) -> list[Message]:
        """The newest first."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        found = [json.loads(line) for line in lines[-CAPACITY:]]
        return [Message(one["brand"], one["key"], one["text"], datetime.fromtimestamp(one["at"], UTC)) for one in reversed(found)]

    def empty(self) -> None:
        self.file.unlink(missing_ok=True)

    def _is_too_often(self, brand: str, key: str) -> bool:
        sent, now = self._sent[brand, key], time.monotonic()
        while sent and sent[0] < now - 60:
            sent.popleft()
        if len(sent) >= A_MINUTE[brand]:
            return True
        sent.append(now)
        return False

    def _keep(self, message: dict[str, Any]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as out:
            out.write(json.dumps(message, ensure_ascii=False) + "\n")


def _text(brand: str, body: Any) -> str | None:
    try:
        if brand == "feishu":
            return str(body["card"]["elements"][0]["content"])
        return str(body["markdown"]["content" if brand == "wecom" else "text"])
    except (KeyError, TypeError, IndexError):
        return None


def _signature(brand: str, timestamp: str) -> str:
    said = f"{timestamp}\n{SECRET}"
    key, words = (said, "") if brand == "feishu" else (SECRET, said)
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()


def _answer(brand: str, code: int, words: str) -> dict[str, Any]:
    return {"code": code, "msg": words, "data": {}} if brand == "feishu" else {"errcode": code, "errmsg": words}
