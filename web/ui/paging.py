"""Pages by key, never by OFFSET: a cursor holds the sort values of the row at the edge, and how many rows came before it."""

import binascii
import datetime as dt
import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from werkzeug.exceptions import BadRequest

Value = str | int | Decimal | dt.datetime | dt.date | uuid.UUID | bool | None
Kind = type[str] | type[int] | type[Decimal] | type[dt.datetime] | type[dt.date] | type[uuid.UUID] | type[bool]
Row = TypeVar("Row")
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Cursor:
    """`values` of the row at the edge, in the order of the sort; `backwards` for the page before it; `at` rows stand before the page."""

    values: tuple[Value, ...]
    backwards: bool = False
    at: int = 0

    def encode(self) -> str:
        content = [int(self.backwards), self.at, *(_plain(value) for value in self.values)]
        return urlsafe_b64encode(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str | None, kinds: Sequence[Kind]) -> "Cursor | None":
        """None for no cursor. Anything that `encode` did not make for these kinds is a 400. Each kind also allows None."""
        if not text:
            return None
        try:
            backwards, at, *values = json.loads(urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4)))
            if backwards not in (0, 1) or type(at) is not int or not 0 <= at < 10**9 or len(values) != len(kinds):
                raise ValueError(text)
            return cls(tuple(_typed(value, kind) for value, kind in zip(values, kinds, strict=True)), bool(backwards), at)
        except (ValueError, TypeError, InvalidOperation, OverflowError, RecursionError, binascii.Error) as error:
            raise BadRequest from error


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and the cursors to its neighbours (None: there is none). `total` is None when nobody counted."""

    rows: Sequence[Row]
    next: str | None = None
    previous: str | None = None
    at: int = 0
    total: int | None = None

    @property
    def first(self) -> int:
        return self.at + 1

    @property
    def last(self) -> int:
        return self.at + len(self.rows)


def _plain(value: Value) -> str | int | bool | None:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, uuid.UUID)) else value


def _typed(value: object, kind: Kind) -> Value:
    if value is None:
        return None
    if kind in (str, int, bool):
        if type(value) is not kind or "\0" in str(value):
            raise ValueError(value)
        return value
    if not isinstance(value, str):
        raise ValueError(value)
    if kind is Decimal:
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(value)
        return number
    return _moment_or_key(value, kind)


def _moment_or_key(value: str, kind: Kind) -> Value:
    if kind is uuid.UUID:
        return uuid.UUID(value)
    if kind is dt.datetime:
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    return dt.date.fromisoformat(value)
