"""The inbox in the browser, and as JSON for tests."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from sandbox.look import language, put_on
from sandbox.mail.box import Box, Mail
from sandbox.mail.groups import Groups
from sandbox.mail.words import translate

VIEWS = ("html", "text", "headers")
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail is a stranger: it may be looked at, its styles count, nothing of it runs or loads, and its links open in a window of their own.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


def make_app(box: Box, groups: Groups | None = None) -> Flask:
    """The page over `box`, and beside it that of the groups that bots speak to."""
    groups = groups or Groups(box.directory.parent / "bots.jsonl")
    app = Flask(__name__, static_folder="static", template_folder="templates")
    put_on(app)
    app.add_url_rule("/", view_func=partial(_inbox, box), endpoint="inbox")
    app.add_url_rule("/mails/<name>", view_func=partial(_inbox, box), endpoint="mail")
    app.add_url_rule("/mails/<name>/html", view_func=partial(_html, box), endpoint="html")
    app.add_url_rule("/mails/<name>/raw", view_func=partial(_raw, box), endpoint="raw")
    app.add_url_rule("/mails/removal", view_func=partial(_removal, box), endpoint="removal", methods=["POST"])
    app.add_url_rule("/bots", view_func=partial(_groups, groups), endpoint="groups")
    app.add_url_rule("/bots/removal", view_func=partial(_silence, groups), endpoint="silence", methods=["POST"])
    app.add_url_rule("/api/bots", view_func=partial(_said, groups), endpoint="said")
    app.add_url_rule("/cgi-bin/webhook/send", view_func=partial(_wecom, groups), endpoint="wecom", methods=["POST"])
    app.add_url_rule("/robot/send", view_func=partial(_dingtalk, groups), endpoint="dingtalk", methods=["POST"])
    app.add_url_rule("/open-apis/bot/v2/hook/<token>", view_func=partial(_feishu, groups), endpoint="feishu", methods=["POST"])
    app.add_url_rule("/api/mails", view_func=partial(_api, box), endpoint="api")
    app.register_error_handler(HTTPException, _error)
    app.context_processor(lambda: {"_": _translator(), "language": language()})
    app.after_request(_headers)
    return app


def _inbox(box: Box, name: str = "") -> str:
    to, view = request.args.get("to", ""), request.args.get("view", "")
    mail = (box.get(name) or abort(404)) if name else None
    if mail and view not in VIEWS:
        view = "html" if mail.html else "text"
    return render_template("inbox.html", mails=list(box.mails(to)), to=to, mail=mail, view=view)


def _html(box: Box, name: str) -> Response:
    mail = box.get(name) or abort(404)
    answer = Response('<!doctype html><base target="_blank">' + mail.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _raw(box: Box, name: str) -> Response:
    mail = box.get(name) or abort(404)
    return Response(mail.raw, mimetype="message/rfc822", headers={"Content-Disposition": f"attachment; filename={mail.id}.eml"})


def _removal(box: Box) -> AnyResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    box.empty()
    return redirect(url_for("inbox"), 303)


def _groups(groups: Groups) -> str:
    return render_template("groups.html", messages=groups.messages())


def _silence(groups: Groups) -> AnyResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    groups.empty()
    return redirect(url_for("groups"), 303)


def _said(groups: Groups) -> Response:
    return jsonify([{"brand": one.brand, "key": one.key, "text": one.text, "at": one.at.isoformat()} for one in groups.messages()])


def _wecom(groups: Groups) -> Response:
    return jsonify(groups.hear("wecom", request.args.get("key", ""), request.get_json(silent=True)))


def _dingtalk(groups: Groups) -> Response:
    signed = {"timestamp": request.args.get("timestamp", ""), "sign": request.args.get("sign", "")}
    return jsonify(groups.hear("dingtalk", request.args.get("access_token", ""), request.get_json(silent=True), **signed))


def _feishu(groups: Groups, token: str) -> Response:
    body = request.get_json(silent=True)
    signed = {name: str(body.get(name, "")) for name in ("timestamp", "sign")} if isinstance(body, dict) else {}
    return jsonify(groups.hear("feishu", token, body, **signed))


def _api(box: Box) -> Response:
    return jsonify([_as_json(mail) for mail in box.mails(request.args.get("to", ""))])


def _as_json(mail: Mail) -> dict[str, Any]:
    fields = {"id": mail.id, "from": mail.sender, "to": mail.to, "subject": mail.subject, "date": mail.sent.isoformat()}
    return fields | {"text": mail.text, "html": mail.html, "links": mail.links, "headers": mail.headers}


def _error(error: HTTPException) -> tuple[str, int]:
    return render_template("missing.html", name=error.name), error.code or 500


def _translator() -> Callable[[str], str]:
    return partial(translate, language=language())


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store" if request.endpoint not in ("static", "look.static") else "no-cache"
    return answer
