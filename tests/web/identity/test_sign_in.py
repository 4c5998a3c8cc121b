"""Signing in and out: the right password opens, everything else tells nothing."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from saas.identity import passwords, sessions
from saas.identity.models import Membership, Person
from saas.identity.models import Session as SessionRow
from tests.world.cast import PASSWORD, Player
from tests.world.database import Database
from tests.world.door import Guest, make_app, token_for
from tests.world.door import guest as new_guest
from web.database import db

BOB = {"mail": "bob@alpha.example", "password": PASSWORD}
WRONG = {"mail": "bob@alpha.example", "password": "not the password"}


@pytest.fixture
def guest(client_of: Callable[[str], Guest]) -> Guest:
    browser = client_of("anonymous")
    browser.set_cookie("lang", "en")
    return browser


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that reached the hash, which says no at once."""
    reached: list[str] = []

    def is_right(_: str | None, password: str) -> bool:
        reached.append(password)
        return password == PASSWORD

    monkeypatch.setattr(passwords, "is_right", is_right)
    return reached


def test_the_right_password_leads_to_the_workbench(guest: Guest) -> None:
    answer = guest.post("/sign-in", data=BOB | {"mail": " Bob@Alpha.example "})
    assert (answer.status_code, answer.location) == (303, "/alpha/")
    assert guest.get("/alpha/").status_code == 200


def test_the_cookies_are_closed_to_scripts_and_other_sites(guest: Guest) -> None:
    cookies = [cookie for cookie in guest.post("/sign-in", data=BOB).headers.getlist("Set-Cookie") if cookie.startswith("zuke")]
    assert {cookie.partition("=")[0] for cookie in cookies} >= {"zuke", "zuke-device"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie


def test_over_https_they_are_secure_and_bound_to_the_host(database: Database, engine: Engine) -> None:
    app = make_app(database.app_url, public_url="https://zuke.example")
    browser = new_guest(app, engine, None)
    answer = browser.post("/sign-in", data=BOB, base_url="https://zuke.example", headers=token_for(browser, "https://zuke.example"), token=False)
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("__Host-zuke")]
    assert len(cookies) == 2
    assert all("Secure" in cookie and "Path=/" in cookie for cookie in cookies)
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("form", [WRONG, BOB | {"mail": "nobody@alpha.example"}, {"mail": "bob@alpha.example", "password": "x" * 300}])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(guest: Guest, form: dict[str, str]) -> None:
    answer = guest.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert "Email or password is not right." in answer.text
    assert form["mail"] in answer.text, "what was typed is kept"
    assert form["password"] not in answer.text


def test_an_unknown_address_costs_a_hash_as_well(guest: Guest, hashed: list[str]) -> None:
    guest.post("/sign-in", data=WRONG)
    guest.post("/sign-in", data=WRONG | {"mail": "nobody@alpha.example"})
    assert len(hashed) == 2


def test_an_account_without_a_password_opens_to_none(guest: Guest, landlord: Session, players: dict[str, Player]) -> None:
    landlord.get_one(Person, players["bob"].person_id).password_hash = None
    landlord.commit()
    assert guest.post("/sign-in", data=BOB).status_code == 422


@pytest.mark.parametrize("form", [{}, {"mail": "bob", "password": "x"}, {"mail": "bob@alpha.example"}, {"mail": "\u200b", "password": "\u200b"}])
def test_what_is_missing_is_said_beside_its_field(guest: Guest, form: dict[str, str]) -> None:
    answer = guest.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_one_is_sent_back_to_where_one_wanted_to_go(guest: Guest) -> None:
    assert guest.get("/alpha/settings?x=1").location == "/sign-in?next=/alpha/settings?x%3D1"
    answer = guest.post("/sign-in?next=/alpha/settings?x%3D1", data=BOB)
    assert answer.location == "/alpha/settings?x=1"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"])
def test_but_never_to_another_site(guest: Guest, target: str) -> None:
    from urllib.parse import quote

    page = guest.get(f"/sign-in?next={quote(target)}")
    assert 'action="/sign-in"' in page.text
    assert not re.search(r'(href|action)="[^"?]*evil', page.text)
    assert guest.post(f"/sign-in?next={quote(target)}", data=BOB).location == "/alpha/"


def test_whoever_is_signed_in_is_sent_on(client_of: Callable[[str], Guest]) -> None:
    assert client_of("bob").get("/sign-in").location == "/alpha/"


def test_a_new_session_each_time_and_the_old_one_is_over(guest: Guest, landlord: Session) -> None:
    guest.set_cookie("zuke", "a token that somebody planted")
    guest.post("/sign-in", data=BOB)
    first = guest.get_cookie("zuke")
    guest.post("/sign-in", data=BOB)
    second = guest.get_cookie("zuke")
    assert first and second
    assert first.value not in {"a token that somebody planted", second.value}
    now = dt.datetime.now(dt.UTC)
    assert sessions.recognise(landlord, first.value, now=now) is None
    assert sessions.recognise(landlord, second.value, now=now) is not None
    assert not landlord.scalars(select(SessionRow).where(SessionRow.token_hash == first.value.encode())).all(), "only the hash is kept"


def test_signing_out_ends_the_session_on_the_server(guest: Guest) -> None:
    guest.post("/sign-in", data=BOB)
    token = guest.get_cookie("zuke")
    assert token
    answer = guest.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert guest.get_cookie("zuke") is None
    guest.set_cookie("zuke", token.value)
    assert guest.get("/alpha/").location == "/sign-in?next=/alpha/"


def test_signing_out_is_not_a_link(client_of: Callable[[str], Guest]) -> None:
    assert client_of("bob").get("/sign-out").status_code == 405
    assert client_of("bob").post("/sign-out", data={"next": "//evil.example"}).location == "/sign-in"


def test_twelve_hours_idle_or_thirty_days_end_a_session(guest: Guest) -> None:
    start = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        guest.post("/sign-in", data=BOB)
        for _ in range(65):  # used every eleven hours
            clock.shift(dt.timedelta(hours=11))
            assert guest.get("/alpha/").status_code == 200
        clock.move_to(start + dt.timedelta(days=30, seconds=1))
        assert guest.get("/alpha/").status_code == 303
        guest.post("/sign-in", data=BOB)
        clock.shift(dt.timedelta(hours=12, seconds=1))
        assert guest.get("/alpha/").status_code == 303


def test_a_thousand_wrong_passwords_are_thirty_and_the_victim_gets_in_from_a_known_device(
    client_of: Callable[[str], Guest], guest: Guest, hashed: list[str]
) -> None:
    guest.post("/sign-in", data=BOB)
    guest.post("/sign-out")
    hashed.clear()
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        for attempt in range(1000):
            clock.shift(dt.timedelta(seconds=60))
            stranger = client_of("anonymous")
            stranger.set_cookie("lang", "en")
            answer = stranger.post("/sign-in", data=WRONG, environ_base={"REMOTE_ADDR": f"203.0.113.{attempt % 250}"})
        assert len(hashed) <= 30
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "tried too often" in answer.text
        assert client_of("anonymous").post("/sign-in", data=BOB).status_code == 429, "not even with the right one, from nowhere known"
        assert guest.post("/sign-in", data=BOB).status_code == 303


def test_one_address_that_tries_many_people_is_stopped_as_well(client_of: Callable[[str], Guest], hashed: list[str]) -> None:
    for attempt in range(100):
        client_of("anonymous").post("/sign-in", data={"mail": f"p{attempt}@alpha.example", "password": "password1"})
    assert len(hashed) == 30


def test_a_device_mark_of_another_person_or_a_forged_one_helps_nobody(client_of: Callable[[str], Guest], guest: Guest, hashed: list[str]) -> None:
    guest.post("/sign-in", data=BOB | {"mail": "mei@alpha.example"})
    for _ in range(12):
        client_of("anonymous").post("/sign-in", data=WRONG)
    assert guest.post("/sign-in", data=BOB).status_code == 429
    guest.set_cookie("zuke-device", "0" * 32 + "." + "0" * 64 + "~nonsense~.~")
    assert guest.post("/sign-in", data=BOB).status_code == 429


def test_hashes_made_with_older_parameters_are_renewed(guest: Guest, landlord: Session, players: dict[str, Player]) -> None:
    from argon2 import PasswordHasher

    bob = landlord.get_one(Person, players["bob"].person_id)
    bob.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    landlord.commit()
    guest.post("/sign-in", data=BOB)
    landlord.refresh(bob)
    assert bob.password_hash is not None
    assert "m=19456,t=2,p=1" in bob.password_hash
    assert passwords.is_right(bob.password_hash, PASSWORD)


def test_without_a_token_or_from_another_site_nothing_happens(guest: Guest) -> None:
    assert guest.post("/sign-in", data=BOB, token=False).status_code == 400
    assert guest.post("/sign-in", data=BOB, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert guest.get("/alpha/").status_code == 303


def test_several_companies_are_to_be_chosen_from(guest: Guest, landlord: Session, players: dict[str, Player]) -> None:
    beta_id = landlord.execute(text("SELECT id FROM saas.tenants WHERE slug = 'beta'")).scalar_one()
    landlord.add(Membership(person_id=players["bob"].person_id, tenant_id=beta_id, created_at=dt.datetime.now(dt.UTC)))
    landlord.commit()
    assert guest.post("/sign-in", data=BOB).location == "/companies"
    page = guest.get("/companies").text
    assert 'href="/alpha/"' in page
    assert 'href="/beta/"' in page


def test_without_a_company_one_is_told_how_to_go_on(guest: Guest) -> None:
    assert guest.post("/sign-in", data=BOB | {"mail": "olga@zuke.example"}).location == "/companies"
    page = guest.get("/companies").text
    assert "No company yet" in page
    assert "/sign-up" in page


def test_who_was_deactivated_is_out_at_once_and_back_when_let_in_again(
    client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player]
) -> None:
    from saas.identity.memberships import end_membership, resume_membership

    bob, now = client_of("bob"), dt.datetime.now(dt.UTC)
    tenant_id = landlord.execute(text("SELECT id FROM saas.tenants WHERE slug = 'alpha'")).scalar_one()
    assert bob.get("/alpha/").status_code == 200
    end_membership(landlord, players["bob"].person_id, tenant_id, at=now)
    landlord.commit()
    assert bob.get("/alpha/").status_code == 404
    assert "No company yet" in bob.get("/companies").text
    resume_membership(landlord, players["bob"].person_id, tenant_id, at=now)
    landlord.commit()
    assert bob.get("/alpha/").status_code == 200


def test_who_is_signed_in_and_lost_is_shown_the_way_back(client_of: Callable[[str], Guest], guest: Guest) -> None:
    lost = client_of("bob").get("/beta/customers")
    assert lost.status_code == 404
    assert re.search(r'class="box primary" href="/companies"', lost.text)
    assert "/companies" not in guest.get("/no-such-page").text
