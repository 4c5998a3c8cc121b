"""What a draft would do, and what becomes of it: saved, thrown away, or the rules before taken back. Saving rescores everybody."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tenants.customers.customer import Customer
from tenants.pipeline.opportunity import Opportunity
from tenants.scoring.effect import BUCKETS, Effect, effect
from tenants.scoring.grading import GRADES
from tenants.scoring.keeping import ask_for_all
from tenants.scoring.kinds import Subject
from tenants.scoring.rules import Scheme
from tenants.scoring.schemes import RulesChanged, drop_draft, go_back, rebase_draft, save_draft
from tenants.scoring.sources import Day
from tenants.team.scope import visible
from tenants.values.words import Refusal
from web.scoring.rules import arranged, known, working
from web.scoring.views import pages
from web.scoring.why import named
from web.scoring.words import ids_in, in_full, signed
from web.ui.htmx import leave, page, tell
from web.ui.say import gettext
from web.visit import here

TOLD = 10  # of the largest changes


@pages.get("/settings/scoring/<subject>/effect")
def show_effect(subject: str) -> ResponseReturnValue:
    of = known(subject)
    return page("scoring/effect.html", piece="effect", **arranged(of), **effect_of(of))


@pages.post("/settings/scoring/<subject>/saving")
def save(subject: str) -> ResponseReturnValue:
    """`over`: the version that the member knows to be overwritten."""
    of, visit = known(subject), here()
    if request.form.get("over", type=int) == working(of)[1].scheme.version:
        rebase_draft(visit.session, of, visit.actor, at=visit.now)
    try:
        save_draft(visit.session, of, by=visit.actor, at=visit.now)
    except RulesChanged:
        return page("scoring/clash.html", status=409, clashes=clashes(of), **arranged(of))
    ask_for_all(visit.session, at=visit.now, member_id=visit.actor.id)
    tell(gettext("The rules are saved. Everybody is being rescored."))
    return leave(url_for(".index", subject=of))


@pages.post("/settings/scoring/<subject>/discarding")
def discard(subject: str) -> ResponseReturnValue:
    of = known(subject)
    drop_draft(here().session, of, here().actor.id)
    tell(gettext("Your changes are thrown away."), kind="news")
    return leave(url_for(".index", subject=of))


@pages.post("/settings/scoring/<subject>/former")
def former(subject: str) -> ResponseReturnValue:
    """Back to the rules before; and from there forward again."""
    of, visit = known(subject), here()
    try:
        go_back(visit.session, of, request.form.get("version", type=int, default=-1), by=visit.actor, at=visit.now)
        ask_for_all(visit.session, at=visit.now, member_id=visit.actor.id)
        tell(gettext("The rules before hold again. Everybody is being rescored."))
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="wait")
    return leave(url_for(".index", subject=of))


def effect_of(subject: Subject) -> dict[str, Any]:
    """The figures, and the names of those that change most, as far as the member sees them."""
    visit, (scheme, saved, _) = here(), working(subject)
    found = effect(visit.session, saved.scheme, scheme, Day.of(visit.now, visit.zone))
    return {
        "effect": found,
        "labels": [f"{place * 10}–{place * 10 + 9 if place < BUCKETS - 1 else 100}" for place in range(BUCKETS)],
        "grades": GRADES,
        "largest": _largest(subject, found),
    }


def clashes(subject: Subject) -> list[dict[str, str]]:
    """What the rules that hold say, and what the draft says, where they differ."""
    draft, saved, _ = working(subject)
    theirs = saved.scheme
    names = named(ids_in([*draft.rules, *theirs.rules]))
    keys = dict.fromkeys(rule.id for rule in (*theirs.rules, *draft.rules))
    told = [{"label": gettext("Rule"), "theirs": _said(theirs, key, names), "yours": _said(draft, key, names)} for key in keys]
    told.append({"label": gettext("Everybody starts with"), "theirs": str(theirs.base), "yours": str(draft.base)})
    if theirs.grading != draft.grading:
        told.append({"label": gettext("Grade"), "theirs": _grading(theirs), "yours": _grading(draft)})
    return [one for one in told if one["theirs"] != one["yours"]]


def _said(scheme: Scheme, rule_id: str, names: Any) -> str:
    rule = scheme.find(rule_id)
    if rule is None:
        return "—"
    told, off = f"{in_full(rule, names)} {signed(rule.points)}", gettext("off")
    return told if rule.is_on else f"{told} ({off})"


def _grading(scheme: Scheme) -> str:
    one = scheme.grading
    if one.mode == "off":
        return gettext("Given by hand only")
    if one.mode == "shares":
        return gettext("The best %(a)s%% are A, the next %(b)s%% B", a=one.share_a, b=one.share_b)
    return gettext("A from %(a)s, B from %(b)s", a=one.a, b=one.b)


def _largest(subject: Subject, found: Effect) -> list[dict[str, Any]]:
    model: Any = Customer if subject == "customer" else Opportunity
    largest = found.largest
    seen = select(model.id, model.name).where(model.id.in_([shift.id for shift in largest]), visible(model, here().actor))
    names: dict[uuid.UUID, str] = {row.id: row.name for row in here().session.execute(seen)}
    return [{"shift": shift, "name": names[shift.id], "url": _address(subject, shift.id)} for shift in largest if shift.id in names][:TOLD]


def _address(subject: Subject, key: uuid.UUID) -> str:
    return url_for("customers.show", customer_id=key) if subject == "customer" else url_for("opportunities.show", opportunity_id=key)
