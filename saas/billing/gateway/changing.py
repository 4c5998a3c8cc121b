"""Changing what is rented: at once, at the renewal, or not at all any more."""

import datetime as dt
from typing import Any

from saas.billing import reading
from saas.billing.asking import once, phases, proration
from saas.billing.gateway.line import refusals
from saas.billing.gateway.selling import Selling
from saas.billing.reading import moment, stamp, yuan
from saas.billing.values import Later, Quote, Rented


class Changing(Selling):
    def quote(self, now: Rented, plan: str, seats: int, *, at: dt.datetime) -> Quote:
        """What it costs to change at `at`."""
        with refusals():
            change = {"items": [self._item(now, plan, seats)], "proration_date": stamp(at), "proration_behavior": "always_invoice"}
            due = self._v1.invoices.create_preview({"subscription": now.id, "subscription_details": change})
            each = now.price if plan == now.plan else yuan(self._price(plan).unit_amount)
        return Quote(yuan(due.amount_due), each * seats, at)

    def _item(self, now: Rented, plan: str, seats: int) -> dict[str, Any]:
        """Who stays with a plan stays with its price, even if new subscribers pay another one."""
        return {"id": now.item, "quantity": seats, **({} if plan == now.plan else {"price": self._price(plan).id})}

    def change_now(self, now: Rented, plan: str, seats: int, *, at: dt.datetime, key: str) -> Rented:
        """More seats or a dearer plan: paid now for the rest of the month, as quoted for `at`. By card it counts only once it is paid.

        In a trial nothing is paid, and anything may change at once.
        """
        self.keep(now, key=key)
        with refusals():
            asked = {"items": [self._item(now, plan, seats)], **proration(now, at)}
            return reading.rented(self._v1.subscriptions.update(now.id, asked, once(key, "change")))

    def change_at_renewal(self, now: Rented, plan: str, seats: int, *, key: str) -> Rented:
        """Fewer seats or a cheaper plan: what is paid stays until the month is over."""
        self.keep(now, key=key)
        with refusals():
            price = now.price_id if plan == now.plan else self._price(plan).id
            made = self._v1.subscription_schedules.create({"from_subscription": now.id}, once(key, "schedule"))
            self._v1.subscription_schedules.update(made.id, {"phases": phases(now, price, seats), "end_behavior": "release"}, once(key, "phases"))
            return reading.rented(self._v1.subscriptions.retrieve(now.id))

    def later(self, now: Rented) -> Later | None:
        """What was asked for at the renewal."""
        if now.schedule is None:
            return None
        with refusals():
            phases = self._v1.subscription_schedules.retrieve(now.schedule, {"expand": ["phases.items.price"]}).phases
        following = [one for one in phases if one.start_date >= stamp(now.ends_at)]
        if not following:
            return None
        [item] = following[0]["items"]
        return Later(item.price.metadata["plan"], item.quantity, moment(following[0].start_date))

    def keep(self, now: Rented, *, key: str) -> None:
        """Nothing changes at the renewal after all."""
        if now.schedule is not None:
            with refusals():
                self._v1.subscription_schedules.release(now.schedule, {}, once(key, "release"))

    def cancel(self, now: Rented, *, key: str) -> Rented:
        """When the month that is paid is over."""
        self.keep(now, key=key)
        return self._stop(now.id, stops=True, key=key)

    def resume(self, now: Rented, *, key: str) -> Rented:
        """It goes on after all."""
        return self._stop(now.id, stops=False, key=key)

    def _stop(self, subscription: str, *, stops: bool, key: str) -> Rented:
        with refusals():
            return reading.rented(self._v1.subscriptions.update(subscription, {"cancel_at_period_end": stops}, once(key, "stop")))

    def end(self, subscription: str, *, key: str) -> Rented:
        """Now, without anything back: the company is closed."""
        with refusals():
            return reading.rented(self._v1.subscriptions.cancel(subscription, {}, once(key)))
