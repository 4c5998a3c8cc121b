"""Text tables (.csv, .tsv): UTF-8, UTF-16 and GB18030; separated by comma, semicolon or tab. Pure."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator

from tenants.imports.limits import CELL
from tenants.imports.refusals import LineTooLong, NotText, UnknownEncoding
from tenants.imports.texts import clean
from tenants.values.guard import unguarded

BOMS = ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))
DELIMITERS = ",;\t|"
LOOKED_AT = 30  # lines
NO_TEXT = {"Cc", "Co", "Cn", "Cs"}


def read(content: bytes) -> tuple[str, Iterator[list[str]]]:
    """The encoding that was found, and the rows. Raises refusals."""
    text, encoding = decode(content)
    text, delimiter = _delimited(text)
    return encoding, _rows(text, delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. UTF-8 proves itself; what is not UTF-8 may be GB18030, if that makes ordinary text of it."""
    for bom, codec, name in BOMS:
        if content.startswith(bom):
            return _strictly(content, codec), name
    for codec in ("utf-16-le", "utf-16-be"):
        if _looks_like(content, codec):
            return _strictly(content, codec), "UTF-16"
    if b"\0" in content:
        raise NotText
    try:
        text, name = content.decode(), "UTF-8"
    except UnicodeDecodeError:
        text, name = _strictly(content, "gb18030"), "GB18030"
    if not _is_text(text):
        raise NotText if name == "UTF-8" else UnknownEncoding
    return text, name


def _strictly(content: bytes, codec: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error
    if "\0" in text:
        raise NotText
    return text


def _looks_like(content: bytes, codec: str) -> bool:
    """Without a mark at its head, UTF-16 shows by the zero bytes in every second place of its separators and line ends."""
    head = content[:4000]
    zeros = head[1::2] if codec == "utf-16-le" else head[0::2]
    others = head[0::2] if codec == "utf-16-le" else head[1::2]
    return len(content) % 2 == 0 and zeros.count(0) > len(zeros) // 5 and others.count(0) == 0


def _is_text(text: str) -> bool:
    """Control characters and unassigned ones show a wrong guess, or no text at all: two, or one in a hundred, are an accident."""
    head = text[:20_000]
    odd = sum(1 for char in head if char not in "\t\r\n\x0b\x0c\x1a\ufeff" and unicodedata.category(char) in NO_TEXT)
    return odd * 100 <= len(head) + 200


def _delimited(text: str) -> tuple[str, str]:
    """Excel may say the separator in a first line "sep=;"; else it is the one that most lines have, equally often."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first.strip()[4]
    lines = [line for line in text[:50_000].splitlines()[:LOOKED_AT] if line.strip()]
    counts = {delimiter: [_outside_quotes(line, delimiter) for line in lines] for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: (sum(count > 0 for count in counts[one]), sum(counts[one])))
    return text, best if any(counts[best]) else ","


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise LineTooLong(row=number + 1, most=f"{CELL:,}") from error
        number += 1
        yield [_bare(value) for value in row]


def _bare(value: str) -> str:
    """Programs that fear for long numbers write ="13800138000" or a leading tab or apostrophe, so that a spreadsheet keeps them as text."""
    text = clean(value)
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]
    return clean(unguarded(text)) if text.startswith("'") else text
