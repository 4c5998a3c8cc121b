"""Cells as texts. Pure.

Everything that a file holds becomes text in one canonical form, whatever program wrote it: 13800138000, 12.5, 2026-11-24, 2026-11-24 10:30.
"""

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

from tenants.imports.limits import CELL

ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NO_VALUE = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return clean(str(value))


def clean(text: str) -> str:
    """Without what nobody sees: control characters, marks that turn the direction of writing, half characters, spaces at the ends."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    bare = ODD.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")).strip()
    return "" if bare in NO_VALUE else bare[:CELL]


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if float(value).is_integer() and abs(value) < 1e18:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _moment(value: dt.datetime) -> str:
    """Workbooks keep moments as fractions of days: half a second is a mistake of theirs."""
    near = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0) if value.year < 9999 else value.replace(microsecond=0)
    if near.time() == dt.time.min:
        return near.date().isoformat()
    return near.isoformat(sep=" ", timespec="minutes" if near.second == 0 else "seconds")
