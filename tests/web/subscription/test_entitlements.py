"""What the plan grants, the rooms obey: seats, room for files, features."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from saas.identity.memberships import NoSeatLeft, resume_membership
from saas.registry.models import Tenant as TenantRow
from tenants.customers.attachment import NoRoom, attach, room_taken
from tenants.customers.customer import Customer
from tenants.team.actor import Actor
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Entitlements, Tenant
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.stage import prop
from workers.tenancy import now

ClientOf = Callable[[str], Guest]


def rent(engine: Engine, tenant: Tenant, plan: str, seats: int | None = None) -> None:
    with open_session(engine, landlord_plane()) as session:
        row = session.get_one(TenantRow, tenant.id)
        row.plan, row.seats = plan, seats
        session.commit()


def test_files_end_where_the_plan_ends(engine: Engine, alpha: Tenant, actor: Callable[[str], Actor]) -> None:
    by = actor("alice")
    small = replace(alpha, entitlements=Entitlements(storage=2**30))
    with inside(small, engine) as session:
        taken = room_taken(session)
    tight = replace(alpha, entitlements=Entitlements(storage=taken + 10))
    with inside(tight, engine) as session:
        customer = session.get_one(Customer, prop("customer", "Bob"))
        kept = attach(session, customer, name="a.txt", content=b"0123456789", by=by, at=now())
        kept.discard(session, by=by, at=now())
        session.flush()
        with pytest.raises(NoRoom):
            attach(session, customer, name="b.txt", content=b"x", by=by, at=now())


def test_the_page_says_so_and_keeps_the_others(client_of: ClientOf, engine: Engine, alpha: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.customers.attachment.room_taken", lambda session: 2**40)
    address = f"customers/{prop('customer', 'Bob')}/attachments"
    files = {"files": [(BytesIO(b"x"), "a.txt")]}
    answer = client_of("alice").post(address, data=files, content_type="multipart/form-data", htmx=True)
    assert "There is no room for “a.txt”: the plan keeps 1 GB" in answer.text


def test_territories_belong_to_the_larger_plan(client_of: ClientOf, engine: Engine, alpha: Tenant) -> None:
    alice = client_of("alice")
    assert "settings/territories" in alice.get("settings").text
    rent(engine, alpha, "standard", 10)
    assert "settings/territories" not in alice.get("settings").text
    for answer in (alice.get("settings/territories"), alice.post("settings/territories/new", data={"name": "North"})):
        assert answer.status_code == 402
        assert "belongs to a larger plan" in answer.text
    assert alice.get("settings/teams").status_code == 200
    rent(engine, alpha, "professional", 10)
    assert alice.get("settings/territories").status_code == 200


def test_seats_are_those_that_are_rented(engine: Engine, alpha: Tenant, landlord: Session) -> None:
    """The plan's own number does not matter once seats are rented."""
    rent(engine, alpha, "standard", 4)
    with pytest.raises(NoSeatLeft):
        resume_membership(landlord, fixed_id("charlie"), alpha.id, at=now())
    landlord.rollback()
    rent(engine, alpha, "standard", 5)
    assert resume_membership(landlord, fixed_id("charlie"), alpha.id, at=now()).ended_at is None
