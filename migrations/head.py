"""`head.sql`: the SQL that makes one tenant's schema as it is at the newest revision. Provisioning runs it statement by statement."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("head.sql")
MARK = "-- revision "


@dataclass(frozen=True, slots=True)
class Head:
    revision: str
    statements: tuple[str, ...]


@cache
def head() -> Head:
    return read(FILE.read_text())


def read(text: str) -> Head:
    first, *statements = text.strip().split("\n\n")
    return Head(first.splitlines()[0].removeprefix(MARK), tuple(s.rstrip(";") for s in statements))


def write(head: Head) -> str:
    intro = f"{MARK}{head.revision}\n-- Written by python -m migrations.draft; one statement a paragraph, no schema named."
    return "\n\n".join([intro, *(f"{s};" for s in head.statements)]) + "\n"
