"""A rule in SQL: its points, and the figure that the page tells as the reason. Both reckoning and explaining are made of these alone."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Float, Integer, Text, Uuid, and_, bindparam, case, cast, func, literal, null, or_

from tenants.customers.customer import Customer
from tenants.pipeline.models import Opportunity, Stage
from tenants.scoring.kinds import Subject
from tenants.scoring.models import Score
from tenants.scoring.rules import Rule
from tenants.scoring.sources import Sources


@dataclass(frozen=True, slots=True)
class Clause:
    points: ColumnElement[int]
    figure: ColumnElement[Any]


Compile = Callable[[Rule, Sources], Clause]


def clause(subject: Subject, rule: Rule, sources: Sources) -> Clause:
    made = COMPILERS[subject][rule.kind](rule, sources)
    return Clause(cast(made.points, Integer), made.figure)


def _if(rule: Rule, holds: ColumnElement[bool], figure: Any = None) -> Clause:
    return Clause(case((holds, rule.points), else_=0), null() if figure is None else figure)


def _band(rule: Rule, value: ColumnElement[Any], name: str) -> Clause:
    low, high = rule.values.get(f"{name}_from"), rule.values.get(f"{name}_below")
    ends = [value >= low] if low is not None else []
    return _if(rule, and_(*ends, *([value < high] if high is not None else [])), value)


def _one_of(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    chosen: ColumnElement[bool] = column == func.any(bindparam(None, list(values), ARRAY(Text())))
    return func.coalesce(chosen, False)


def _ids(values: tuple[str, ...]) -> list[uuid.UUID]:
    """Those that are ids: a rule may have been written by hand."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found


def _talks(rule: Rule, sources: Sources) -> Clause:
    number = sources.talks_within(rule.values["days"])
    return Clause(func.least(number, rule.values["most"]) * rule.points, number)


def _last_talk(rule: Rule, sources: Sources) -> Clause:
    """Its points halve with every half-life."""
    days = sources.day.since(Customer.last_followup_at)
    share = func.power(cast(literal(0.5), Float(53)), cast(days, Float(53)) / float(rule.values["half_life"]))
    points = func.floor(cast(literal(rule.points), Float(53)) * share + 0.5)
    is_known = Customer.last_followup_at.is_not(None)
    return Clause(case((is_known, cast(points, Integer)), else_=0), case((is_known, days), else_=null()))


def _silent(rule: Rule, sources: Sources) -> Clause:
    last = func.coalesce(Customer.last_followup_at, Customer.created_at)
    return _if(rule, last < sources.day.start(rule.values["days"] - 1), sources.day.since(last))


def _overdue(rule: Rule, sources: Sources) -> Clause:
    late = Customer.next_contact_at < sources.day.start(rule.values["days"])
    return _if(rule, func.coalesce(late, False), sources.day.since(Customer.next_contact_at))


def _young(rule: Rule, sources: Sources) -> Clause:
    return _if(rule, Customer.created_at >= sources.day.start(rule.values["days"]), sources.day.since(Customer.created_at))


def _decider(rule: Rule, sources: Sources) -> Clause:
    return _if(rule, sources.deciders_known() > 0, sources.deciders_known())


def _open_deals(rule: Rule, sources: Sources) -> Clause:
    return _if(rule, sources.open_deals() >= rule.values["at_least"], sources.open_deals())


def _furthest_stage(rule: Rule, sources: Sources) -> Clause:
    furthest = sources.furthest()
    return _if(rule, func.coalesce(furthest >= rule.values["percent_from"], False), furthest)


def _customer_field(rule: Rule, sources: Sources) -> Clause:
    name, values = rule.values["field"], rule.values["values"]
    if name == "tag":
        return _if(rule, sources.tagged(rule.id, _ids(values)))
    if name == "region":
        inside = (or_(Customer.region == one, Customer.region.startswith(f"{one} ", autoescape=True)) for one in values)
        return _if(rule, func.coalesce(or_(*inside), False), Customer.region)
    column = getattr(Customer, name)
    return _if(rule, _one_of(column, values), column)


def _opportunity_field(rule: Rule, sources: Sources) -> Clause:
    name, values = rule.values["field"], rule.values["values"]
    if name == "stage":
        return _if(rule, Opportunity.stage_id == func.any(bindparam(None, _ids(values), ARRAY(Uuid()))), Stage.name)
    return _if(rule, _one_of(Opportunity.source, values), Opportunity.source)


def _is_filled(model: Any) -> Compile:
    def compiled(rule: Rule, sources: Sources) -> Clause:
        column = getattr(model, rule.values["field"])
        return _if(rule, column.is_not(None) if rule.values["filled"] else column.is_(None))

    return compiled


def _slow(rule: Rule, sources: Sources) -> Clause:
    days = sources.day.since(Opportunity.stage_since)
    return _if(rule, days > Stage.slow_after + rule.values["days"], days)


def _late(rule: Rule, sources: Sources) -> Clause:
    past = cast(literal(sources.day.date) - Opportunity.expected_close_on, Integer)
    return _if(rule, func.coalesce(past > rule.values["days"], False), past)


def _closing(rule: Rule, sources: Sources) -> Clause:
    ahead = cast(Opportunity.expected_close_on - literal(sources.day.date), Integer)
    return _if(rule, func.coalesce(and_(ahead >= 0, ahead <= rule.values["days"]), False), ahead)


def _customer_score(rule: Rule, sources: Sources) -> Clause:
    return _if(rule, func.coalesce(Score.score >= rule.values["score_from"], False), Score.score)


COMPILERS: dict[Subject, dict[str, Compile]] = {
    "customer": {
        "is_one_of": _customer_field,
        "is_filled": _is_filled(Customer),
        "decider": _decider,
        "talks": _talks,
        "last_talk": _last_talk,
        "silent": _silent,
        "overdue": _overdue,
        "young": _young,
        "open_deals": _open_deals,
        "furthest_stage": _furthest_stage,
        "open_amount": lambda rule, sources: _band(rule, sources.open_amount(), "amount"),
        "won_amount": lambda rule, sources: _band(rule, sources.won_within(rule.values["days"]), "amount"),
    },
    "opportunity": {
        "probability": lambda rule, sources: _band(rule, Opportunity.probability, "percent"),  # type: ignore[arg-type]
        "amount": lambda rule, sources: _band(rule, Opportunity.amount, "amount"),  # type: ignore[arg-type]
        "slow": _slow,
        "late": _late,
        "closing": _closing,
        "talks": _talks,
        "last_talk": _last_talk,
        "silent": _silent,
        "customer_score": _customer_score,
        "is_one_of": _opportunity_field,
        "is_filled": _is_filled(Opportunity),
    },
}
