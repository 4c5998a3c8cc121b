"""Who pays: tenants as customers of Stripe's."""

from decimal import Decimal

from saas.billing.asking import customer, fingerprint, lines_of, once
from saas.billing.gateway.line import Line, refusals
from saas.billing.reading import fen, yuan
from saas.billing.values import Title
from saas.plans.catalogue import CURRENCY


class Payers(Line):
    def open_payer(self, name: str, mail: str, *, tenant: str, key: str) -> str:
        """Who asks with other words (another colleague, say) gets another customer, which rents nothing: a key refuses them for a day."""
        asked = customer(name, mail, tenant)
        with refusals():
            return str(self._v1.customers.create(asked, once(f"{key}-{fingerprint(asked)}")).id)

    def write_title(self, payer: str, title: Title, *, mail: str, key: str) -> None:
        """Stands on every invoice from now on. Chinese firms need name and number as lines of their own, too."""
        asked = {"name": title.name, "email": mail, "invoice_settings": {"custom_fields": lines_of(title)}}
        key = f"{key}-{fingerprint(asked)}"
        with refusals():
            self._v1.customers.update(payer, asked, once(key, "title"))
            known = {one.value: one.id for one in self._v1.customers.tax_ids.list(payer).data if one.type == "cn_tin"}
            for value in known.keys() - {title.tax_number}:
                self._v1.customers.tax_ids.delete(payer, known[value])
            if title.tax_number and title.tax_number not in known:
                self._v1.customers.tax_ids.create(payer, {"type": "cn_tin", "value": title.tax_number}, once(key, "number"))

    def credit(self, payer: str, amount: Decimal, why: str, *, key: str) -> str:
        """The next invoices use it up."""
        asked = {"amount": -fen(amount), "currency": CURRENCY, "description": why}
        with refusals():
            return str(self._v1.customers.balance_transactions.create(payer, asked, once(key)).id)

    def credit_of(self, payer: str) -> Decimal:
        with refusals():
            return max(Decimal(0), yuan(-self._v1.customers.retrieve(payer).balance))
