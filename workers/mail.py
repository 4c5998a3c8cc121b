"""Sends a mail. Its Message-ID follows from the promise, so that a mail that is sent twice is one mail to whoever receives it."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from tenants.wall.outbox import Promise
from web.config import Settings
from workers.effects import Hopeless

PATIENCE = 10  # seconds for each answer of the mail server


def send(settings: Settings, promised: Promise) -> None:
    """`payload`: to, subject, text, html (already rendered)."""
    message = compose(settings.mail_from, promised)
    try:
        with _post_office(urlsplit(settings.smtp_url)) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = {code for code, _ in refusal.recipients.values()}
        if min(codes, default=0) >= 500:
            raise Hopeless(f"the mail server refuses {promised.payload['to']}") from refusal
        raise


def compose(sender: str, promised: Promise) -> EmailMessage:
    """Raises `Hopeless` for a payload that makes no mail, such as an address with a line break."""
    payload = promised.payload
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, payload["to"], payload["subject"]
        message.set_content(payload["text"])
        if payload.get("html"):
            message.add_alternative(payload["html"], subtype="html")
    except (KeyError, ValueError, TypeError) as error:
        raise Hopeless(f"no mail can be made of this: {error}") from error
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{promised.id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _post_office(url: SplitResult) -> smtplib.SMTP:
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
