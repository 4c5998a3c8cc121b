"""The catalogues: messages are taken from code and templates, zh_Hans_CN is complete, English is the message ids themselves."""

import io
import json
import os
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).parents[1]
TRANSLATIONS = Path(__file__).parent / "translations"
ROOMS = ("saas", "tenants", "web", "workers")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None, "N_": None, "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
LOCALES = ("zh_Hans_CN", "en")


def extract() -> Catalog:
    """What the code says now."""
    said = Catalog(project="Zuke", charset="utf-8", fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(str(HOUSE / room), METHODS, {"**/templates/**": {"trimmed": "true"}}, KEYWORDS, comment_tags=())
        for _, _, message, _, context in found:
            said.add(message, context=context)
    return said


def update(fill: str | None = None) -> list[str]:
    """Rewrites and compiles the catalogues; returns the messages without Chinese."""
    said, words = extract(), _given(fill)
    missing: list[str] = []
    for locale in LOCALES:
        catalog = _read(locale)
        catalog.update(said, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            _fill(message, words if locale != "en" else {}, english=locale == "en")
            if message.id and not _translated(message):
                missing.append(f"{locale}: {message.id}")
        _write(catalog, locale)
    return missing


def check() -> list[str]:
    """Messages of the code that a catalogue lacks, or has without a translation."""
    compile_stale()
    said = extract()
    return [
        f"{locale}: {message.id}"
        for locale in LOCALES
        for catalog in [_read(locale)]
        for message in said
        if message.id and not ((known := catalog.get(message.id, message.context)) and _translated(known))
    ]


def compile_stale() -> None:
    """Compiles the catalogues that are newer than their compiled form, or have none."""
    for locale in LOCALES:
        source, compiled = _path(locale), _path(locale).with_suffix(".mo")
        if source.exists() and not (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
            _compile(_read(locale), locale)


def _given(folder: str | None) -> dict[str, str | list[str]]:
    words: dict[str, str | list[str]] = {}
    for path in sorted(Path(folder).glob("*.json")) if folder else ():
        words |= json.loads(path.read_text())
    return words


def _fill(message: Message, words: dict[str, str | list[str]], *, english: bool) -> None:
    if english:
        message.string = message.id
        return
    key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    given = words.get(key)
    if given is None:
        return
    plural = isinstance(message.id, (tuple, list))
    message.string = tuple([given] if isinstance(given, str) else given[:1]) if plural else given if isinstance(given, str) else given[0]


def _translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _read(locale: str) -> Catalog:
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Zuke", charset="utf-8", fuzzy=False)
    return read_po(io.BytesIO(path.read_bytes()), locale=locale)


def _write(catalog: Catalog, locale: str) -> None:
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: ' + catalog.plural_forms.encode() + b'\\n"\n\n'
    path.write_bytes(header + out.getvalue())
    _compile(catalog, locale)


def _compile(catalog: Catalog, locale: str) -> None:
    out = io.BytesIO()
    write_mo(out, catalog)
    target = _path(locale).with_suffix(".mo")
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(out.getvalue())
    fresh.replace(target)  # another process may be reading


def _path(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
