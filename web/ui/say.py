"""Flask-Babel's gettext with types, for functions that answer a sentence."""

from typing import Any

import flask_babel


def gettext(message: str, **words: Any) -> str:
    return str(flask_babel.gettext(message, **words))


def ngettext(one: str, many: str, num: int, **words: Any) -> str:
    return str(flask_babel.ngettext(one, many, num, **words))
