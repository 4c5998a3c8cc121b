"""What the API refuses, as Stripe words it."""

from typing import Any


class Fault(Exception):
    """An error answer. `keeps`: what was done before it stays (a declined card has been tried)."""

    status = 400
    kind = "invalid_request_error"
    keeps = False

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.body = {"type": self.kind, "message": message, "code": code, "param": param, **more}

    def answer(self) -> dict[str, Any]:
        return {"error": {key: value for key, value in self.body.items() if value is not None}}


class Missing(Fault):
    status = 404


class Unauthorized(Fault):
    status = 401


class KeyReused(Fault):
    kind = "idempotency_error"


class CardRefused(Fault):
    status = 402
    kind = "card_error"

    def __init__(self, message: str, *, keeps: bool, **more: Any) -> None:
        super().__init__(message, **more)
        self.keeps = keeps


def no_such(kind: str, identity: str, param: str = "id") -> Missing:
    return Missing(f"No such {kind}: '{identity}'", code="resource_missing", param=param)


def invalid(param: str, message: str) -> Fault:
    return Fault(message, code="parameter_invalid", param=param)
