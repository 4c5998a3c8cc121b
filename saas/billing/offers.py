"""Bringing Stripe's products and prices in line with the plan catalogue: first what differs, then the steps that mend it."""

from collections.abc import Callable
from dataclasses import dataclass

from saas.billing.gateway import Gateway
from saas.billing.values import Offer
from saas.plans.catalogue import Plan


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    """For the operator, such as "standard: 29.00 -> 39.00"."""
    do: Callable[[Gateway], None]


def steps(plans: list[Plan], offers: list[Offer]) -> list[Step]:
    """What must be done; nothing when Stripe sells what the catalogue says."""
    known = {one.plan: one for one in offers}
    wanted = {one.key for one in plans}
    gone = [one for one in offers if one.plan not in wanted and one.is_sold]
    return [*(step for plan in plans for step in _for_plan(plan, known.get(plan.key))), *(_retirement(one) for one in gone)]


def _for_plan(plan: Plan, offer: Offer | None) -> list[Step]:
    found: list[Step] = []
    name = f"Zuke {plan.name}"
    if offer is None or offer.name != name or not offer.is_sold:
        was = "no product" if offer is None else f"{offer.name}{'' if offer.is_sold else ' (not sold)'}"
        found.append(Step(f"{plan.key}: {was} -> {name}", lambda gateway: gateway.put_product(plan.key, name)))
    price = plan.price
    if price is not None and (offer is None or offer.price != price):
        old = offer.price_id if offer else None
        was = f"{offer.price:.2f}" if offer and offer.price is not None else "no price"
        found.append(
            Step(f"{plan.key}: {was} -> {price:.2f} CNY a seat and month", lambda gateway: gateway.put_price(plan.key, price, instead_of=old))
        )
    return found


def _retirement(offer: Offer) -> Step:
    """Nobody new can rent it; who has it keeps it."""
    return Step(f"{offer.plan}: {offer.name} -> not sold any more", lambda gateway: gateway.put_product(offer.plan, offer.name, is_sold=False))
