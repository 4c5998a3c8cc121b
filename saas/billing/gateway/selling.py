"""What is sold: a product of Stripe's for each plan, and the price that new subscribers pay."""

from decimal import Decimal
from typing import Any

from saas.billing import reading
from saas.billing.asking import price_of, product_id, product_of
from saas.billing.gateway.line import Line, refusals
from saas.billing.reading import identity
from saas.billing.values import GatewayMisused, NoLongerThere, Offer


class Selling(Line):
    def offers(self) -> list[Offer]:
        """Every plan that Stripe knows of us, sold or not."""
        with refusals():
            products = [one for one in self._v1.products.list({"limit": 100}).auto_paging_iter() if "plan" in one.metadata]
            prices = {identity(one.product): one for one in self._v1.prices.list({"limit": 100, "active": True}).auto_paging_iter() if one.lookup_key}
        return [reading.offer(one, prices.get(one.id)) for one in products]

    def _price(self, plan: str) -> Any:
        """What new subscribers of a plan pay."""
        found = self._v1.prices.list({"lookup_keys": [product_id(plan)], "active": True}).data
        if not found:
            raise GatewayMisused(f"Stripe has no price for {plan}. Bring it in line first: python -m web.cli stripe-plans --apply")
        return found[0]

    def put_product(self, plan: str, name: str, *, is_sold: bool = True) -> None:
        """Under an id of ours, so that two who do it make one."""
        asked = product_of(plan, name, is_sold)
        try:
            with refusals():
                self._v1.products.update(product_id(plan), asked)
        except NoLongerThere:
            with refusals():
                self._v1.products.create({"id": product_id(plan), **asked})

    def put_price(self, plan: str, amount: Decimal, *, instead_of: str | None) -> None:
        """What new subscribers pay. Who subscribed to the old price goes on paying that."""
        with refusals():
            self._v1.prices.create(price_of(plan, amount))
            if instead_of is not None:
                self._v1.prices.update(instead_of, {"active": False})
