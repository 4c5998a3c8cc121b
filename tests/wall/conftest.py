from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from tenants.wall.tenant import Tenant
from tests.wall.asking import Asker
from tests.world.door import Guest
from tests.world.snapshot import Snapshot


@pytest.fixture
def asker(app: Flask, engine: Engine, companies: dict[str, Tenant], client_of: Callable[[str], Guest], _snapshot: Snapshot) -> Asker:
    return Asker(app, engine, companies, client_of, _snapshot)
