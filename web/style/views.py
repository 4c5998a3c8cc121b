"""/_style: every component in every state, alive. Only in development."""

import datetime as dt
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from web.errors import show
from web.style import samples
from web.style.forms import SampleForm
from web.ui import is_chinese
from web.ui.days import now
from web.ui.frame import Frame
from web.ui.htmx import done, form_again, page, piece, tell
from web.ui.icons import ICONS

pages = Blueprint("style", __name__, url_prefix="/_style")
FACTS = {"industry": "环保设备制造", "size": "100-499"}


@pages.context_processor
def around() -> dict[str, Any]:
    chinese = is_chinese()
    shown = Frame(
        company="青禾商贸" if chinese else "Qinghe Trading",
        person="王芳" if chinese else "Fang Wang",
        mail="fang@qinghe.test",
        scope="style",
        home="/_style/",
        theme=request.args.get("theme") or request.cookies.get("theme") or "auto",
        palette="/_style/palette",
        todo="#",
        bell="#",
        unread=3,
        account="#",
        companies="#",
        sign_out="/_style/undo",
    )
    return {"around": lambda: shown, "menu": samples.menu(chinese=chinese), "chinese": chinese}


@pages.get("/")
def show_all() -> ResponseReturnValue:
    chinese = is_chinese()
    form, wrong = SampleForm(formdata=None), SampleForm(formdata=None, prefix="wrong", data={"name": "", "mail": "fang@"})
    wrong.name.errors, wrong.mail.errors = [gettext("Please fill this in.")], [gettext("This is not a mail address.")]
    return page(
        "style/index.html", form=form, wrong=wrong, list_page=samples.page(chinese=chinese), stages=samples.stages(chinese=chinese), today=now(),
        facts=FACTS, timedelta=dt.timedelta, icons=ICONS,
    )  # fmt: skip


@pages.route("/dialog", methods=["GET", "POST"])
def dialog() -> ResponseReturnValue:
    form = SampleForm()
    if form.validate_on_submit():
        tell(gettext("Saved"), undo="/_style/undo")
        return done("/_style/", close_dialog=True)
    return form_again("style/dialog.html", form=form) if request.method == "POST" else page("style/dialog.html", form=form)


@pages.post("/undo")
def undo() -> ResponseReturnValue:
    tell(gettext("Taken back"), kind="news")
    return done("/_style/")


@pages.post("/toast")
def toast() -> ResponseReturnValue:
    tell(gettext("Saved"), undo="/_style/undo")
    return done("/_style/")


@pages.post("/move")
def move() -> ResponseReturnValue:
    """The last column refuses, so that one can see a card go back."""
    if request.form["stage_id"] == "s4":
        return show(422, gettext("This stage asks for a contract first."))
    return done("/_style/")


@pages.route("/fact/<name>", methods=["GET", "POST"])
def fact(name: str) -> ResponseReturnValue:
    if name not in FACTS:
        abort(404)
    value = request.form.get("value", FACTS[name])
    editing = request.method == "GET" and "edit" in request.args
    return piece("style/_fact.html", name=name, value=value, editing=editing, saved=request.method == "POST")


@pages.get("/palette")
def palette() -> ResponseReturnValue:
    return piece("ui/palette_results.html", groups=samples.palette(request.args.get("q", ""), chinese=is_chinese()))


@pages.get("/fault/<int:status>")
def fault(status: int) -> ResponseReturnValue:
    return show(status if 400 <= status < 600 else 404)


@pages.get("/plain")
def plain() -> ResponseReturnValue:
    return page("style/plain.html", form=SampleForm(formdata=None))


@pages.get("/public")
def public() -> ResponseReturnValue:
    return page("style/public.html")
