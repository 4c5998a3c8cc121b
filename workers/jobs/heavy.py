"""A piece of long work of one tenant, on a worker that forks."""

import uuid

from workers import heavy, tenancy


def run(tenant_key: str, job_id: str) -> None:
    house = tenancy.house()
    tenant = house.tenants([tenant_key]).get(tenant_key)
    if tenant is not None:
        heavy.run(house, tenant, uuid.UUID(job_id))
