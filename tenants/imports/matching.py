"""Which column is which: by the headings, as people and other programs call them, and as the firm has matched them before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenants.imports.fields import FIELDS, Field, Kind
from tenants.imports.limits import TITLES
from tenants.imports.values import key

IGNORED = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its heading, the field that it is (`IGNORED`: none), some of what stands in it."""

    heading: str
    field: str
    samples: tuple[str, ...] = ()


def heading_row(kind: Kind, rows: Sequence[Sequence[str]]) -> int:
    """The number (from 0) of the row with the headings: the one of the first rows that has most known ones; titles may stand above it."""
    known = _known(kind)
    candidates = [number for number, row in enumerate(rows[: TITLES + 1]) if any(row)]
    scores = {number: sum(key(one) in known for one in rows[number] if one) for number in candidates}
    best = max(candidates, key=lambda number: (scores[number], -number), default=0)
    if scores.get(best):
        return best
    several = [number for number in candidates if sum(bool(one) for one in rows[number]) > 1]
    return several[0] if several else (candidates or [0])[0]


def propose(kind: Kind, headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """A field for each column, `IGNORED` where none fits; no field twice. What the firm has said before comes first."""
    taken: set[str] = set()
    chosen = [_take(remembered.get(key(heading)), kind, taken) if heading else IGNORED for heading in headings]
    for number, heading in enumerate(headings):
        if heading and not chosen[number] and remembered.get(key(heading)) is None:
            chosen[number] = _take(_best(kind, key(heading), taken), kind, taken)
    return _without_contact(chosen) if kind == "customer" else chosen


def remember(headings: Iterable[str], fields: Iterable[str]) -> dict[str, str]:
    """What is kept for next time, by the key of each heading; a column that was left out is remembered as well."""
    return {key(heading): field for heading, field in zip(headings, fields, strict=True) if heading}


def missing(kind: Kind, fields: Iterable[str]) -> list[Field]:
    """Needed fields that no column is. A customer may be told by its number as well."""
    there = set(fields)
    if "customer_number" in there:
        there.add("customer")
    return [field for field in FIELDS[kind] if field.needed and field.key not in there]


def names_of(field: Field) -> list[str]:
    """All headings that are taken for the field, as keys."""
    return [key(field.label), key(field.key), *(key(name) for name in field.called.split())]


def _known(kind: Kind) -> set[str]:
    return {name for field in FIELDS[kind] for name in names_of(field)}


def _best(kind: Kind, heading: str, taken: set[str]) -> str | None:
    for field in FIELDS[kind]:
        if field.key not in taken and heading in names_of(field):
            return field.key
    return None


def _take(field: str | None, kind: Kind, taken: set[str]) -> str:
    if not field or field in taken or field not in {one.key for one in FIELDS[kind]}:
        return IGNORED
    taken.add(field)
    return field


def _without_contact(chosen: list[str]) -> list[str]:
    """A mobile number beside no contact's name is the customer's own."""
    if "contact_name" not in chosen and "phone" not in chosen:
        return ["phone" if field == "contact_mobile" else field for field in chosen]
    return chosen
