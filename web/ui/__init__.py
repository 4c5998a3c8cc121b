"""What every page is made of: static files, icons, words for days and money, pieces for htmx, pages of lists."""

from flask import Flask
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context

from web.ui import assets, days, money, sizes, tongue
from web.ui.faults import fault
from web.ui.frame import around
from web.ui.htmx import dialog_or_page, is_htmx, toasts, wants
from web.ui.icons import icon
from web.ui.ids import dom_id
from web.ui.links import here_with, here_without, way
from web.ui.people import firm_initial, initial
from web.ui.speech import speech
from web.ui.still import still

EVERYWHERE = (icon, dom_id, initial, firm_initial, here_with, here_without, way, is_htmx, wants, dialog_or_page, toasts, speech, still, around, fault)


def init_app(app: Flask) -> None:
    assets.init_app(app)
    tongue.init_app(app)
    app.jinja_env.globals.update({word.__name__: word for word in EVERYWHERE}, is_chinese=is_chinese)
    app.jinja_env.filters.update(
        money=money.money,
        money_whole=money.money_whole,
        money_short=_money_short,
        count=money.count,
        bytes=sizes.in_words,
        day=days.day,
        due=days.due,
        clock=days.clock,
        exact=days.exact,
        iso=days.iso,
        long_day=days.long_day,
        said_day=days.said_day,
        full_day=days.full_day,
        month_name=days.month_name,
    )


@pass_context  # so that Jinja does not fold a constant amount into the words of whoever came first
def _money_short(_: Context, amount: money.Amount) -> str:
    return money.money_short(amount, chinese=is_chinese())


def is_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"
