"""What the address asks for (?lang=) wins, then the person's choice, the company's, this browser's, what the browser asks for; else zh_Hans_CN."""

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel

from web import words

LOCALES = {"zh_Hans_CN": "中文", "en": "English"}
DEFAULT = "zh_Hans_CN"
COOKIE = "lang"
YEAR = 365 * 24 * 3600  # seconds


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    words.compile_stale()
    Babel(app, locale_selector=locale, timezone_selector=timezone)
    app.after_request(remember)
    app.jinja_env.globals.update(html_lang=html_lang, current_locale=locale, LOCALES=LOCALES)


def locale() -> str:
    visitor, visit = g.get("visitor"), g.get("visit")
    chosen = (visitor and visitor.locale) or (visit and visit.tenant.locale) or request.cookies.get(COOKIE)
    for wish in (request.args.get("lang"), chosen):
        if wish in LOCALES:
            return str(wish)
    wanted = request.accept_languages.best_match(["zh-CN", "zh", "zh-Hans", "zh-TW", "zh-HK", "en", "en-US", "en-GB"], "zh-CN")
    return "en" if wanted.startswith("en") else DEFAULT


def remember(response: Response) -> Response:
    """A visitor who chose a language keeps it on the next page."""
    wish = request.args.get("lang")
    if wish in LOCALES and request.cookies.get(COOKIE) != wish:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, wish, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def timezone() -> str:
    visit = g.get("visit")
    return visit.tenant.timezone if visit else "Asia/Shanghai"


def html_lang() -> str:
    return "en" if locale() == "en" else "zh-CN"
