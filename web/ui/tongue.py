"""Translation for templates: Flask-Babel's own, with the catalogue looked up once a request. A page asks a few hundred times."""

from typing import cast

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import get_translations


def init_app(app: Flask) -> None:
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it


def gettext(message: str) -> str:
    return catalogue().ugettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return catalogue().ungettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    return catalogue().upgettext(context, message)


def catalogue() -> NullTranslations:
    """Kept where Flask-Babel empties it when the locale is forced or refreshed."""
    kept = getattr(g.get("_flask_babel"), "babel_translations", None)
    if kept is None:
        kept = get_translations()
        if "_flask_babel" in g:
            g._flask_babel.babel_translations = kept
    return cast(NullTranslations, kept)
