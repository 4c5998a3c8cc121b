"""The only room that speaks to Stripe. Values of ours go in and come out; each call has a deadline, each change a key that makes it happen once.

`key` is the caller's: the id of the outbox row or the visit that asks. Two steps of one call get two keys of it.
"""

from saas.billing.gateway.changing import Changing
from saas.billing.gateway.notices import read
from saas.billing.gateway.payers import Payers
from saas.billing.gateway.paying import Paying
from saas.billing.gateway.renting import DAYS_UNTIL_DUE, Renting

__all__ = ["DAYS_UNTIL_DUE", "Gateway"]


class Gateway(Payers, Renting, Changing, Paying):
    """Each of its parts is a module beside this one; all speak over one line."""

    read = staticmethod(read)
