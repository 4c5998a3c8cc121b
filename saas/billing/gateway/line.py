"""The line to Stripe: one client with a deadline, and its errors in words of ours. Whoever speaks over it need not know the library."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from saas.billing.reading import moment
from saas.billing.values import CardDeclined, GatewayMisused, NoLongerThere, PaymentsAway

TIMEOUT = 8.0  # seconds
RETRIES = 2


class Line:
    def __init__(self, key: str, *, base: str | None = None) -> None:
        """`base` is the address of the sandbox, None of Stripe itself."""
        addresses: Any = {"api": base} if base else None
        self._base = base
        self._http = stripe.RequestsClient(timeout=TIMEOUT)
        self._v1: Any = stripe.StripeClient(key, base_addresses=addresses, http_client=self._http, max_network_retries=RETRIES).v1

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]

    @property
    def is_sandbox(self) -> bool:
        return self._base is not None

    def now(self, at: dt.datetime) -> dt.datetime:
        """The time by Stripe's clock when ours says `at`: a sandbox's may have been put forward, and the rent's months pass by it."""
        if self._base is None:
            return at
        with refusals():
            content, _, _ = self._http.request("get", f"{self._base}/sandbox/clock", {})
        return moment(json.loads(content)["now"])


@contextmanager
def refusals() -> Iterator[None]:
    """Stripe's errors in our words: what a person can do something about is a refusal, our own mistakes are none."""
    try:
        yield
    except stripe.CardError as reason:
        raise CardDeclined from reason
    except (stripe.APIConnectionError, stripe.RateLimitError) as reason:
        raise PaymentsAway from reason
    except stripe.InvalidRequestError as reason:
        raise (NoLongerThere() if reason.code == "resource_missing" else GatewayMisused(str(reason))) from reason
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as reason:
        raise GatewayMisused(str(reason)) from reason
    except stripe.APIError as reason:
        raise PaymentsAway from reason
