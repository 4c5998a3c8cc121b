"""Moving through the stages: by drag, menu, key or plain form; won, lost and invalid ask for what they need first."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from tenants.pipeline.lost_reason import LostReason, lost_reasons
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Stage
from tenants.pipeline.places import rank_in
from tenants.pipeline.taking_back import take_back as undo_move
from web.opportunities.answers import clash, dragged, is_on_board, kept, moved
from web.opportunities.forms import InvalidForm, LossForm, WinForm
from web.opportunities.views import found_to_change, pages
from web.ui.htmx import dialog_or_page, leave, page, tell
from web.visit import here, permit

Close = Callable[[Opportunity, FlaskForm], str]  # closes it by what was typed; says what to tell


@pages.post("/opportunities/<uuid:opportunity_id>/move")
def move(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    """`stage_id`, and the neighbours there: `before_id` stands above it, `after_id` below."""
    visit, opportunity = here(), found_to_change(opportunity_id)
    permit("opportunity.edit")
    stage = _stage(opportunity)
    if _is_stale(opportunity):
        return clash(opportunity)
    if stage.id != opportunity.stage_id and not stage.is_open:
        return _ask(opportunity, stage)
    former, above, below = opportunity.stage_id, _neighbour("before_id"), _neighbour("after_id")
    if stage.id == former:
        opportunity.place(visit.session, above_id=above, below_id=below)
    else:
        rank = rank_in(visit.session, stage.id, above_id=above, below_id=below, besides=opportunity.id)
        opportunity.move(visit.session, stage, by=visit.actor, at=visit.now, rank=rank)
        _say_moved(opportunity, stage)
    visit.session.flush()
    return dragged(opportunity, former)


@pages.post("/opportunities/<uuid:opportunity_id>/return")
def take_back(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    """Undo, from the toast: back to the stage before, at its old place."""
    visit, opportunity = here(), found_to_change(opportunity_id)
    permit("opportunity.edit")
    if _is_stale(opportunity):
        return clash(opportunity)
    former = opportunity.stage_id
    undo_move(visit.session, opportunity, by=visit.actor, at=visit.now)
    visit.session.flush()
    return moved(opportunity, former)


@pages.route("/opportunities/<uuid:opportunity_id>/win", methods=["GET", "POST"])
def win(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    def close(opportunity: Opportunity, form: FlaskForm) -> str:
        opportunity.win(here().session, by=here().actor, at=here().now, amount=form.amount.data, closed_at=form.closed_at())
        return str(gettext("Won! Well done."))

    return _closing("win", opportunity_id, _win_form, close)


@pages.route("/opportunities/<uuid:opportunity_id>/loss", methods=["GET", "POST"])
def loss(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    def close(opportunity: Opportunity, form: FlaskForm) -> str:
        reason = here().session.get_one(LostReason, uuid.UUID(form.reason_id.data))
        opportunity.lose(here().session, reason, by=here().actor, at=here().now, remark=form.remark.data, closed_at=form.closed_at())
        return str(gettext("Noted as lost."))

    return _closing("loss", opportunity_id, _loss_form, close)


@pages.route("/opportunities/<uuid:opportunity_id>/invalidation", methods=["GET", "POST"])
def invalidation(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    def close(opportunity: Opportunity, form: FlaskForm) -> str:
        opportunity.mark_invalid(here().session, by=here().actor, at=here().now, remark=form.remark.data)
        return str(gettext("Marked as invalid."))

    return _closing("invalidation", opportunity_id, _invalid_form, close)


@pages.post("/opportunities/<uuid:opportunity_id>/reopening")
def reopening(opportunity_id: uuid.UUID) -> ResponseReturnValue:
    visit, opportunity = here(), found_to_change(opportunity_id)
    permit("opportunity.edit")
    if _is_stale(opportunity):
        return clash(opportunity)
    opportunity.reopen(visit.session, by=visit.actor, at=visit.now)
    visit.session.flush()
    tell(gettext("Open again, in “%(stage)s”.", stage=visit.session.get_one(Stage, opportunity.stage_id).name), undo=_undo(opportunity))
    return leave(url_for(".show", opportunity_id=opportunity.id))


def _stage(opportunity: Opportunity) -> Stage:
    """The stage that is asked for: one in use, of a pipeline in use."""
    stage_id = request.form.get("stage_id", type=uuid.UUID) or abort(400)
    stage = here().session.get(Stage, stage_id)
    return stage if stage is not None and stage.archived_at is None else abort(422)


def _neighbour(name: str) -> uuid.UUID | None:
    return request.form.get(name, type=uuid.UUID)


def _is_stale(opportunity: Opportunity) -> bool:
    """The page showed another version than there is now. A form without a version (a link, a script) asks for none."""
    shown = request.args.get("version", type=int)
    return shown is not None and shown != opportunity.version


def _ask(opportunity: Opportunity, stage: Stage) -> ResponseReturnValue:
    """A closing stage asks first: in the dialog over the board, or on a page of its own."""
    verb, fresh = CLOSING[stage.kind]
    if not is_on_board():
        return leave(url_for(f".{verb}", opportunity_id=opportunity.id, version=opportunity.version))
    answer = make_response(_form(verb, opportunity, fresh(opportunity, formdata=None), layout="layouts/dialog.html"))
    answer.headers["HX-Retarget"] = "#dialog"
    return answer


def _win_form(opportunity: Opportunity, **how: Any) -> WinForm:
    return WinForm(data={"amount": opportunity.amount, "closed_on": here().today}, **how)


def _loss_form(_: Opportunity, **how: Any) -> LossForm:
    form = LossForm(data={"closed_on": here().today}, **how)
    form.reason_id.choices = [("", gettext("Choose")), *((str(reason.id), reason.name) for reason in lost_reasons(here().session))]
    return form


def _invalid_form(_: Opportunity, **how: Any) -> InvalidForm:
    return InvalidForm(**how)


CLOSING: dict[str, tuple[str, Callable[..., FlaskForm]]] = {
    "won": ("win", _win_form),
    "lost": ("loss", _loss_form),
    "invalid": ("invalidation", _invalid_form),
}


def _form(verb: str, opportunity: Opportunity, form: FlaskForm, *, layout: str = "") -> ResponseReturnValue:
    shown = request.args.get("version", opportunity.version, type=int)  # a second try still speaks of what the person saw
    action = url_for(f".{verb}", opportunity_id=opportunity.id, **({"version": str(shown)} | kept()))
    status = 422 if form.errors else 200
    return page(f"opportunities/{verb}.html", status=status, opportunity=opportunity, form=form, action=action, layout=layout or dialog_or_page())


def _closing(verb: str, opportunity_id: uuid.UUID, fresh: Callable[..., FlaskForm], close: Close) -> ResponseReturnValue:
    """The way of all that ends an opportunity: asked, refused as stale, closed, told with an undo."""
    opportunity = found_to_change(opportunity_id)
    permit("opportunity.edit")
    form = fresh(opportunity)
    if not form.validate_on_submit():
        return _form(verb, opportunity, form)
    if _is_stale(opportunity):
        return clash(opportunity)
    former = opportunity.stage_id
    sentence = close(opportunity, form)
    here().session.flush()
    tell(sentence, undo=_undo(opportunity))
    return moved(opportunity, former)


def _say_moved(opportunity: Opportunity, stage: Stage) -> None:
    tell(gettext("Moved to “%(stage)s”.", stage=stage.name), undo=_undo(opportunity))


def _undo(opportunity: Opportunity) -> str:
    return url_for(".take_back", opportunity_id=opportunity.id, **({"version": str(opportunity.version)} | kept()))
