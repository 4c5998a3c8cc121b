"""Lines of invoices."""

from typing import Any

from sandbox.stripe.proration import Draft
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World, blank, new_id


def pricing(price: Thing) -> Thing:
    details = {"price": price["id"], "product": price["product"]}
    return {"type": "price_details", "price_details": details, "unit_amount_decimal": price["unit_amount_decimal"]}


def parent(kind: str, details: Thing) -> Thing:
    return {"type": kind, "invoice_item_details": None, "subscription_item_details": None} | {kind: details}


def of_draft(draft: Draft, subscription: Thing, invoice_item: str | None = None) -> Thing:
    rent = draft.rent
    details = {"invoice_item": invoice_item, "proration": draft.is_proration, "proration_details": {"credited_items": None}}
    details |= {"subscription": subscription["id"], "subscription_item": rent.item}
    made = blank("line_item") | {"id": new_id("il"), "amount": draft.amount, "subtotal": draft.amount, "currency": rent.price["currency"]}
    made |= {"description": draft.what, "quantity": rent.quantity, "quantity_decimal": str(rent.quantity), "pricing": pricing(rent.price)}
    made |= {"period": {"start": draft.start, "end": draft.end}, "metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return made | {"discountable": not draft.is_proration, "parent": parent("subscription_item_details", details)}


def of_item(item: Thing) -> Thing:
    """The line that a pending invoice item becomes."""
    details = item["parent"] and item["parent"]["subscription_details"]
    if details:
        inner = {"invoice_item": item["id"], "proration": item["proration"], "proration_details": {"credited_items": None}, **details}
        stands_under = parent("subscription_item_details", inner)
    else:
        inner = {"invoice_item": item["id"], "proration": False, "proration_details": {"credited_items": None}, "subscription": None}
        stands_under = parent("invoice_item_details", inner)
    made = blank("line_item") | {key: item[key] for key in ("amount", "currency", "description", "discountable", "metadata", "period", "quantity")}
    made |= {"id": new_id("il"), "subtotal": item["amount"], "pricing": item["pricing"], "quantity_decimal": item["quantity_decimal"]}
    return made | {"parent": stands_under, "subscription": details["subscription"] if details else None}


def renewal(subscription: Thing, rents: list[Any], start: int, end: int, names: dict[str, str], *, is_trial: bool = False) -> list[Draft]:
    """What a whole period costs; a trial costs nothing and is said so."""
    if is_trial:
        return [Draft(0, f"Trial period for {names[one.price['product']]}", one, start, end) for one in rents]
    return [
        Draft(one.amount, f"{one.quantity} × {names[one.price['product']]} (at {money(one.price)} / {every(one.price)})", one, start, end)
        for one in rents
    ]


def money(price: Thing) -> str:
    sign = {"cny": "¥", "usd": "$", "hkd": "HK$", "eur": "€"}.get(price["currency"], price["currency"].upper() + " ")
    return f"{sign}{price['unit_amount'] / 100:,.2f}"


def every(price: Thing) -> str:
    count, interval = price["recurring"]["interval_count"], price["recurring"]["interval"]
    return str(interval) if count == 1 else f"{count} {interval}s"


def names_of(world: World, rents: list[Any]) -> dict[str, str]:
    """Names of the products, by id."""
    return {one.price["product"]: world.need("product", one.price["product"])["name"] for one in rents}
