"""The process that reads one file: the file on its standard input, its rows on its standard output, one JSON list a line.

The first line tells what was read, or why nothing was; the last one how many rows there were, so that an answer cut short is known as one.
It may take little memory and time, writes nowhere else, and whatever becomes of it, it is only this process.
"""

import json
import resource
import sys
from collections.abc import Iterator

from tenants.imports import csvfile, limits, vcard, workbook
from tenants.imports.refusals import EmptyFile, NeedsTooMuch, NoRows, TooManyColumns, TooManyRows
from tenants.values.words import Refusal


def main() -> None:
    confine()
    try:
        content = sys.stdin.buffer.read(limits.BYTES + 1)
        for line in _lines(content):
            sys.stdout.write(line + "\n")
    except Refusal as refusal:
        _say({"refusal": type(refusal).__name__, "params": refusal.params})
    except (MemoryError, RecursionError):
        _say({"refusal": NeedsTooMuch.__name__, "params": {}})
    sys.stdout.flush()


def confine() -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.SECONDS),
        (resource.RLIMIT_FSIZE, limits.OUTPUT),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _lines(content: bytes) -> Iterator[str]:
    form, (note, rows) = _opened(content)
    yield json.dumps({"form": form, "note": note}, ensure_ascii=False)
    number = filled = 0
    blank = 0  # rows that are let go when nothing follows them
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            blank += 1
            continue
        if len(row) > limits.COLUMNS:
            raise TooManyColumns(most=limits.COLUMNS)
        filled += 1
        if filled > limits.ROWS + limits.TITLES:
            raise TooManyRows(most=f"{limits.ROWS:,}")
        yield from ["[]"] * blank
        number, blank = number + blank + 1, 0
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    if filled < 2:
        raise NoRows
    yield json.dumps({"rows": number})


def _opened(content: bytes) -> tuple[str, tuple[str, Iterator[list[str]]]]:
    if not content.strip(b"\0 \t\r\n"):
        raise EmptyFile
    if content.startswith(b"PK"):
        return "xlsx", workbook.read(content)
    if vcard.is_cards(content[:400]):
        return "vcard", vcard.read(content)
    return "csv", csvfile.read(content)


def _say(told: dict[str, object]) -> None:
    sys.stdout.write("\n" + json.dumps(told) + "\n")
