"""The plans one can rent, and what each entitles to. The price page reads this file."""

import decimal
from dataclasses import dataclass

from tenants.values.words import N_


@dataclass(frozen=True, slots=True)
class Plan:
    key: str
    name: str  # message id
    price: decimal.Decimal | None  # CNY per seat and month; None: free for a while
    seats: int | None  # most members; None: no limit
    features: frozenset[str]


TRIAL_DAYS = 30
BASIC = frozenset({"customers", "pipeline", "workbench", "import"})

CATALOGUE: dict[str, Plan] = {
    "trial": Plan("trial", N_("Trial"), None, None, BASIC | {"territories", "api"}),
    "standard": Plan("standard", N_("Standard"), decimal.Decimal("29.00"), 50, BASIC),
    "professional": Plan("professional", N_("Professional"), decimal.Decimal("59.00"), None, BASIC | {"territories", "api"}),
}
