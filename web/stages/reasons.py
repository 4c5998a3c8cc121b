"""Why opportunities are lost: the list that the closing dialog offers."""

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.pipeline.lost_reason import LostReason, add_reason
from tenants.values.words import Refusal
from web.stages.forms import ReasonForm
from web.stages.views import pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import find, here, permit


@pages.route("/settings/reasons/new", methods=["GET", "POST"])
def create_reason() -> ResponseReturnValue:
    permit("settings.stages")
    form = ReasonForm()
    return _reason(form, None)


@pages.route("/settings/reasons/<uuid:reason_id>", methods=["GET", "POST"])
def rename_reason(reason_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    reason = find(LostReason, reason_id, LostReason.archived_at.is_(None))
    return _reason(ReasonForm(obj=reason), reason)


@pages.post("/settings/reasons/<uuid:reason_id>/removal")
def remove_reason(reason_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    reason = find(LostReason, reason_id, LostReason.archived_at.is_(None))
    try:
        reason.archive(here().session, at=here().now)
        tell(gettext("“%(name)s” is offered no more.", name=reason.name), undo=url_for(".restore_reason", reason_id=reason.id))
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="wait")
    return leave(url_for(".index"))


@pages.post("/settings/reasons/<uuid:reason_id>/restoration")
def restore_reason(reason_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    find(LostReason, reason_id).restore(here().session)
    return leave(url_for(".index"))


def _reason(form: ReasonForm, reason: LostReason | None) -> ResponseReturnValue:
    refusal = ""
    if form.validate_on_submit():
        try:
            _keep(form.name.data, reason)
            tell(gettext("Saved."))
            return leave(url_for(".index"))
        except Refusal as refused:
            refusal = gettext(refused.sentence, **refused.params)
    answer = form_again if form.errors or refusal else page
    return answer("stages/reason.html", form=form, reason=reason, refusal=refusal)


def _keep(name: str, reason: LostReason | None) -> None:
    session = here().session
    if reason is None:
        add_reason(session, name)
    else:
        reason.rename(session, name)
    session.flush()
