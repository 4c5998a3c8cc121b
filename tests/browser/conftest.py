import pytest
from flask import Flask

from tests.world.stripe import Away


@pytest.fixture(autouse=True)
def rentable(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of renting are there, though Stripe does not answer."""
    monkeypatch.setitem(app.extensions, "gateway", Away())
