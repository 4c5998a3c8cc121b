"""A row of a file, understood: values by field, or what is wrong with it. No statement is made here."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal

from tenants.customers.rules import LENGTHS, tidy
from tenants.customers.tagging import LONGEST as LONGEST_TAG
from tenants.imports import values
from tenants.imports.fields import FIELDS, Field, Kind
from tenants.imports.matching import IGNORED
from tenants.imports.values import Wrong
from tenants.values.words import N_, Refusal

Action = Literal["create", "update", "skip", "fail"]
Errors = list[dict[str, Any]]
Parser = Callable[[str], Any]
MOST_TAGS = 20


class Missing(Refusal):
    sentence = N_("Please fill this in.")


class NobodyCalled(Wrong):
    sentence = N_("There is no colleague called “%(value)s”. Write the name or the mail address as under Members.")


class SeveralCalled(Wrong):
    sentence = N_("Several colleagues are called “%(value)s”. Write the mail address.")


class NoTerritory(Wrong):
    sentence = N_("There is no territory called “%(value)s”.")


class NoStage(Wrong):
    sentence = N_("There is no stage called “%(value)s”.")


class NoReason(Wrong):
    sentence = N_("There is no such reason: “%(value)s”.")


class TooManyTags(Wrong):
    sentence = N_("“%(value)s” are too many tags: at most %(most)s.")


@dataclass(frozen=True, slots=True)
class World:
    """What words of a file may mean here. `choices`: field -> key -> code; `offered`: field -> the labels, for a sentence. Names are keys.

    `members`: None for a name that several bear.
    """

    zone: zoneinfo.ZoneInfo
    choices: Mapping[str, Mapping[str, str]]
    offered: Mapping[str, str]
    members: Mapping[str, uuid.UUID | None] = field(default_factory=dict)
    territories: Mapping[str, uuid.UUID] = field(default_factory=dict)
    stages: Mapping[str, Any] = field(default_factory=dict)
    reasons: Mapping[str, uuid.UUID] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """`target`: the record that it is about; `data`: what its line in `import_rows` will tell."""

    number: int
    values: dict[str, Any]
    errors: Errors | None = None
    action: Action = "create"
    target: uuid.UUID | None = None
    data: dict[str, Any] | None = None

    def fail(self, field: str, refusal: Refusal) -> None:
        self.errors = [*(self.errors or ()), error(field, refusal)]
        self.action = "fail"


def error(field: str, refusal: Refusal) -> dict[str, Any]:
    return {"field": field, "sentence": refusal.sentence, "params": refusal.params}


class Reader:
    """Understands rows whose columns are `fields`."""

    def __init__(self, kind: Kind, fields: Sequence[str], world: World) -> None:
        known = {one.key: one for one in FIELDS[kind]}
        self._columns = [(number, known[name], _parser(known[name], world)) for number, name in enumerate(fields) if name in known]
        there = {name for name in fields if name != IGNORED}
        self._needed = [one.key for one in known.values() if one.needed and not (one.key == "customer" and "customer_number" in there)]

    def rows(self, texts: Iterable[Sequence[str]], *, after: int) -> Iterator[Row]:
        """Those below the headings, which stand in row `after` (from 0), without empty ones."""
        for number, cells in enumerate(texts, start=1):
            if number > after + 1 and any(cells):
                yield self.read(number, cells)

    def read(self, number: int, cells: Sequence[str]) -> Row:
        row = Row(number, {})
        for column, one, parse in self._columns:
            text = cells[column] if column < len(cells) else ""
            if not text:
                continue
            try:
                row.values[one.key] = parse(text)
            except Refusal as refusal:
                row.fail(one.key, refusal)
        wrong = {told["field"] for told in row.errors or ()}
        for name in self._needed:
            if row.values.get(name) in (None, "") and name not in wrong:
                row.fail(name, Missing())
        return row


def most_of(one: Field) -> int:
    return one.most or LENGTHS.get(one.key.removeprefix("contact_"), 120)


def _parser(one: Field, world: World) -> Parser:
    """For one column. What stands in many rows is understood once."""
    most = most_of(one)
    if one.form in ("text", "customer"):
        return lambda text: values.text(text, most=most)
    if one.form == "lines":
        return lambda text: values.lines(text, most=most)
    if one.form in ("mail", "website"):
        checked = values.mail if one.form == "mail" else values.website
        return lambda text: checked(text, most=most)
    plain: dict[str, Parser] = {
        "day": values.day, "amount": values.amount, "percentage": values.percentage, "phone": values.phone, "credit_code": values.credit_code,
        "yes": values.yes, "tags": _tags, "region": _region, "moment": lambda text: values.moment(text, world.zone),
    }  # fmt: skip
    return plain[one.form] if one.form in plain else cache(_known(one, world))


def _known(one: Field, world: World) -> Parser:
    """For what must be one of the things that the firm has."""
    if one.form == "option":
        return lambda text: values.option(text, world.choices[one.key], world.offered[one.key])
    if one.key == "author":
        return lambda text: _author(text, world)
    if one.form == "member":
        return lambda text: _member(text, world)
    known, wrong = {
        "territory": (world.territories, NoTerritory), "stage": (world.stages, NoStage), "reason": (world.reasons, NoReason),
    }[one.form]  # fmt: skip
    return lambda text: _among(text, known, wrong)


def _among(text: str, known: Mapping[str, Any], wrong: type[Wrong]) -> Any:
    found = known.get(values.key(text))
    if found is None:
        raise wrong(text)
    return found


def _member(text: str, world: World) -> uuid.UUID:
    name = text.strip().lower()
    if name not in world.members:
        raise NobodyCalled(text)
    found = world.members[name]
    if found is None:
        raise SeveralCalled(text)
    return found


def _author(text: str, world: World) -> uuid.UUID | str:
    """Whoever wrote it may have left long ago: a name that nobody bears is kept as a name."""
    return world.members.get(text.strip().lower()) or values.text(text, most=60)


def _tags(text: str) -> list[str]:
    found = values.tags(text)
    if len(found) > MOST_TAGS:
        raise TooManyTags(text, most=MOST_TAGS)
    return [values.text(tag, most=LONGEST_TAG) for tag in found]


@lru_cache(maxsize=4096)
def _region(text: str) -> str:
    return values.text(str(tidy({"region": text})["region"] or ""), most=LENGTHS["region"])


def noon(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), zone).astimezone(dt.UTC)
