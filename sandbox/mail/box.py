"""Mails in a directory, one `.eml` file each, the newest `CAPACITY` of them."""

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import cast

CAPACITY = 500
RECIPIENTS = "X-Envelope-To"  # also who is in Bcc, which the mail itself does not say
LINK = re.compile(r"https?://[^\s<>\"'）】」]+[^\s<>\"'）】」.,;:!?。，；：！？)\]]")
ID = re.compile(r"\d{19}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Mail:
    id: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def to(self) -> list[str]:
        """Addresses only, as the envelope says."""
        return [address for _, address in getaddresses([str(self.message[RECIPIENTS] or self.message["To"] or "")]) if address]

    @property
    def received(self) -> datetime:
        return datetime.fromtimestamp(int(self.id[:19]) / 1e9, UTC)

    @property
    def sent(self) -> datetime:
        try:
            return parsedate_to_datetime(str(self.message["Date"])).astimezone(UTC)
        except ValueError:
            return self.received

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """Every address in it, once, in the order of reading."""
        return list(dict.fromkeys(LINK.findall(self.text or self.html.replace("&amp;", "&"))))

    @property
    def attachments(self) -> list[tuple[str, int]]:
        """Names and sizes in bytes."""
        parts = self.message.iter_attachments()
        return [(part.get_filename() or part.get_content_type(), len(cast(bytes, part.get_payload(decode=True) or b""))) for part in parts]

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    def _part(self, kind: str) -> str:
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if body is not None else ""


@dataclass(frozen=True, slots=True)
class Box:
    directory: Path

    def put(self, raw: bytes, recipients: list[str]) -> str:
        """Keep a mail; the oldest make room for it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():019d}-{uuid.uuid4().hex[:8]}"
        envelope = f"{RECIPIENTS}: {', '.join(recipients)}\r\n".encode()
        half = self.directory / f"{name}.part"
        half.write_bytes(envelope + raw)
        half.rename(self._file(name))
        for old in self._names()[CAPACITY:]:
            self._file(old).unlink(missing_ok=True)
        return name

    def mails(self, to: str = "") -> Iterator[Mail]:
        """Newest first; with `to`, those that went to an address which contains it."""
        wanted = to.strip().casefold()
        for name in self._names():
            mail = self.get(name)
            if mail and (not wanted or any(wanted in address.casefold() for address in mail.to)):
                yield mail

    def get(self, name: str) -> Mail | None:
        if not ID.fullmatch(name):
            return None
        try:
            return Mail(name, self._file(name).read_bytes())
        except FileNotFoundError:
            return None

    def empty(self) -> None:
        for name in self._names():
            self._file(name).unlink(missing_ok=True)

    def _names(self) -> list[str]:
        return sorted((file.stem for file in self.directory.glob("*.eml")), reverse=True)

    def _file(self, name: str) -> Path:
        return self.directory / f"{name}.eml"
