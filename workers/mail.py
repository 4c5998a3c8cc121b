"""Sends a mail. Its Message-ID follows from the promise, so that a mail that is sent twice is one mail to whoever receives it."""

import smtplib
import ssl
import uuid
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

from web.config import Settings
from workers.refusals import Hopeless

PATIENCE = 10  # seconds for each answer of the mail server


class PostOffice:
    """The line to the mail server: opened with the first letter, kept for the next ones, closed at the end.

    `deliver` returns as soon as the server has said that it takes the letter. Farewell is said later: whoever dies between that answer and the
    record of it sends the letter again.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):  # every letter has been answered for; how the line ends matters to nobody
                self._line.quit()
            self._line.close()

    def deliver(self, key: uuid.UUID, payload: Mapping[str, Any]) -> None:
        """`payload`: to, subject, text, html (already rendered)."""
        message = compose(self.settings.mail_from, key, payload)
        try:
            self._open().send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = {code for code, _ in refusal.recipients.values()}
            if min(codes, default=0) >= 500:
                raise Hopeless(f"the mail server refuses {payload['to']}") from refusal
            raise

    def _open(self) -> smtplib.SMTP:
        """A line that answers."""
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._line.rset()[0] == 250:
                    return self._line
            self._line.close()
        self._line = _connect(urlsplit(self.settings.smtp_url))
        return self._line


def compose(sender: str, key: uuid.UUID, payload: Mapping[str, Any]) -> EmailMessage:
    """Raises `Hopeless` for a payload that makes no mail, such as an address with a line break."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, payload["to"], payload["subject"]
        message.set_content(payload["text"])
        if payload.get("html"):
            message.add_alternative(payload["html"], subtype="html")
    except (KeyError, ValueError, TypeError) as error:
        raise Hopeless(f"no mail can be made of this: {error}") from error
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{key}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _connect(url: SplitResult) -> smtplib.SMTP:
    """smtps:// is encrypted from the start; smtp:// is when the server can, and must be before it hears a password."""
    host, secure = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=PATIENCE, context=secure)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=secure)
        elif url.username:
            server.close()
            raise smtplib.SMTPException("the mail server offers no encryption, and a password is not sent in the open")
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server
