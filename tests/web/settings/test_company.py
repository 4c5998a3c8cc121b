"""/settings and /settings/company."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.registry.models import Tenant
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]
PROFILE = {
    "name": "Alpha Group",
    "industry": "Trade",
    "address": "1 Bund",
    "phone": "021 6321 0000",
    "tax_number": "9131",
    "timezone": "Asia/Tokyo",
    "locale": "en",
}


def test_the_profile_is_kept_and_renames_the_company(client_of: ClientOf, landlord: Session) -> None:
    alice = client_of("alice")
    assert alice.post("settings/company", data=PROFILE).status_code == 303
    tenant = landlord.scalars(select(Tenant).where(Tenant.slug == "alpha")).one()
    assert (tenant.name, tenant.timezone) == ("Alpha Group", "Asia/Tokyo")
    assert "1 Bund" in alice.get("settings/company").text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 121}, {"timezone": "Mars/Olympus"}, {"locale": "tlh"}])
def test_what_is_wrong_is_told_and_the_rest_stays(client_of: ClientOf, wrong: dict[str, str]) -> None:
    answer = client_of("alice").post("settings/company", data=PROFILE | wrong)
    assert answer.status_code == 422
    assert "1 Bund" in answer.text


@pytest.mark.parametrize("name", ["mei", "bob", "rhea"])
def test_others_see_no_settings(client_of: ClientOf, name: str) -> None:
    assert client_of(name).get("settings").status_code == 403
    assert "/alpha/settings" not in client_of(name).get("").text
    assert client_of(name).post("settings/company", data=PROFILE).status_code == 403


def test_the_log_pages_by_key(client_of: ClientOf, inside_alpha: Session) -> None:
    import datetime as dt

    from tenants.timeline.models import Event

    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    for number in range(120):
        inside_alpha.add(Event(at=at + dt.timedelta(minutes=number // 2), kind="role.changed", data={"name": f"role {number:03}"}))
    inside_alpha.commit()
    alice, seen, path = client_of("alice"), [], "/alpha/settings/log"
    while path:
        html = alice.get(path).text
        seen += [number for number in range(120) if f"role {number:03}" in html]
        _, found, rest = html.partition('href="/alpha/settings/log?before=')
        path = f"/alpha/settings/log?before={rest.partition(chr(34))[0]}" if found else ""
    assert sorted(seen) == list(range(120))
    assert alice.get("settings/log?before=nonsense").status_code == 400
