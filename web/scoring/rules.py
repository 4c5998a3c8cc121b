"""设置 · 评分: the rules, as the firm sees and edits them. Changes go into the member's draft; saving makes them hold."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy import select

from tenants.jobs.models import Job
from tenants.scoring.grading import Grading
from tenants.scoring.keeping import JOB
from tenants.scoring.kinds import KINDS, SUBJECTS, Subject
from tenants.scoring.rules import Rule, Scheme, make_rule
from tenants.scoring.schemes import Saved, drop_draft, keep_draft, read_draft, read_saved
from tenants.values.ids import new_id
from tenants.values.words import Refusal
from web.jobs.views import is_seen
from web.scoring import forms
from web.scoring.views import pages
from web.scoring.why import named
from web.scoring.words import FIELDS, ids_in, kind_name, sentence, subject_name
from web.ui.htmx import form_again, leave, page, tell
from web.visit import here, permit


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in the list. `mark`: "new", "changed", "gone" against the rules that hold, or ""."""

    rule: Rule
    sentence: str
    mark: str


@pages.get("/settings/scoring")
def start() -> ResponseReturnValue:
    permit("settings.scoring")
    return leave(url_for(".index", subject="customer"))


@pages.get("/settings/scoring/<subject>")
def index(subject: str) -> ResponseReturnValue:
    return page("scoring/index.html", **arranged(known(subject)))


@pages.route("/settings/scoring/<subject>/rules/new", methods=["GET", "POST"])
def create(subject: str) -> ResponseReturnValue:
    """First what the rule asks, then the rule."""
    of, key, field = known(subject), request.args.get("kind", ""), request.args.get("field", "")
    if not key:
        return page("scoring/kinds.html", subject=of, offers=_offers(of))
    return _rule(of, key, field, None)


@pages.route("/settings/scoring/<subject>/rules/<rule_id>", methods=["GET", "POST"])
def edit(subject: str, rule_id: str) -> ResponseReturnValue:
    of = known(subject)
    rule = _found(of, rule_id)
    return _rule(of, rule.kind, rule.values.get("field", ""), rule)


@pages.post("/settings/scoring/<subject>/rules/<rule_id>/removal")
def remove(subject: str, rule_id: str) -> ResponseReturnValue:
    of = known(subject)
    _found(of, rule_id)
    return _try(of, lambda scheme: scheme.without(rule_id))


@pages.post("/settings/scoring/<subject>/rules/<rule_id>/switch")
def switch(subject: str, rule_id: str) -> ResponseReturnValue:
    """On or off."""
    of = known(subject)
    rule = _found(of, rule_id)
    return _try(of, lambda scheme: scheme.put(replace(rule, is_on=not rule.is_on)))


@pages.post("/settings/scoring/<subject>/rules/<rule_id>/return")
def take_back(subject: str, rule_id: str) -> ResponseReturnValue:
    """As it is in the rules that hold: one that was removed comes back, one that was changed is as before."""
    of = known(subject)
    saved = read_saved(here().session, of).scheme
    rule = saved.find(rule_id) or abort(404)
    return _try(of, lambda scheme: scheme.put(rule).in_order_of(saved))


@pages.route("/settings/scoring/<subject>/measure", methods=["GET", "POST"])
def measure(subject: str) -> ResponseReturnValue:
    """Where everybody starts, and how grades follow."""
    of = known(subject)
    scheme, is_customer = working(of)[0], of == "customer"
    form_of = forms.CustomerMeasureForm if is_customer else forms.MeasureForm
    form = form_of(data=scheme.grading.plain() | {"base": scheme.base})
    if form.validate_on_submit():
        try:
            changed = scheme.with_base(form.base.data)
            changed = replace(changed, grading=_grading(form)) if is_customer else changed
            return _try(of, lambda _: changed)
        except Refusal as refusal:
            name = {"BadBase": "base", "BadThresholds": "a", "BadShares": "share_a"}[type(refusal).__name__]
            form[name].errors = [gettext(refusal.sentence, **refusal.params)]
    return (form_again if form.errors else page)("scoring/measure.html", form=form, subject=of)


def known(subject: str) -> Subject:
    """Of the address; asked first of every page about rules."""
    permit("settings.scoring")
    return next((one for one in SUBJECTS if one == subject), None) or abort(404)


def working(subject: Subject) -> tuple[Scheme, Saved, bool]:
    """What the member works on: the draft or, without one, the rules that hold; those that hold; whether it is a draft."""
    visit = here()
    saved, draft = read_saved(visit.session, subject), read_draft(visit.session, subject, visit.actor.id)
    return draft or saved.scheme, saved, draft is not None


def arranged(subject: Subject) -> dict[str, Any]:
    """What the page of the rules shows."""
    scheme, saved, is_draft = working(subject)
    return {
        "subject": subject,
        "tabs": [{"label": subject_name(one), "url": url_for(".index", subject=one), "on": one == subject} for one in SUBJECTS],
        "scheme": scheme,
        "saved": saved,
        "is_draft": is_draft,
        "is_stale": is_draft and scheme.version != saved.scheme.version,
        "rules": shown(scheme, saved.scheme),
        "job": running(),
        "modes": forms.mode_names(),
        "kind_name": kind_name,
    }


def shown(scheme: Scheme, saved: Scheme) -> list[Shown]:
    """In the order of their kinds; what was removed stands among them, to be taken back."""
    names = named(ids_in([*scheme.rules, *saved.rules]))
    rows = [Shown(rule, sentence(rule, names), _mark(rule, saved.find(rule.id))) for rule in scheme.rules]
    rows += [Shown(rule, sentence(rule, names), "gone") for rule in saved.rules if scheme.find(rule.id) is None]
    order = [*KINDS[scheme.subject]]
    return sorted(rows, key=lambda row: order.index(row.rule.kind))


def running() -> Job | None:
    """The rescoring that waits or runs now, if it is the member's to see."""
    last = here().session.scalars(select(Job).where(Job.kind == JOB, is_seen()).order_by(Job.id.desc()).limit(1)).one_or_none()
    return last if last is not None and last.is_open else None


def _mark(rule: Rule, saved: Rule | None) -> str:
    return "new" if saved is None else "" if saved == rule else "changed"


def _rule(subject: Subject, key: str, field: str, rule: Rule | None) -> ResponseReturnValue:
    kind = forms.kind_of(subject, key) or abort(404)
    if kind.fields and field not in kind.fields:
        abort(404)
    form = forms.rule_form(subject, kind, field, rule)
    if form.validate_on_submit():
        try:
            made = _made(form, subject, key, field, rule)
            return _try(subject, lambda scheme: scheme.put(made))
        except Refusal as refusal:
            forms.complain(form, getattr(refusal, "param", "points"), gettext(refusal.sentence, **refusal.params))
    told = {"form": form, "subject": subject, "kind": kind, "field_key": field, "rule": rule, "suffixes": forms.SUFFIXES}
    title = gettext("%(kind)s: %(field)s", kind=kind_name(subject, key), field=FIELDS[field]) if field else kind_name(subject, key)
    return (form_again if form.errors else page)("scoring/rule.html", title=title, **told)


def _made(form: FlaskForm, subject: Subject, key: str, field: str, rule: Rule | None) -> Rule:
    given = forms.given_values(form, forms.kind_of(subject, key) or abort(404), field)
    return make_rule(subject, rule.id if rule else new_id().hex, key, form["points"].data, given, is_on=rule.is_on if rule else True)


def _grading(form: Any) -> Grading:
    chosen = Grading.of({"mode": form.mode.data} | {name: form[name].data or 0 for name in ("a", "b", "share_a", "share_b")})
    return chosen.checked()


def _found(subject: Subject, rule_id: str) -> Rule:
    return working(subject)[0].find(rule_id) or abort(404)


def _try(subject: Subject, change: Callable[[Scheme], Scheme]) -> ResponseReturnValue:
    """The change goes into the draft; one that leaves nothing changed is no draft."""
    visit, (scheme, saved, _) = here(), working(subject)
    try:
        changed = change(scheme)
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="wait")
        return leave(url_for(".index", subject=subject))
    if changed.same_as(saved.scheme):
        drop_draft(visit.session, subject, visit.actor.id)
    else:
        keep_draft(visit.session, changed, visit.actor.id, at=visit.now)
    return leave(url_for(".index", subject=subject))


def _offers(subject: Subject) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a new rule may ask: (heading, [(label, address)]); kinds that ask about a field offer each of their fields."""
    plain, others = [], []
    for kind in KINDS[subject].values():
        if kind.fields:
            listed = [(str(FIELDS[field]), url_for(".create", subject=subject, kind=kind.key, field=field)) for field in kind.fields]
            others.append((gettext(kind.label), listed))
        else:
            plain.append((gettext(kind.label), url_for(".create", subject=subject, kind=kind.key)))
    return [(gettext("What happens"), plain), *others]
