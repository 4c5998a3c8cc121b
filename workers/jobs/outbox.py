"""The web has promised something and says so (web/doorbell.py), so that nobody waits for the sweeper."""

from web.database import FIRST_CELL
from workers import answers, tenancy


def deliver(tenant_key: str) -> None:
    house = tenancy.house()
    tenant = house.tenants([tenant_key]).get(tenant_key)
    answers.answer(house, tenant.cell if tenant else FIRST_CELL, [(tenant_key, "outbox")])
