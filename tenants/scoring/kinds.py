"""What a rule may ask, and which parameters it takes. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

from tenants.values.words import N_

Subject = Literal["customer", "opportunity"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
# number: whole; amount: yuan as text; field: one of the kind's fields; values: codes or ids; yes: a box to tick
Type = Literal["number", "amount", "field", "values", "yes"]


@dataclass(frozen=True, slots=True)
class Param:
    """`default` None: it may be left empty."""

    name: str
    type: Type = "number"
    least: int = 0
    most: int = 0
    default: int | str | bool | None = None
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """`points`: what a new rule of this kind proposes. `repeats`: the parameter that the points are counted by."""

    key: str
    label: str
    params: tuple[Param, ...] = ()
    points: int = 10
    fields: tuple[str, ...] = ()
    repeats: str = ""


def _days(default: int, least: int = 1, most: int = 3650) -> Param:
    return Param("days", "number", least, most, default)


_BAND = (Param("amount_from", "amount", default="10000"), Param("amount_below", "amount", is_needed=False))
_TALKS = Kind("talks", N_("Number of follow-ups"), (_days(30, most=730), Param("most", "number", 1, 20, 5)), 3, repeats="most")
_LAST_TALK = Kind("last_talk", N_("How recent the last follow-up is"), (Param("half_life", "number", 1, 365, 14),), 15)
_SILENT = Kind("silent", N_("Silence"), (_days(60),), -15)

CUSTOMER_KINDS: tuple[Kind, ...] = (
    Kind("is_one_of", N_("A field has one of these values"), (Param("field", "field"), Param("values", "values")), 10,
         ("status", "source", "industry", "size", "kind", "region", "tag")),
    Kind("is_filled", N_("A field is filled, or empty"), (Param("field", "field"), Param("filled", "yes", default=True)), 5,
         ("phone", "website", "address", "region", "industry", "size", "business", "credit_code", "invoice_title", "owner_id")),
    Kind("decider", N_("A decision-maker is known"), (), 8),
    _TALKS,
    _LAST_TALK,
    _SILENT,
    Kind("overdue", N_("The next contact is overdue"), (_days(3, least=0),), -8),
    Kind("young", N_("Created lately"), (_days(14),), 5),
    Kind("open_deals", N_("Open opportunities"), (Param("at_least", "number", 1, 50, 1),), 10),
    Kind("furthest_stage", N_("How far an opportunity has come"), (Param("percent_from", "number", 1, 100, 50),), 10),
    Kind("open_amount", N_("Amount of open opportunities"), _BAND, 10),
    Kind("won_amount", N_("Amount won"), (_days(365), *_BAND), 15),
)  # fmt: skip
OPPORTUNITY_KINDS: tuple[Kind, ...] = (
    Kind("probability", N_("Stage and probability"),
         (Param("percent_from", "number", 0, 100, 50), Param("percent_below", "number", 1, 101, is_needed=False)), 20),
    Kind("amount", N_("Amount"), _BAND, 10),
    Kind("slow", N_("Too long in its stage"), (_days(0, least=0, most=999),), -15),
    Kind("late", N_("The expected close date has passed"), (_days(0, least=0),), -20),
    Kind("closing", N_("It closes soon"), (_days(30),), 10),
    _TALKS,
    _LAST_TALK,
    _SILENT,
    Kind("customer_score", N_("Score of its customer"), (Param("score_from", "number", 1, 100, 60),), 10),
    Kind("is_one_of", N_("A field has one of these values"), (Param("field", "field"), Param("values", "values")), 10, ("stage", "source")),
    Kind("is_filled", N_("A field is filled, or empty"), (Param("field", "field"), Param("filled", "yes", default=True)), 5,
         ("contact_id", "expected_close_on", "products", "owner_id")),
)  # fmt: skip
KINDS: dict[Subject, dict[str, Kind]] = {
    "customer": {kind.key: kind for kind in CUSTOMER_KINDS},
    "opportunity": {kind.key: kind for kind in OPPORTUNITY_KINDS},
}
