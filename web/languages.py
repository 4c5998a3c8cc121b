"""The person's choice wins, then the company's, then what the browser asks for. zh_Hans_CN is the default."""

from flask import Flask, g, request
from flask_babel import Babel

from web import words

LOCALES = {"zh_Hans_CN": "中文", "en": "English"}
DEFAULT = "zh_Hans_CN"
COOKIE = "lang"


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    words.compile_stale()
    Babel(app, locale_selector=locale, timezone_selector=timezone)
    app.jinja_env.globals.update(
        html_lang=html_lang, current_locale=locale, LOCALES=LOCALES
    )


def locale() -> str:
    visitor, visit = g.get("visitor"), g.get("visit")
    chosen = (visitor and visitor.locale) or (visit and visit.tenant.locale)
    chosen = chosen or request.args.get("lang") or request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return str(chosen)
    wanted = request.accept_languages.best_match(
        ["zh-CN", "zh", "zh-Hans", "zh-TW", "zh-HK", "en", "en-US", "en-GB"], "zh-CN"
    )
    return "en" if wanted.startswith("en") else DEFAULT


def timezone() -> str:
    visit = g.get("visit")
    return visit.tenant.timezone if visit else "Asia/Shanghai"


def html_lang() -> str:
    return "en" if locale() == "en" else "zh-CN"
