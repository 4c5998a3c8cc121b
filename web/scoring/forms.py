"""Forms about rules: one for each kind of rule, made of its parameters; the domain checks what was typed."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from tenants.customers.customer import Customer
from tenants.customers.tag import Tag
from tenants.pipeline.pipeline import stages_in_use
from tenants.scoring.grading import MODES
from tenants.scoring.kinds import KINDS, Kind, Param, Subject
from tenants.scoring.rules import Rule
from web.scoring.words import CODES
from web.ui.choices import offered_of
from web.visit import here

PLEASE = _l("Please fill this in.")
MOST_INDUSTRIES = 200
LABELS: dict[str, Any] = {
    "days": _l("Days"), "most": _l("At most counted"), "half_life": _l("Days in which the points halve"), "at_least": _l("At least"),
    "percent_from": _l("Probability from"), "percent_below": _l("Probability below"), "amount_from": _l("Amount of at least"),
    "amount_below": _l("Amount below"), "score_from": _l("Score of at least"), "values": _l("Values"), "filled": _l("Is filled in"),
}  # fmt: skip
SUFFIXES: dict[str, Any] = {
    "days": _l("days"), "half_life": _l("days"), "percent_from": "%", "percent_below": "%", "most": _l("follow-ups"),
}  # fmt: skip
FREE = frozenset({"region"})  # typed, not chosen


class MeasureForm(FlaskForm):
    """Where everybody starts, and how grades follow."""

    base = IntegerField(_l("Everybody starts with"), [InputRequired(PLEASE)])


class CustomerMeasureForm(MeasureForm):
    mode = RadioField(_l("Grade"), choices=lambda: offered_of(zip(MODES, mode_names().values(), strict=True)))
    a = IntegerField(_l("A from a score of"))
    b = IntegerField(_l("B from a score of"))
    share_a = IntegerField(_l("Share of A"))
    share_b = IntegerField(_l("Share of B"))


def mode_names() -> dict[str, str]:
    return {"off": gettext("Given by hand only"), "thresholds": gettext("By the score"), "shares": gettext("By shares of all customers")}


def rule_form(subject: Subject, kind: Kind, field: str, rule: Rule | None) -> FlaskForm:
    """`field`: the one that the rule asks about, for kinds that have fields."""
    parts: dict[str, Any] = {"points": StringField(_l("Points"))}
    parts |= {param.name: _part(param, field) for param in kind.params if param.type != "field"}
    form: FlaskForm = type("RuleForm", (FlaskForm,), parts)(data=_given(kind, field, rule))
    if "values" in parts and field not in FREE:
        form["values"].choices = offered_of(_choices(field, form["values"].data or ()))
    return form


def given_values(form: FlaskForm, kind: Kind, field: str) -> dict[str, Any]:
    """What was typed, for the domain to read."""
    values = {param.name: form[param.name].data for param in kind.params if param.type != "field"}
    if kind.fields:
        values["field"] = field
    if field in FREE and "values" in values:
        values["values"] = [part.strip() for part in str(values["values"] or "").replace("，", ",").replace("、", ",").split(",")]
    return values


def complain(form: FlaskForm, name: str, sentence: str) -> None:
    """Beside the field that the domain refused."""
    where: Field = form[name] if name in form else form["points"]
    where.errors = [*where.errors, sentence]


def kind_of(subject: Subject, key: str) -> Kind | None:
    return KINDS[subject].get(key)


def _part(param: Param, field: str) -> Any:
    label = LABELS[param.name]
    if param.type == "yes":
        return BooleanField(label)
    if param.type == "values" and field not in FREE:
        return SelectMultipleField(label, validate_choice=False)
    return StringField(label)


def _given(kind: Kind, field: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"points": kind.points} | {param.name: param.default for param in kind.params if param.default is not None}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in rule.values.items()}
    if field in FREE and "values" in values:
        values["values"] = ", ".join(values["values"])
    return {"points": rule.points} | values


def _choices(field: str, chosen: Any) -> list[tuple[str, str]]:
    session = here().session
    if field == "tag":
        return [(str(key), name) for key, name in session.execute(select(Tag.id, Tag.name).order_by(Tag.name))]
    if field == "stage":
        return [(str(stage.id), stage.name) for some in stages_in_use(session).values() for stage in some if stage.is_open]
    if field == "industry":
        used = select(Customer.industry).where(Customer.industry.is_not(None)).distinct().order_by(Customer.industry).limit(MOST_INDUSTRIES)
        named = dict.fromkeys([*(name for name in session.scalars(used) if name), *chosen])
        return [(name, gettext(name)) for name in named]
    return [(code, gettext(label)) for code, label in CODES[field].items()]
