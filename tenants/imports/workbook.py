"""Workbooks (.xlsx). First a gate that looks at all parts of the archive as a stream; only what passes it is opened by calamine.

Runs in the capped child alone (tenants.imports.child): a legal file of 5 KB with a far cell makes calamine ask for terabytes.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tenants.imports import limits
from tenants.imports.refusals import Bomb, BrokenFile, Encrypted, FarCell, NoRows, OtherWorkbook, Suspicious, TooManyColumns
from tenants.imports.texts import cell, clean

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
LAST_ROW = limits.ROWS + 2 * limits.TITLES
FILLS = frozenset({"v", "is", "f"})
CHUNK = 256 * 1024
OTHERS = {
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "xl/workbook.bin": ".xlsb",
    "content.xml": ".ods",
    "Index/Document.iwa": ".numbers",
}
# What a damaged archive or part makes the standard library raise.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    expat.ExpatError,
    UnicodeError,
    ValueError,
)


def read(content: bytes) -> tuple[str, Iterator[list[str]]]:
    """The name of the sheet that was read, and its rows. Raises refusals."""
    check(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _first_filled(book)
    except CalamineError as error:
        raise (Encrypted if "assword" in str(error) else BrokenFile) from error
    return clean(sheet.name), _rows(sheet)


def check(content: bytes) -> None:
    """The gate. Raises refusals."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
            _Gate(archive).look()
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        expat.ExpatError,
        UnicodeError,
        ValueError,
    ) as error:
        raise BrokenFile from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    for name, kind in OTHERS.items():
        if name in names:
            raise OtherWorkbook(kind=kind)
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise OtherWorkbook(kind=".zip")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Encrypted
    if len(parts) > limits.PARTS or len({name.lower() for name in names}) != len(parts):
        raise Suspicious
    if sum(part.file_size for part in parts) > limits.INFLATED:
        raise Bomb
    if any(part.file_size > limits.RATIO_FROM and part.file_size > limits.RATIO * max(part.compress_size, 1) for part in parts):
        raise Bomb


class _Gate:
    """Looks at each XML part as a stream: no DTD, and no cell that holds something outside of what a table may have."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.inflated = 0
        self.row = self.column = 0

    def look(self) -> None:
        for part in self.archive.infolist():
            if part.filename.lower().endswith((".xml", ".rels")):
                with self.archive.open(part) as stream:
                    self._look_at(stream)

    def _look_at(self, stream: Any) -> None:
        self.row = self.column = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._root(parser)
        while chunk := stream.read(CHUNK):
            self.inflated += len(chunk)
            if self.inflated > limits.INFLATED:
                raise Bomb
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _root(self, parser: Any) -> Any:
        """Cells are looked at in worksheets only; other parts are let go by without a call for each element."""

        def first(name: str, attributes: dict[str, str]) -> None:
            is_sheet = name.rpartition(" ")[2].lower() in {"worksheet", "macrosheet", "dialogsheet"}
            parser.StartElementHandler = self._element if is_sheet else None

        return first

    def _refuse(self, *_: Any) -> None:
        raise Suspicious

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._place(attributes.get("r"))
        elif tag in FILLS:
            if self.row > LAST_ROW or self.column > limits.COLUMNS:
                self._too_far()
        elif tag == "row":
            number = attributes.get("r")
            self.row, self.column = (int(number) if number else self.row + 1), 0

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        found = REFERENCE.fullmatch(reference)
        if found is None:
            raise Suspicious
        self.column, self.row = _number_of(found[1]), int(found[2])

    def _too_far(self) -> None:
        if self.row <= LAST_ROW and self.column <= limits.COLUMNS + 20:
            raise TooManyColumns(most=limits.COLUMNS)
        raise FarCell(cell=f"{_letters_of(self.column)}{self.row}")


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters_of(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _first_filled(book: CalamineWorkbook) -> CalamineSheet:
    """The first sheet that is not hidden and holds something."""
    for number, one in enumerate(book.sheets_metadata):
        if one.typ is SheetTypeEnum.WorkSheet and one.visible is SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_index(number)
            if sheet.start is not None:
                return sheet
    raise NoRows


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """From the very first row and column of the sheet on, so that their numbers are those that one sees in the program."""
    left = sheet.start[1] if sheet.start else 0  # iter_rows begins with the sheet's first row, but with the table's first column
    for row in sheet.iter_rows():
        yield [""] * left + [cell(value) for value in row]
