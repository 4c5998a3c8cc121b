"""The plans one can rent, and what each entitles to. The price page, the plan page and Stripe's prices all come from this file."""

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
    storage: int | None = None  # bytes of attachments, all together; None: no limit

    @property
    def gigabytes(self) -> int | None:
        return None if self.storage is None else self.storage // GIB


GIB = 1024**3
TRIAL_DAYS = 30
CURRENCY = "cny"

# Features in the order of the price page, and what they are called there. "api" joins them when there is one.
FEATURES: dict[str, str] = {
    "customers": N_("Customers, contacts, follow-ups and plans"),
    "pipeline": N_("Pipelines, board and forecast"),
    "workbench": N_("Workbench, sales brief and funnel"),
    "import": N_("Import and export of Excel files"),
    "teams": N_("Roles, teams and data scopes"),
    "territories": N_("Territories as a tree"),
}
BASIC = frozenset({"customers", "pipeline", "workbench", "import", "teams"})
EVERYTHING = frozenset({*FEATURES, "api"})

CATALOGUE: dict[str, Plan] = {
    "trial": Plan("trial", N_("Trial"), None, None, EVERYTHING, storage=1 * GIB),
    "standard": Plan("standard", N_("Standard"), decimal.Decimal("29.00"), 50, BASIC, storage=10 * GIB),
    "professional": Plan("professional", N_("Professional"), decimal.Decimal("59.00"), None, EVERYTHING, storage=100 * GIB),
}


def rentable() -> list[Plan]:
    """Those that cost something, the cheapest first."""
    return [plan for plan in CATALOGUE.values() if plan.price is not None]
