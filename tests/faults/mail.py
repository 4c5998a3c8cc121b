"""A real mail server that keeps what it was handed, by Message-ID."""

import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from threading import Lock
from typing import Any

MARK = re.compile(r"\bm[0-9a-f]{12}\b")  # as tests.faults.scene.new_mark makes them


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server has said 250 to. `at`: seconds since 1970, by this process's clock."""

    id: str
    to: str
    subject: str
    text: str
    at: float


class MailServer:
    """aiosmtpd's handler."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: list[Taken] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail: EmailMessage = BytesParser(policy=default).parsebytes(envelope.content)
        body = mail.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        with self._lock:
            self._taken.append(Taken(str(mail["Message-ID"]), str(mail["To"]), str(mail["Subject"]), text, time.time()))
        return "250 OK"

    def taken(self) -> list[Taken]:
        with self._lock:
            return list(self._taken)

    def by_matter(self) -> dict[tuple[str, str, str], set[str]]:
        """The ids of what was sent to one address, under one subject, about one thing; more than one means: sent twice."""
        found: dict[tuple[str, str, str], set[str]] = {}
        for mail in self.taken():
            for mark in set(MARK.findall(mail.text)) or {""}:
                found.setdefault((mail.to, mail.subject, mark), set()).add(mail.id)
        return found

    def by_mark(self) -> dict[str, list[Taken]]:
        """What was sent about one thing."""
        found: dict[str, list[Taken]] = {}
        for mail in self.taken():
            for mark in set(MARK.findall(mail.text)):
                found.setdefault(mark, []).append(mail)
        return found

    def to(self, address: str) -> list[Taken]:
        return [mail for mail in self.taken() if mail.to == address]
