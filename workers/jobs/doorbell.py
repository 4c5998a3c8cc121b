"""The web has rung and says so (web/doorbell.py), so that nobody waits for the sweeper."""

from web.database import FIRST_CELL
from workers import answers, tenancy


def answer(tenant_key: str, kinds: list[str]) -> None:
    house = tenancy.house()
    tenant = house.tenants([tenant_key]).get(tenant_key)
    answers.answer(house, tenant.cell if tenant else FIRST_CELL, [(tenant_key, kind) for kind in kinds])
