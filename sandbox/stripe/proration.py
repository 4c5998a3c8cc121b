"""What a change in the middle of a period costs: unused time comes back, remaining time is paid, both to the second.

Pure arithmetic; amounts in the smallest unit of the currency. tests/sandbox/test_proration.py computes the same another way.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.stripe.store import Thing


@dataclass(frozen=True, slots=True)
class Rent:
    """One item of a subscription: so many of that price. `item` is empty until it has an id."""

    item: str
    price: Thing
    quantity: int

    @property
    def amount(self) -> int:
        """For a whole period."""
        return int(self.price["unit_amount"]) * self.quantity


@dataclass(frozen=True, slots=True)
class Draft:
    """A line before it stands on an invoice."""

    amount: int
    what: str
    rent: Rent
    start: int
    end: int
    is_proration: bool = False


def share(amount: int, left: int, whole: int) -> int:
    """The part of an amount for `left` of `whole` seconds; half a cent goes up."""
    return (2 * amount * left + whole) // (2 * whole)


def prorate(old: list[Rent], new: list[Rent], start: int, end: int, at: int, names: dict[str, str]) -> list[Draft]:
    """Lines for going over from `old` to `new` at `at`, between `start` and `end` of the period. `names` are those of the products."""
    at = min(max(at, start), end)
    day = f"{datetime.fromtimestamp(at, UTC):%d %b %Y}"
    left = [one for one in old if one not in new]
    come = [one for one in new if one not in old]

    def drafted(rent: Rent, sign: int, words: str) -> Draft:
        what = f"{words} on {rent.quantity} × {names[rent.price['product']]} after {day}"
        return Draft(sign * share(rent.amount, end - at, end - start), what, rent, at, end, is_proration=True)

    return [*(drafted(one, -1, "Unused time") for one in left), *(drafted(one, 1, "Remaining time") for one in come)]
