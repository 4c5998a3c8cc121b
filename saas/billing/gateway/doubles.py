"""Nobody rents twice: open pages that could still be paid are closed, and what was rented beside another is undone."""

import datetime as dt
from typing import Any

from saas.billing import reading
from saas.billing.asking import once
from saas.billing.gateway.line import Line, refusals
from saas.billing.reading import identity, stamp
from saas.billing.values import GatewayMisused, GivenBack, Rented


class Doubles(Line):
    def close_pages(self, payer: str, *, but: str | None = None) -> None:
        """Checkout pages of this customer's on which one could still subscribe; `but` stays."""
        with refusals():
            found = list(self._v1.checkout.sessions.list({"customer": payer, "status": "open", "limit": 100}).auto_paging_iter())
        for session in found:
            if session.id != but and session.mode == "subscription":
                self._close_page(session.id)

    def _close_page(self, session: str) -> None:
        """Somebody may be quicker and pay on it, or its day may be over: then there is nothing to close."""
        try:
            with refusals():
                self._v1.checkout.sessions.expire(session)
        except GatewayMisused:
            with refusals():
                if self._v1.checkout.sessions.retrieve(session).status == "open":
                    raise

    def undo(self, double: Rented, *, since: dt.datetime) -> GivenBack:
        """Ends it, and gives back what was asked for it from `since` on. Asked again, it goes on where it was interrupted, and says the same."""
        back = GivenBack()
        with refusals():
            if double.ended_at is None:
                self._v1.subscriptions.cancel(double.id, {}, once(double.id, "double"))
            for bill in self._v1.invoices.list({"subscription": double.id, "limit": 100}).auto_paging_iter():
                if bill.created < stamp(since):
                    continue
                if bill.status == "open":
                    self._v1.invoices.void_invoice(bill.id, {}, once(bill.id, "void"))
                elif bill.status == "paid":
                    self._give_back(bill)
                    back += self._given_back(bill.id)
        return back

    def _give_back(self, bill: Any) -> None:
        """A credit note over what has not been given back yet: to the card what a card paid, the rest for bills to come."""
        charges = self._charges(bill.id)
        returned = max(bill.post_payment_credit_notes_amount, sum(one.amount_refunded for one in charges))
        left = bill.total - returned
        if left <= 0:
            return
        refund = min(left, sum(one.amount_captured - one.amount_refunded for one in charges))
        try:
            self._write_off(bill.id, refund, left - refund, key=f"{bill.id}-back-{returned}")
        except GatewayMisused:  # money that cannot go back the way it came
            self._write_off(bill.id, 0, left, key=f"{bill.id}-credit-{returned}")

    def _write_off(self, bill: str, refund: int, credit: int, *, key: str) -> None:
        parts = {name: amount for name, amount in (("refund_amount", refund), ("credit_amount", credit)) if amount}
        with refusals():
            self._v1.credit_notes.create({"invoice": bill, "amount": refund + credit, "reason": "duplicate", **parts}, once(key))

    def _given_back(self, bill: str) -> GivenBack:
        notes = self._v1.credit_notes.list({"invoice": bill, "limit": 100}).data
        return sum((reading.given_back(one) for one in notes if one.reason == "duplicate"), GivenBack())

    def _charges(self, bill: str) -> list[Any]:
        paid = self._v1.invoice_payments.list({"invoice": bill, "status": "paid"}).data
        intents = [identity(one.payment.payment_intent) for one in paid if one.payment.type == "payment_intent"]
        found = [self._v1.payment_intents.retrieve(one, {"expand": ["latest_charge"]}).latest_charge for one in intents]
        return [one for one in found if one is not None]
