"""The rules of a firm: typed, checked, and as JSON keeps them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tenants.scoring.grading import Grading
from tenants.scoring.kinds import KINDS, Kind, Param, Subject
from tenants.values.money import BadAmount, parse
from tenants.values.words import N_, Refusal

MOST_RULES = 40
MOST_POINTS = 100
MOST_VALUES = 30


class BadPoints(Refusal):
    sentence = N_("Points are a whole number from −100 to 100, and not 0.")


class TooManyPoints(Refusal):
    sentence = N_("Points times the number counted must not be more than 100.")


class BadNumber(Refusal):
    sentence = N_("A whole number from %(least)s to %(most)s.")


class BadAmountFrom(Refusal):
    sentence = N_("An amount in yuan, not negative.")


class EmptyBand(Refusal):
    sentence = N_("The upper end must be above the lower.")


class NothingChosen(Refusal):
    sentence = N_("Choose one value at least.")


class UnknownField(Refusal):
    sentence = N_("Choose a field.")


class UnknownKind(Refusal):
    sentence = N_("There is no such kind of rule.")


class TooManyRules(Refusal):
    sentence = N_("There are %(most)s rules already: remove one that does little.")


class BadBase(Refusal):
    sentence = N_("Everybody starts with a whole number from 0 to 100.")


@dataclass(frozen=True, slots=True)
class Rule:
    """`values`: the parameters of its kind; numbers are int, amounts Decimal, lists tuples of codes or ids."""

    id: str
    kind: str
    points: int
    values: Mapping[str, Any] = field(default_factory=dict)
    is_on: bool = True

    def plain(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "points": self.points, "values": _plain_values(self.values), "is_on": self.is_on}


@dataclass(frozen=True, slots=True)
class Scheme:
    """All that a score is made of. `version` counts the changes that were saved; 0 are the rules of a new company."""

    subject: Subject
    rules: tuple[Rule, ...]
    base: int = 0
    grading: Grading = field(default_factory=Grading)
    version: int = 0

    @property
    def active(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.is_on)

    def plain(self) -> dict[str, Any]:
        return {"rules": [rule.plain() for rule in self.rules], "base": self.base, "grading": self.grading.plain(), "version": self.version}

    def same_as(self, other: "Scheme") -> bool:
        return replace(self, version=0) == replace(other, version=0)

    def find(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def put(self, rule: Rule) -> "Scheme":
        """In the place of the one with its id, or at the end. Raises `TooManyRules`."""
        if self.find(rule.id) is not None:
            return replace(self, rules=tuple(rule if one.id == rule.id else one for one in self.rules))
        if len(self.rules) >= MOST_RULES:
            raise TooManyRules(most=MOST_RULES)
        return replace(self, rules=(*self.rules, rule))

    def without(self, rule_id: str) -> "Scheme":
        return replace(self, rules=tuple(rule for rule in self.rules if rule.id != rule_id))

    def in_order_of(self, other: "Scheme") -> "Scheme":
        """The rules that the other has too in its order, then those of its own."""
        places = {rule.id: place for place, rule in enumerate(other.rules)}
        return replace(self, rules=tuple(sorted(self.rules, key=lambda rule: places.get(rule.id, len(places)))))

    def with_base(self, base: int) -> "Scheme":
        """Raises `BadBase`."""
        if not 0 <= base <= MOST_POINTS:
            raise BadBase
        return replace(self, base=base)


def sum_of(base: int, points: Mapping[str, int] | tuple[int, ...]) -> int:
    """The score: 0 to 100, whatever the rules add up to."""
    values = points.values() if isinstance(points, Mapping) else points
    return min(100, max(0, base + sum(values)))


def make_rule(subject: Subject, rule_id: str, kind: str, points: Any, values: Mapping[str, Any], *, is_on: bool = True) -> Rule:
    """From what was typed or kept. Raises a `Refusal` that says what is wrong; its `param` names where."""
    known = KINDS[subject].get(kind)
    if known is None:
        raise UnknownKind
    read = {param.name: _at(param.name, _read, param, known, values.get(param.name)) for param in known.params}
    number = _at("points", _points, points, known, read)
    low, high = (next((read[name] for name in read if name.endswith(end)), None) for end in ("_from", "_below"))
    if high is not None and low is not None and high <= low:
        raise _named(EmptyBand(), next(name for name in read if name.endswith("_below")))
    return Rule(rule_id, kind, number, read, is_on)


def read_scheme(subject: Subject, raw: Mapping[str, Any]) -> Scheme:
    """As it was kept. What a later release wrote and we do not know is left out."""
    rules = []
    for one in raw.get("rules", ()):
        try:
            rules.append(make_rule(subject, one["id"], one["kind"], one["points"], one["values"], is_on=bool(one.get("is_on", True))))
        except Refusal:
            continue
    return Scheme(subject, tuple(rules), int(raw.get("base", 0)), Grading.of(raw.get("grading", {})), int(raw.get("version", 0)))


def _at(name: str, read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except Refusal as refusal:
        raise _named(refusal, name) from None


def _named(refusal: Refusal, name: str) -> Refusal:
    refusal.param = name  # type: ignore[attr-defined]
    return refusal


def _points(given: Any, kind: Kind, values: Mapping[str, Any]) -> int:
    number = _whole(given)
    if number is None or number == 0 or abs(number) > MOST_POINTS:
        raise BadPoints
    if kind.repeats and abs(number) * values[kind.repeats] > MOST_POINTS:
        raise TooManyPoints
    return number


def _read(param: Param, kind: Kind, given: Any) -> Any:
    if param.type == "yes":
        return given in (True, "1", "yes", "on", "true")
    if param.type == "field":
        if given not in kind.fields:
            raise UnknownField
        return given
    if param.type == "values":
        return _several(given)
    if given in (None, "") and not param.is_needed:
        return None
    return _amount(given) if param.type == "amount" else _number(param, given)


def _number(param: Param, given: Any) -> int:
    number = _whole(given)
    if number is None or not param.least <= number <= param.most:
        raise BadNumber(least=param.least, most=param.most)
    return number


def _whole(given: Any) -> int | None:
    text = str(given).strip().replace("−", "-")
    return int(text) if len(text) < 8 and text.removeprefix("-").removeprefix("+").isdecimal() and text.isascii() else None


def _amount(given: Any) -> Decimal:
    try:
        amount = parse(str(given or ""))
    except BadAmount:
        raise BadAmountFrom from None
    if amount is None or amount < 0:
        raise BadAmountFrom
    return amount


def _several(given: Any) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(str(one).strip()[:60] for one in (given or ()) if str(one).strip()))[:MOST_VALUES]
    if not values:
        raise NothingChosen
    return values


def _plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value for name, value in values.items()}
