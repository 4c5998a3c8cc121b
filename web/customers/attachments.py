"""Files kept with a customer: added, handed out so that none of them runs in our pages, removed with undo."""

import uuid
from io import BytesIO

from flask import abort, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from tenants.customers.attachment import Attachment, attach
from tenants.team.scope import with_customer
from tenants.values.words import Refusal
from web import pieces
from web.customers.views import pages
from web.ui.htmx import tell
from web.visit import find, here, permit

MOST = 20  # files at once
# What is handed out is only bytes to the browser: it gets no script, no style, no frame, and no guess at what it might be.
LOCKED = "default-src 'none'; sandbox"


@pages.post("/customers/<uuid:customer_id>/attachments", endpoint="attach")
def add(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    files = [one for one in request.files.getlist("files") if one.filename]
    if not files or len(files) > MOST:
        tell(gettext("Choose 1 to %(most)s files.", most=MOST), kind="bad")
        return pieces.answer(customer_id, pieces.ATTACHMENTS, anchor="attachments")
    kept = 0
    for file in files:
        try:
            with file.stream as stream:
                attach(visit.session, customer, name=file.filename, content=stream.read(), by=visit.actor, at=visit.now)
            kept += 1
        except Refusal as refusal:
            tell(gettext(refusal.sentence, **refusal.params), kind="bad")
    if kept:
        tell(ngettext("%(num)s file added.", "%(num)s files added.", kept))
    return pieces.answer(customer_id, pieces.ATTACHMENTS, pieces.HISTORY, anchor="attachments")


@pages.get("/attachments/<uuid:attachment_id>")
def attachment(attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The file itself, to be saved; with `?shown=1` a picture to be looked at."""
    permit("customer.read")
    file = find(Attachment, attachment_id, with_customer(Attachment.customer_id, here().actor), Attachment.deleted_at.is_(None))
    is_shown = file.is_showable and request.args.get("shown") == "1"
    answer = send_file(BytesIO(file.content), mimetype=file.media_type, as_attachment=not is_shown, download_name=file.name)
    answer.headers["Content-Security-Policy"] = LOCKED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.post("/attachments/<uuid:attachment_id>/removal")
def remove_attachment(attachment_id: uuid.UUID) -> ResponseReturnValue:
    visit, file = here(), _find(attachment_id)
    permit("customer.edit")
    if file.deleted_at is not None:
        abort(404)
    file.discard(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("File removed."), undo=url_for(".restore_attachment", attachment_id=attachment_id))
    return pieces.answer(file.customer_id, pieces.ATTACHMENTS, pieces.HISTORY, anchor="attachments")


@pages.post("/attachments/<uuid:attachment_id>/restoration")
def restore_attachment(attachment_id: uuid.UUID) -> ResponseReturnValue:
    visit, file = here(), _find(attachment_id)
    permit("customer.edit")
    file.restore(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("The file is back."))
    return pieces.answer(file.customer_id, pieces.ATTACHMENTS, pieces.HISTORY, anchor="attachments")


def _find(attachment_id: uuid.UUID) -> Attachment:
    seen = with_customer(Attachment.customer_id, here().actor, writing=True)
    return find(Attachment, attachment_id, seen, Attachment.customer_id.in_(pieces.LIVE_CUSTOMERS))
