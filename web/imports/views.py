"""Imports: the list of past ones, choosing a file, the template to download."""

import uuid
from collections.abc import Mapping
from typing import Any, cast

from flask import Response, abort, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select, true

from saas.identity.throttle import UPLOAD
from tenants.customers.files import safe_name
from tenants.imports import asking
from tenants.imports.fields import KIND_NAMES, KINDS, Kind
from tenants.imports.models import Import
from tenants.imports.reading import read
from tenants.imports.running import permissions
from tenants.jobs.models import Job
from tenants.team.actor import Actor
from tenants.team.queries import names_of
from tenants.values.words import Refusal
from web.customers.attachments import LOCKED
from web.imports.books import XLSX, template_of
from web.tenancy import tenant_pages
from web.tries import count_of_member
from web.ui.htmx import form_again, leave, page
from web.ui.say import gettext
from web.visit import find, here, permit

pages = tenant_pages("imports", __name__)
SHOWN = 50  # past imports


def kinds_for(actor: Actor) -> list[tuple[str, str]]:
    """What this member may import, with its name."""
    return [(kind, gettext(KIND_NAMES[kind])) for kind in KINDS if all(actor.may(one) for one in permissions(kind))]


def find_import(import_id: uuid.UUID) -> Import:
    """One's own, and everybody's for who sees the whole firm."""
    one = find(Import, import_id, _is_seen())
    permit("customer.import")
    return one


def say(told: Mapping[str, Any]) -> str:
    """A sentence that was kept with its parameters."""
    sentence: str = told.get("sentence", "")
    return gettext(sentence, **told.get("params", {})) if sentence else ""


def refused(refusal: Refusal) -> str:
    return gettext(refusal.sentence, **refusal.params)


@pages.get("/imports")
def index() -> ResponseReturnValue:
    permit("customer.import")
    visit = here()
    rows = visit.session.scalars(select(Import).where(_is_seen()).order_by(Import.id.desc()).limit(SHOWN)).all()
    names = names_of(visit.session, {one.member_id for one in rows})
    return page("imports/index.html", rows=rows, names=names, kind_names={kind: gettext(name) for kind, name in KIND_NAMES.items()})


@pages.get("/imports/new")
def new() -> ResponseReturnValue:
    permit("customer.import")
    asked = request.args.get("kind", "")
    return page("imports/new.html", kinds=kinds_for(here().actor), kind=asked if asked in KINDS else "customer", error="")


@pages.post("/imports")
def create() -> ResponseReturnValue:
    permit("customer.import")
    visit, kind, file = here(), request.form.get("kind", ""), request.files.get("file")
    if kind not in dict(kinds_for(visit.actor)):
        abort(403 if kind in KINDS else 422)
    try:
        if file is None or not file.filename:
            return _again(kind, gettext("Choose a file."))
        count_of_member(UPLOAD)
        with file.stream as stream:
            sheet = read(file.filename, stream.read())
        if sheet.form == "vcard" and kind != "contact":
            return _again(kind, gettext("Business cards are contacts: choose “Contacts” above."))
        one = asking.begin(visit.session, cast(Kind, kind), safe_name(file.filename), sheet, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        return _again(kind, refused(refusal))
    return leave(url_for(".columns", import_id=one.id))


@pages.get("/imports/templates/<kind>")
def template(kind: str) -> ResponseReturnValue:
    permit("customer.import")
    if kind not in KINDS:
        abort(404)
    template = gettext("Template")
    name = f"{gettext(KIND_NAMES[kind])}-{template}.xlsx"
    return handed(send_file(template_of(kind), mimetype=XLSX, as_attachment=True, download_name=name))


@pages.get("/imports/jobs/<uuid:job_id>")
def of_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """The import that a piece of long work is about."""
    key = asking.key_of(find(Job, job_id, Job.kind.startswith("import")))
    return leave(url_for(".show", import_id=find_import(key).id)) if key else abort(404)


def handed(answer: Response) -> Response:
    """What is handed out is only bytes to the browser."""
    answer.headers["Content-Security-Policy"] = LOCKED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _again(kind: str, error: str) -> ResponseReturnValue:
    return form_again("imports/new.html", kinds=kinds_for(here().actor), kind=kind, error=error)


def _is_seen() -> ColumnElement[bool]:
    actor = here().actor
    return true() if actor.scope("customer") == "all" else Import.member_id == actor.id
