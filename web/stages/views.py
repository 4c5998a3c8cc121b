"""设置 · 阶段: the firm arranges its pipelines, their stages, and the reasons for losing."""

import uuid
from typing import Any, TypeVar

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.pipeline.arranging import take_away_pipeline, take_away_stage
from tenants.pipeline.lost_reason import LostReason, lost_reasons
from tenants.pipeline.pipeline import Pipeline, Stage, stages_in_use
from tenants.timeline.log import record
from tenants.values.words import Refusal
from web.stages.forms import ClosingStageForm, NewPipelineForm, PipelineForm, StageForm, TakeAwayForm
from web.tenancy import tenant_pages
from web.ui.htmx import form_again, is_htmx, leave, page, tell
from web.visit import find, here, permit

pages = tenant_pages("stages", __name__)
Record = TypeVar("Record", Pipeline, Stage, LostReason)


@pages.get("/settings/stages")
def index() -> ResponseReturnValue:
    permit("settings.stages")
    session, arranged = here().session, stages_in_use(here().session)
    chosen = request.args.get("pipeline", type=uuid.UUID)
    pipeline = next((one for one in arranged if chosen in (None, one.id)), None) or abort(404)
    archived = session.scalars(select(Pipeline).where(Pipeline.archived_at.is_not(None)).order_by(Pipeline.name)).all()
    tabs = [{"label": one.name, "url": url_for(".index", pipeline=one.id), "on": one is pipeline} for one in arranged]
    context: dict[str, Any] = {
        "tabs": tabs,
        "pipelines": [*arranged],
        "pipeline": pipeline,
        "stages": arranged[pipeline],
        "archived": archived,
        "reasons": lost_reasons(session),
    }
    return page("stages/index.html", piece="arrangement", **context)


@pages.route("/settings/stages/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    permit("settings.stages")
    visit, pipeline = here(), find(Pipeline, _pipeline_id(), Pipeline.archived_at.is_(None))
    form = StageForm(data={"probability": 50, "slow_after": 14})
    if not form.validate_on_submit():
        return _form("stages/stage.html", form, pipeline=pipeline, stage=None)
    try:
        stage = pipeline.add_stage(visit.session, form.name.data, probability=form.probability.data, slow_after=form.slow_after.data)
    except Refusal as refusal:
        return _refused("stages/stage.html", form, refusal, pipeline=pipeline, stage=None)
    visit.session.flush()
    _note("stage.added", stage)
    return _done(gettext("“%(name)s” was added.", name=stage.name), pipeline.id)


@pages.route("/settings/stages/<uuid:stage_id>", methods=["GET", "POST"])
def edit(stage_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    visit, stage = here(), _stage(stage_id)
    form = StageForm(obj=stage) if stage.is_open else ClosingStageForm(obj=stage)
    if not form.validate_on_submit():
        return _form("stages/stage.html", form, stage=stage, pipeline=None)
    probability = form.probability.data if stage.is_open else stage.probability
    slow_after = form.slow_after.data if stage.is_open else stage.slow_after
    try:
        stage.edit(visit.session, name=form.name.data, probability=probability, slow_after=slow_after)
    except Refusal as refusal:
        return _refused("stages/stage.html", form, refusal, stage=stage, pipeline=None)
    _note("stage.edited", stage)
    return _done(gettext("Saved."), stage.pipeline_id)


@pages.post("/settings/stages/<uuid:stage_id>/place")
def place(stage_id: uuid.UUID) -> ResponseReturnValue:
    """`position` counts the open stages from 0."""
    permit("settings.stages")
    stage = _stage(stage_id)
    position = request.form.get("position", type=int)
    if position is None or not 0 <= position < 1000:
        abort(400)
    stage.place(here().session, position)
    _note("stage.placed", stage)
    if is_htmx():
        here().session.flush()
        return _arrangement(stage.pipeline_id)
    return leave(url_for(".index", pipeline=stage.pipeline_id))


@pages.route("/settings/stages/<uuid:stage_id>/removal", methods=["GET", "POST"])
def remove(stage_id: uuid.UUID) -> ResponseReturnValue:
    """Asks where its opportunities go, if there are any."""
    permit("settings.stages")
    visit, stage = here(), _stage(stage_id)
    others = [one for one in _open_stages(stage.pipeline_id) if one is not stage]
    form = _take_away_form(others, needed=stage.holds_any(visit.session))
    context = {"name": stage.name, "action": url_for(".remove", stage_id=stage.id), "back": stage.pipeline_id, "is_pipeline": False}
    if not form.validate_on_submit():
        return _form("stages/removal.html", form, **context)
    into = visit.session.get(Stage, uuid.UUID(form.into.data)) if "into" in form else None
    try:
        moved = take_away_stage(visit.session, stage, into=into, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        return _refused("stages/removal.html", form, refusal, **context)
    _note("stage.removed", stage, moved=moved)
    return _done(gettext("“%(name)s” was removed.", name=stage.name), stage.pipeline_id)


@pages.route("/settings/pipelines/new", methods=["GET", "POST"])
def create_pipeline() -> ResponseReturnValue:
    permit("settings.stages")
    visit, form = here(), NewPipelineForm()
    known = {str(one.id): one for one in stages_in_use(visit.session)}
    form.like.choices = [(key, one.name) for key, one in known.items()]
    if not form.validate_on_submit():
        return _form("stages/pipeline.html", form, pipeline=None)
    try:
        pipeline = known[form.like.data].copy(visit.session, form.name.data)
    except Refusal as refusal:
        return _refused("stages/pipeline.html", form, refusal, pipeline=None)
    _note("pipeline.added", pipeline)
    return _done(gettext("“%(name)s” was added.", name=pipeline.name), pipeline.id)


@pages.route("/settings/pipelines/<uuid:pipeline_id>", methods=["GET", "POST"])
def rename_pipeline(pipeline_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    visit, pipeline = here(), find(Pipeline, pipeline_id, Pipeline.archived_at.is_(None))
    form = PipelineForm(obj=pipeline)
    if not form.validate_on_submit():
        return _form("stages/pipeline.html", form, pipeline=pipeline)
    try:
        pipeline.rename(visit.session, form.name.data)
    except Refusal as refusal:
        return _refused("stages/pipeline.html", form, refusal, pipeline=pipeline)
    _note("pipeline.edited", pipeline)
    return _done(gettext("Saved."), pipeline.id)


@pages.route("/settings/pipelines/<uuid:pipeline_id>/archive", methods=["GET", "POST"])
def archive_pipeline(pipeline_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    visit, pipeline = here(), find(Pipeline, pipeline_id, Pipeline.archived_at.is_(None))
    arranged = stages_in_use(visit.session)
    others = [(one, stage) for one, stages in arranged.items() for stage in stages if stage.is_open and one is not pipeline]
    needed = any(stage.holds_any(visit.session) for stage in arranged.get(pipeline, []) if stage.is_open)
    form = _take_away_form([stage for _, stage in others], needed=needed, names={stage.id: one.name for one, stage in others})
    context = {"name": pipeline.name, "action": url_for(".archive_pipeline", pipeline_id=pipeline.id), "back": pipeline.id, "is_pipeline": True}
    if not form.validate_on_submit():
        return _form("stages/removal.html", form, **context)
    into = visit.session.get(Stage, uuid.UUID(form.into.data)) if "into" in form else None
    try:
        moved = take_away_pipeline(visit.session, pipeline, into=into, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        return _refused("stages/removal.html", form, refusal, **context)
    _note("pipeline.archived", pipeline, moved=moved)
    return _done(gettext("“%(name)s” is archived.", name=pipeline.name), None)


@pages.post("/settings/pipelines/<uuid:pipeline_id>/restoration")
def restore_pipeline(pipeline_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.stages")
    pipeline = find(Pipeline, pipeline_id)
    pipeline.restore(here().session)
    _note("pipeline.restored", pipeline)
    return _done(gettext("“%(name)s” is in use again.", name=pipeline.name), pipeline.id)


def _pipeline_id() -> uuid.UUID:
    return request.args.get("pipeline", type=uuid.UUID) or abort(400)


def _stage(stage_id: uuid.UUID) -> Stage:
    return find(Stage, stage_id, Stage.archived_at.is_(None))


def _open_stages(pipeline_id: uuid.UUID) -> list[Stage]:
    return here().session.get_one(Pipeline, pipeline_id).open_stages(here().session)


def _take_away_form(others: list[Stage], *, needed: bool, names: dict[uuid.UUID, str] | None = None) -> TakeAwayForm:
    form = TakeAwayForm()
    if not needed:
        del form.into
        return form
    form.into.choices = [(str(stage.id), f"{names[stage.id]} · {stage.name}" if names else stage.name) for stage in others]
    return form


def _form(template: str, form: Any, **context: Any) -> ResponseReturnValue:
    answer = form_again if form.errors else page
    return answer(template, form=form, refusal="", **context)


def _refused(template: str, form: Any, refusal: Refusal, **context: Any) -> ResponseReturnValue:
    return form_again(template, form=form, refusal=gettext(refusal.sentence, **refusal.params), **context)


def _note(kind: str, record_: Record, **data: Any) -> None:
    record(here().session, kind, by=here().actor, at=here().now, subject_id=record_.id, name=record_.name, **data)


def _done(sentence: str, pipeline_id: uuid.UUID | None) -> ResponseReturnValue:
    here().session.flush()
    tell(sentence)
    return leave(url_for(".index", pipeline=pipeline_id))


def _arrangement(pipeline_id: uuid.UUID) -> ResponseReturnValue:
    stages = here().session.get_one(Pipeline, pipeline_id).stages(here().session)
    return page("stages/index.html", piece="arrangement", pipeline=here().session.get_one(Pipeline, pipeline_id), stages=stages)
