"""What a customer's and a contact's fields may hold. Pure."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from tenants.values import phones, regions
from tenants.values.words import N_, Refusal

BIN_DAYS = 30
# Characters; the forms say the same.
LENGTHS: dict[str, int] = {
    "name": 120, "short_name": 60, "industry": 60, "business": 500, "standing": 200, "region": 60, "address": 200, "rivals": 300, "phone": 40,
    "website": 200, "credit_code": 18,
    "invoice_title": 120, "remark": 2000, "department": 60, "post": 60, "mobile": 40, "wechat": 60, "qq": 20, "mail": 120, "habits": 1000,
}  # fmt: skip
WEB_ADDRESS = re.compile(r"(?:https?://)?(?:[^\s./?#@:<>\"']+\.)+[^\s./?#@:<>\"']{2,}(?::\d{1,5})?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class NameMissing(Refusal):
    sentence = N_("Without a name nobody finds it again.")


class OwnerMissing(Refusal):
    sentence = N_("Choose who looks after it from now on.")


class InBin(Refusal):
    sentence = N_("It lies in the bin: restore it first.")


def is_credit_code(code: str) -> bool:
    """A 统一社会信用代码 of 18 characters whose check character is right (GB 32100-2015)."""
    if not CODE.fullmatch(code):
        return False
    total = sum(CODE_LETTERS.index(char) * weight for char, weight in zip(code, CODE_WEIGHTS, strict=False))
    return CODE_LETTERS[-total % 31] == code[17]


def is_web_address(text: str) -> bool:
    """http or https, or without a scheme; a host with a dot in it."""
    return WEB_ADDRESS.fullmatch(text.strip()) is not None


def is_phone(text: str) -> bool:
    """Five digits at least: a short service number is one, an extension alone is not."""
    return len(phones.search_key(phones.normalise(text))) >= 5


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are kept: trimmed, empty is None, numbers in E.164, the credit code in capitals, regions by their short names."""
    return {field: _tidy(field, value) for field, value in values.items()}


def days_left(deleted_at: dt.datetime, now: dt.datetime) -> int:
    """Days until the bin is emptied of it; 0 on the last one."""
    return max(0, BIN_DAYS - (now - deleted_at).days)


def _tidy(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip() if field in {"remark", "habits", "business"} else " ".join(value.split())
    if not text:
        return None
    if field in {"phone", "mobile"}:
        return phones.normalise(text) or None
    if field == "credit_code":
        return text.upper().replace(" ", "")
    if field == "region":
        return _region(text)
    if field == "website" and "://" not in text:
        return f"https://{text}"
    return text


def _region(text: str) -> str:
    """As the table of regions writes it when the whole text is a place in China; else as it was typed."""
    found = regions.normalise(text)
    return str(found) if found is not None and regions.suggest(text, 1) == [found] else text
