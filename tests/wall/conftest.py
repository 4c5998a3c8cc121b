from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy import Engine

from saas.billing.values import PaymentsAway
from tenants.wall.tenant import Tenant
from tests.wall.asking import Asker
from tests.world.door import Guest
from tests.world.snapshot import Snapshot


class Away:
    """In place of Stripe: the wall stands before it, and whoever passes hears that it does not answer."""

    def __getattr__(self, name: str) -> NoReturn:
        raise PaymentsAway


@pytest.fixture
def asker(
    app: Flask, engine: Engine, companies: dict[str, Tenant], client_of: Callable[[str], Guest], _snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> Asker:
    monkeypatch.setitem(app.extensions, "gateway", Away())
    return Asker(app, engine, companies, client_of, _snapshot)
