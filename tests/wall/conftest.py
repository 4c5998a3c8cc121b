from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from tenants.wall.tenant import Tenant
from tests.wall.asking import Asker
from tests.world.door import Guest
from tests.world.snapshot import Snapshot
from tests.world.stripe import Away


@pytest.fixture
def asker(
    app: Flask, engine: Engine, companies: dict[str, Tenant], client_of: Callable[[str], Guest], _snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> Asker:
    monkeypatch.setitem(app.extensions, "gateway", Away())
    return Asker(app, engine, companies, client_of, _snapshot)
