"""Workbooks that we hand out: the template, and the rows that failed. Every cell is a text: nothing in them is ever a formula or a link."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from tenants.imports.choices import OPTIONS
from tenants.imports.fields import FIELDS, Field, Kind
from tenants.imports.reading import unpack
from web.ui.say import gettext

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
WIDEST = 32_000  # characters of a cell


def template_of(kind: Kind) -> IO[bytes]:
    """Headings in the reader's language, one example; a second sheet says what each column takes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True} | PLAIN) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8F0EC", "border": 1, "border_color": "#C9D6CF"})
        sheet = book.add_worksheet(gettext("Table"))
        for column, field in enumerate(FIELDS[kind]):
            sheet.write_string(0, column, label_of(field) + ("*" if field.needed else ""), bold)
            sheet.write_string(1, column, field.example)
            sheet.set_column(column, column, max(12, min(30, 2 * len(field.example or label_of(field)))))
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(gettext("Notes"))
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 90)
        for row, (name, note) in enumerate(_notes(kind)):
            notes.write_string(row, 0, name, bold if row == 0 else None)
            notes.write_string(row, 1, note, bold if row == 0 else None)
    out.seek(0)
    return out


def label_of(field: Field) -> str:
    return str(gettext(field.label))


def choices_of(field: str) -> str:
    """The labels of its options, as a sentence offers them."""
    return gettext(", ").join(gettext(label) for label in OPTIONS[field].values())


def _notes(kind: Kind) -> Iterator[tuple[str, str]]:
    yield gettext("Column"), gettext("What it takes")
    forms = {
        "day": gettext("A date, such as 2026-11-24"),
        "moment": gettext("A date, with a time if you like: 2026-11-24 10:30"),
        "amount": gettext("An amount, such as 12800, 12,800.50 or 1.28万"),
        "percentage": gettext("A number from 0 to 100"),
        "phone": gettext("A phone number"),
        "yes": gettext("Yes or No"),
        "tags": gettext("Several are separated by a comma"),
        "member": gettext("A colleague's name or mail address"),
        "stage": gettext("The name of a stage"),
        "region": gettext("Province, city, district"),
    }
    for field in FIELDS[kind]:
        note = choices_of(field.key) if field.form == "option" else forms.get(field.form, "")
        yield label_of(field), " · ".join(part for part in (gettext("Required") if field.needed else "", note) if part)


def rejects_of(packed: bytes, heading: int, errors: Mapping[int, str]) -> IO[bytes]:
    """The rows that failed, with all their columns, and why in a last one: to be mended and chosen again."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True} | PLAIN) as book:
        sheet = book.add_worksheet(gettext("Table"))
        bold = book.add_format({"bold": True})
        rows = enumerate(unpack(packed))
        wide = 0
        line = 0
        for number, cells in rows:
            if number == heading:
                wide = len(cells)
                _write(sheet, line, [*cells, gettext("Error")], bold)
            elif number > heading and number + 1 in errors:
                line += 1
                _write(sheet, line, [*cells[:wide], *[""] * (wide - len(cells)), errors[number + 1]], None)
    out.seek(0)
    return out


def _write(sheet: Any, line: int, cells: Iterable[str] | Sequence[str], form: Any) -> None:
    for column, text in enumerate(cells):
        if text:
            sheet.write_string(line, column, text[:WIDEST], form)
