"""`read(name, content)`: what a file holds, as rows of texts, or a refusal that says in a sentence why not.

The file is opened by a process of its own (tenants.imports.child) that may take just so much memory and time. Whatever the file does to that
process, ours hears of it as a refusal.
"""

import json
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from tenants.imports import limits, refusals
from tenants.imports.refusals import (
    BrokenFile,
    EmptyFile,
    Encrypted,
    FileTooLarge,
    NeedsTooMuch,
    OldWorkbook,
    OtherWorkbook,
    TooSlow,
    UnknownFormat,
    WebPage,
)
from tenants.values.words import Refusal

HOUSE = Path(__file__).parents[2]
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from tenants.imports.child import main; main()"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
NO_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", ".pdf"), (b"{\\rtf", ".rtf"), (b"Rar!", ".rar"), (b"7z\xbc\xaf", ".7z"), (b"\x1f\x8b", ".gz"), (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"MZ", ".exe"), (b"\x7fELF", ".bin"), (b"SQLite format 3", ".sqlite"),
)  # fmt: skip
AT_ONCE = threading.Semaphore(2)  # files that one process of ours reads at a time
PATIENCE = 20.0  # seconds that one waits for that
HEAD = 60  # rows that are kept at hand


@dataclass(frozen=True, slots=True)
class Sheet:
    """`form`: xlsx, csv or vcard. `note`: the name of the sheet, or the encoding of the text. `packed`: all rows, as `unpack` reads them."""

    form: str
    note: str
    height: int
    head: list[list[str]]
    packed: bytes

    def rows(self) -> Iterator[list[str]]:
        return unpack(self.packed)


def read(name: str, content: bytes) -> Sheet:
    """Raises the refusals of `tenants.imports.refusals`, and nothing else that a file could cause."""
    _look(name, content)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(content)
        given.seek(0)
        if not AT_ONCE.acquire(timeout=PATIENCE):
            raise TooSlow
        try:
            _run(given, told)
        finally:
            AT_ONCE.release()
        told.seek(0)
        return _heard(told)


def unpack(packed: bytes) -> Iterator[list[str]]:
    """Row by row; an empty one is an empty list."""
    unpacker, rest = zlib.decompressobj(), b""
    stream = BytesIO(packed)
    while chunk := stream.read(64 * 1024):
        *lines, rest = (rest + unpacker.decompress(chunk)).split(b"\n")
        for line in lines:
            yield json.loads(line)
    for line in (rest + unpacker.flush()).split(b"\n"):
        if line:
            yield json.loads(line)


def _look(name: str, content: bytes) -> None:
    """What shows from outside."""
    if not content:
        raise EmptyFile
    if len(content) > limits.BYTES:
        raise FileTooLarge(most=limits.BYTES // 2**20)
    if content.startswith(OLE):
        raise Encrypted if ENCRYPTED_PACKAGE in content else OldWorkbook
    for magic, kind in NO_TABLES:
        if content.startswith(magic):
            raise OtherWorkbook(kind=kind)
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise WebPage
    if start.startswith((b"<?xml", b"<svg", b"<!doctype")):
        raise UnknownFormat


def _run(given: IO[bytes], told: IO[bytes]) -> None:
    command = [sys.executable, "-I", "-c", PROGRAM, str(HOUSE)]
    environment = {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as nowhere:
        child = subprocess.Popen(
            command, stdin=given, stdout=told, stderr=subprocess.DEVNULL, env=environment, cwd=nowhere, close_fds=True, start_new_session=True
        )
        try:
            status = child.wait(limits.SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TooSlow from error
        finally:
            child.kill()
            child.wait()
    if status == -24:  # SIGXCPU
        raise TooSlow
    if status in (-6, -9, -11, 134, 137):  # aborted, killed: what a program does that asks for more memory than it may have
        raise NeedsTooMuch
    if status != 0:
        raise BrokenFile


def _heard(told: IO[bytes]) -> Sheet:
    """What the child has written: a head, the rows, an end."""
    packer, height = zlib.compressobj(6), 0
    packed: list[bytes] = []
    head: list[list[str]] = []
    first: dict[str, Any] = {}
    end: dict[str, Any] | None = None
    for line in told:
        if line.startswith(b"["):
            height += 1
            packed.append(packer.compress(line))
            if len(head) < HEAD:
                head.append(json.loads(line))
        elif line.strip():
            said = json.loads(line)
            if "refusal" in said:
                raise _refusal(said)
            first, end = (said, end) if "form" in said else (first, said)
    if not first or end is None or end["rows"] != height:
        raise BrokenFile
    packed.append(packer.flush())
    return Sheet(first["form"], first["note"], height, head, b"".join(packed))


def _refusal(said: dict[str, Any]) -> Refusal:
    kind = getattr(refusals, said["refusal"], BrokenFile)
    return kind(**said["params"]) if issubclass(kind, Refusal) else BrokenFile()
