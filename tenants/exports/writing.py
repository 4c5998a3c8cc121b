"""Rows into a file, one after the other: memory does not grow with their number."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from tenants.exports.columns import NUMBERS, Column, Format
from tenants.values.guard import guarded
from tenants.values.words import N_, Refusal

Rows = Sequence[Sequence[Any]]
Put = Callable[[Rows], None]
MOST_IN_A_SHEET = 1_048_575  # rows below the heading
FIRST_DAY = dt.date(1899, 12, 30)
OLDEST = 61  # 1900-03-01: before that, Excel's days are off by one or not there at all
BOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {"moment": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd", "amount": "#,##0.00"}
MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class TooManyRows(Refusal):
    sentence = N_("A sheet holds at most 1,048,575 rows. Narrow the list down, or choose .csv.")


@contextmanager
def writing(path: Path, form: Format, columns: Sequence[Column], *, title: str, say: Callable[[str], str], at: dt.datetime) -> Iterator[Put]:
    """Yields what puts rows below the heading. `say` translates; `at` is written into the workbook as the time of its making."""
    words = [_words(column, say) for column in columns]
    heads = [say(column.label) for column in columns]
    if form == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield _into_csv(file, heads, words)
        return
    book = xlsxwriter.Workbook(path, BOOK | {"tmpdir": str(path.parent)})
    book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
    try:
        yield _into_sheet(book, columns, heads, words, title)
        book.close()
    finally:
        for sheet in book.worksheets():  # what is called off or fails is not made into a file, but lets go of its rows
            sheet.row_data_fh.close()


def _words(column: Column, say: Callable[[str], str]) -> Mapping[str, str] | None:
    if column.kind == "yes":
        return {"true": say(N_("Yes")), "false": say(N_("No"))}
    return {code: say(label) for code, label in column.words.items()} if column.words else None


def _into_csv(file: Any, heads: Sequence[str], words: Sequence[Mapping[str, str] | None]) -> Put:
    out = csv.writer(file)
    out.writerow(heads)

    def put(rows: Rows) -> None:
        out.writerows(
            [
                guarded(known.get(value, value) if known else value) if isinstance(value, str) else value
                for value, known in zip(row, words, strict=True)
            ]
            for row in rows
        )

    return put


def _into_sheet(
    book: xlsxwriter.Workbook, columns: Sequence[Column], heads: Sequence[str], words: Sequence[Mapping[str, str] | None], title: str
) -> Put:
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, heads[at], bold)
    sheet.freeze_panes(1, 0)
    cells = [(at, column.kind in NUMBERS, column.kind in ("moment", "day"), formats.get(column.kind), words[at]) for at, column in enumerate(columns)]
    line = 0

    def put(rows: Rows) -> None:
        nonlocal line
        if line + len(rows) > MOST_IN_A_SHEET:
            raise TooManyRows
        text, number = sheet.write_string, sheet.write_number
        for row in rows:
            line += 1
            for (at, is_number, is_day, form, known), value in zip(cells, row, strict=True):
                if value is None or value == "":
                    continue
                if not is_number:
                    text(line, at, _harmless(known.get(value, value) if known else value))
                elif is_day and value < OLDEST:
                    text(line, at, str(FIRST_DAY + dt.timedelta(days=int(value))))
                else:
                    number(line, at, value, form)

    return put


def _harmless(text: str) -> str:
    """XlsxWriter takes what looks like its own rich text for such, and puts it into the file as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _sheet_name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31] or "1"
