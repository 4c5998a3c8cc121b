"""A column of an export: its heading, where its values come from, and how the database hands them over for each format.

The database does the work (time zones, serial numbers of days, texts), so that what writes the file only writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Boolean, Date, DateTime, Double, Text, cast, func, literal

Format = Literal["xlsx", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
Kind = Literal["text", "code", "yes", "moment", "day", "amount", "number"]
NUMBERS = frozenset({"moment", "day", "amount", "number"})  # written as numbers into a workbook
EPOCH = 25_569  # days from Excel's first day to 1970-01-01
SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Column:
    """`label` is a message id; `words` those of the codes that a "code" column holds; `width` in characters."""

    label: str
    value: Any
    kind: Kind = "text"
    words: Mapping[str, str] | None = None
    width: int = 14


def shown(column: Column, form: Format, zone: str) -> Any:
    """What is asked of the database: days and moments as Excel's serial numbers in the tenant's time, or as text for .csv."""
    value = column.value
    if column.kind == "moment":
        local = func.timezone(zone, value, type_=DateTime())
        seconds: Any = cast(func.extract("epoch", local), Double())
        return seconds / SECONDS + EPOCH if form == "xlsx" else func.to_char(local, "YYYY-MM-DD HH24:MI", type_=Text())
    if column.kind == "day":
        serial = cast(value, Date()) - literal("1899-12-30", Date())
        return cast(serial, Double()) if form == "xlsx" else func.to_char(value, "YYYY-MM-DD", type_=Text())
    if column.kind == "amount":
        return cast(value, Double() if form == "xlsx" else Text())
    if column.kind == "yes":
        return cast(cast(value, Boolean()), Text())
    return value
