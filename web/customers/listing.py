"""The list of customers in its address, which holds the whole state: scene, words, filters, order, columns, page. It can be kept and sent."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from tenants.customers.criteria import NEXT, SCENES, Criteria
from tenants.customers.options import GRADES, SOURCES, STATUSES
from tenants.customers.queries import DEFAULT_ORDER, ORDERS, CustomerRow, Edge
from web.ui.htmx import is_htmx
from web.ui.paging import Cursor, Page
from web.visit import here

PAGE = 50
LONGEST = 100  # characters of a word in the address
MOST = 20  # values of one filter
FILTERS = (
    "q", "status", "grade", "source", "industry", "region", "owner", "team", "territory", "tag", "next", "idle", "from", "until", "open",
    "given", "forgotten", "score", "below",
)  # fmt: skip
STATE = ("scene", *FILTERS, "sort", "columns")


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is the class of its cells; `order` the key that its header sorts by."""

    label: LazyString
    kind: str = "wide"
    order: str = ""


COLUMNS: dict[str, Column] = {
    "grade": Column(_l("Grade"), "mark", "grade"),
    "score": Column(_l("Score"), "wide", "score"),
    "status": Column(_l("Status"), "wide", "status"),
    "owner": Column(_l("Account owner"), "wide", "owner"),
    "next": Column(_l("Next contact"), "when", "next"),
    "last": Column(_l("Last follow-up"), "wide", "last"),
    "amount": Column(_l("Open amount"), "num amount", "amount"),
    "created": Column(_l("Created"), "wide", "created"),
    "tags": Column(_l("Tags")),
    "number": Column(_l("Number")),
    "phone": Column(_l("Phone")),
    "industry": Column(_l("Industry")),
    "source": Column(_l("Source")),
    "size": Column(_l("Size")),
}
DEFAULT_COLUMNS = ("grade", "score", "status", "owner", "next", "last", "amount", "created")


@dataclass(frozen=True, slots=True)
class Listing:
    """`pairs`: what the address says, without what is empty, unknown or damaged, and without the page."""

    criteria: Criteria
    sort: str
    columns: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def state(self) -> dict[str, Any]:
        """For `url_for`: the whole of the address."""
        return self.only(*STATE)

    def only(self, *keys: str) -> dict[str, Any]:
        kept: dict[str, list[str]] = {}
        for key, value in self.pairs:
            if key in keys:
                kept.setdefault(key, []).append(value)
        return kept


def read_listing(args: MultiDict[str, str], *, columns: str = "") -> Listing:
    """`columns`: those that the member likes, as the address would say them. What is damaged is as if it were not there."""
    values = _Values(args)
    criteria = _criteria(values)
    sort = values.one_of("sort", {sign + order for order in ORDERS for sign in ("", "-")}) or DEFAULT_ORDER
    chosen = values.words("columns") or _split(columns)
    known = tuple(key for key in COLUMNS if key in chosen) if chosen else DEFAULT_COLUMNS
    return Listing(criteria, sort, known, tuple(values.kept))


def list_in_view(columns: str = "") -> Listing:
    """The list that a dialog was opened over: its address comes with htmx, or in the dialog's own."""
    shown = request.headers.get("HX-Current-URL", "") if is_htmx() else ""
    return read_query(shown.partition("?")[2].partition("#")[0] if shown else request.query_string.decode(errors="replace"), columns)


def read_query(query: str, columns: str = "") -> Listing:
    """A list from the query string of its address."""
    return read_listing(MultiDict(parse_qsl(query[:4000])), columns=columns)


def is_clean(args: MultiDict[str, str]) -> bool:
    """No empty parameters, as a plain form sends them."""
    return all(value for _, value in args.items(multi=True))


def turn(found: list[CustomerRow], listing: Listing, cursor: Cursor | None, total: int | None) -> Page[CustomerRow]:
    """The page of rows with the cursors to its neighbours; `found` holds one more than the page when there are more."""
    backwards = cursor is not None and cursor.backwards
    more = len(found) > PAGE
    rows = found[-PAGE:] if backwards else found[:PAGE]
    at = 0 if cursor is None else max(0, cursor.at - len(rows)) if backwards else cursor.at
    before, after = (more, True) if backwards else (cursor is not None, more)
    if backwards and not more:
        at = 0
    of = ORDERS[listing.sort.removeprefix("-")].of
    return Page(
        rows,
        next=Cursor((of(rows[-1]), rows[-1].id), at=at + len(rows)).encode() if rows and after else None,
        previous=Cursor((of(rows[0]), rows[0].id), backwards=True, at=at).encode() if rows and before else None,
        at=at,
        total=total,
    )


def read_cursor(listing: Listing) -> Cursor | None:
    """A cursor that was made for another order is a 400."""
    return Cursor.decode(request.args.get("cursor"), (ORDERS[listing.sort.removeprefix("-")].kind, uuid.UUID))


def edge(cursor: Cursor | None) -> Edge | None:
    return None if cursor is None else Edge(cursor.values[0], cursor.values[1], cursor.backwards)  # type: ignore[arg-type]  # decoded as a UUID


def midnight() -> dt.datetime:
    """The first moment of the tenant's day."""
    visit = here()
    return dt.datetime.combine(visit.today, dt.time.min, visit.zone)


class _Values:
    """Reads parameters and keeps those that mean something."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.args = args
        self.kept: list[tuple[str, str]] = []

    def words(self, key: str) -> tuple[str, ...]:
        """One parameter that holds words with commas."""
        word = self.word(key)
        return _split(word)

    def word(self, key: str) -> str:
        value = " ".join(self.args.get(key, "").replace("\0", "").split())[: LONGEST if key != "columns" else 400]
        if value:
            self.kept.append((key, value))
        return value

    def one_of(self, key: str, known: Iterable[str]) -> str:
        value = self.args.get(key, "")
        if value not in known:
            return ""
        self.kept.append((key, value))
        return value

    def several(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        found = [value[:LONGEST].replace("\0", "") for value in self.args.getlist(key)[:MOST] if value.strip()]
        found = list(dict.fromkeys(value for value in found if known is None or value in known))
        self.kept += [(key, value) for value in found]
        return tuple(found)

    def ids(self, key: str, nobody: str = "") -> tuple[uuid.UUID | None, ...]:
        """`nobody`: the word that stands for None."""
        found: list[uuid.UUID | None] = []
        for value in dict.fromkeys(self.args.getlist(key)[:MOST]):
            one = None if nobody and value == nobody else _id(value)
            if one is not None or (nobody and value == nobody):
                found.append(one)
                self.kept.append((key, value))
        return tuple(found)

    def id(self, key: str) -> uuid.UUID | None:
        one = _id(self.args.get(key, ""))
        if one is not None:
            self.kept.append((key, str(one)))
        return one

    def number(self, key: str, most: int) -> int | None:
        text = self.args.get(key, "")
        if not (text.isascii() and text.isdigit() and len(text) < 6) or not 0 < int(text) <= most:
            return None
        self.kept.append((key, text))
        return int(text)

    def day(self, key: str, later: int = 0) -> dt.datetime | None:
        """The first moment of the day, or of one `later` days after it."""
        try:
            date = dt.date.fromisoformat(self.args.get(key, ""))
            start = dt.datetime.combine(date + dt.timedelta(days=later), dt.time.min, here().zone)
            start.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            return None
        self.kept.append((key, date.isoformat()))
        return start

    def is_on(self, key: str) -> bool:
        return bool(self.one_of(key, ("1",)))


def _criteria(values: _Values) -> Criteria:
    given: dict[str, Any] = {
        "scene": values.one_of("scene", SCENES) or "all",
        "q": values.word("q"),
        "status": values.several("status", STATUSES),
        "grade": values.several("grade", GRADES),
        "source": values.several("source", SOURCES),
        "industry": values.several("industry"),
        "region": values.word("region"),
        "owner": values.ids("owner", nobody="none"),
        "team": values.id("team"),
        "territory": values.id("territory"),
        "tag": values.ids("tag"),
        "next": values.one_of("next", NEXT) or None,
        "idle": values.number("idle", 3650),
        "score_from": values.number("score", 100),
        "score_below": values.number("below", 100),
        "created_from": values.day("from"),
        "created_before": values.day("until", later=1),
        "with_open": values.is_on("open"),
        "was_given": bool(values.one_of("given", ("week",))),
        "is_forgotten": values.is_on("forgotten"),
    }
    return Criteria(**given)


def _split(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(",") if word)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
