"""Letters: written once as plain parts, shown as text and as HTML, in the reader's language, and promised in the outbox."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
from flask import current_app, render_template, url_for
from flask_babel import force_locale
from sqlalchemy.orm import Session

from tenants.wall.outbox import promise
from web.config import Settings
from web.languages import DEFAULT, LOCALES


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a list: what, beside it what more, and where it is."""

    text: str
    note: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """`button` is (label, address); `notes` stand small beneath it; `lists` are (heading, lines) before it. `foot`: why it was sent."""

    subject: str
    paragraphs: tuple[str, ...]
    button: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    foot: tuple[str, str] | None = None  # words, and the address where it can be changed, or "" where it cannot


@contextmanager
def language(locale: str | None) -> Iterator[None]:
    """What is said in the block is said in this language."""
    with force_locale(locale if locale in LOCALES else DEFAULT):
        yield


def post(session: Session, to: str, letter: Letter, *, at: dt.datetime) -> uuid.UUID:
    """Promises the letter to the address `to`; it is sent once the transaction stands. Write and post it inside `language(…)`."""
    return promise(session, "mail", write(to, letter), at=at)


def write(to: str, letter: Letter) -> dict[str, str]:
    """What is sent: to, subject, text, html."""
    # A mail's head is one line: what people typed must not make two of it.
    subject = " ".join(letter.subject.split())
    return {"to": to, "subject": subject, "text": as_text(letter), "html": as_html(letter)}


def as_text(letter: Letter) -> str:
    return render_template("mail/letter.txt", letter=letter)


def as_html(letter: Letter) -> str:
    return _inliner().inline(render_template("mail/letter.html", letter=letter))


def public_url(endpoint: str, **values: Any) -> str:
    """An address for mails. The host is ours by configuration, never what a request says it is."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url.rstrip("/") + url_for(endpoint, **values)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
