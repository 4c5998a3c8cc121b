"""The link in an invitation: a new colleague, one who has an account, and everybody for whom it is not."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from saas.identity.invitations import invite, revoke
from saas.identity.models import Invitation
from saas.plans.catalogue import CATALOGUE, Plan
from tenants.team.models import Member, Role
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.cast import Player
from tests.world.door import Guest
from tests.world.letters import letters

NEW = {"name": "Dora", "password": "four words are enough"}


@pytest.fixture
def role_id(alpha: Tenant, engine: Engine) -> uuid.UUID:
    with inside(alpha, engine) as session:
        return session.scalars(select(Role.id).where(Role.key == "sales")).one()


@pytest.fixture
def path_for(landlord: Session, alpha: Tenant, players: dict[str, Player], role_id: uuid.UUID) -> Callable[[str], str]:
    def path(mail: str) -> str:
        now = dt.datetime.now(dt.UTC)
        _, token = invite(landlord, alpha.id, mail, role_id=role_id, team_id=None, by=players["alice"].person_id, at=now)
        landlord.commit()
        return f"/invitations/{token}"

    return path


@pytest.fixture
def stranger(client_of: Callable[[str], Guest]) -> Guest:
    browser = client_of("anonymous")
    browser.set_cookie("lang", "en")
    return browser


def members(alpha: Tenant, engine: Engine, mail: str) -> list[str]:
    with inside(alpha, engine) as session:
        query = select(Role.key).join(Member, Member.role_id == Role.id).where(Member.mail == mail, Member.deactivated_at.is_(None))
        return list(session.scalars(query))


def test_somebody_new_is_in_after_a_name_and_a_password(
    stranger: Guest, path_for: Callable[[str], str], alpha: Tenant, engine: Engine, client_of: Callable[[str], Guest]
) -> None:
    path = path_for("dora@alpha.example")
    page = stranger.get(path).text
    assert "Alice invites you" in page
    assert "Alpha Trading" in page
    answer = stranger.post(path, data=NEW)
    assert (answer.status_code, answer.location) == (303, "/alpha/")
    assert stranger.get("/alpha/").status_code == 200
    assert members(alpha, engine, "dora@alpha.example") == ["sales"]
    assert "not confirmed" not in stranger.get("/account").text, "the link came by mail"
    assert client_of("anonymous").post("/sign-in", data=NEW | {"mail": "dora@alpha.example"}).location == "/alpha/"
    assert stranger.get(path).status_code == 410


@pytest.mark.parametrize("form", [NEW | {"name": ""}, NEW | {"password": "short"}, NEW | {"password": "password1"}, {}])
def test_what_is_missing_is_said_and_the_link_stays_open(stranger: Guest, path_for: Callable[[str], str], form: dict[str, str]) -> None:
    path = path_for("dora@alpha.example")
    assert stranger.post(path, data=form).status_code == 422
    assert stranger.post(path, data=NEW).status_code == 303


def test_who_has_an_account_signs_in_and_joins(
    stranger: Guest, path_for: Callable[[str], str], alpha: Tenant, engine: Engine, client_of: Callable[[str], Guest]
) -> None:
    path = path_for("charlie@beta.example")
    page = stranger.get(path).text
    assert f"/sign-in?next={path}" in page
    assert 'name="password"' not in page
    assert stranger.post(path, data=NEW).status_code == 200
    assert members(alpha, engine, "charlie@beta.example") == [], "the link alone opens nobody's account"
    charlie = client_of("charlie")
    assert "Join Alpha Trading" in charlie.get(path).text
    assert charlie.post(path).location == "/alpha/"
    assert charlie.get("/alpha/").status_code == 200
    assert members(alpha, engine, "charlie@beta.example") == ["sales"]
    assert charlie.get("/companies").status_code == 200


def test_signed_in_as_somebody_else_one_is_asked_to_change_over(client_of: Callable[[str], Guest], path_for: Callable[[str], str]) -> None:
    path = path_for("charlie@beta.example")
    bob = client_of("bob")
    assert "bob@alpha.example" in bob.get(path).text
    assert bob.post(path).status_code == 200
    assert bob.post("/sign-out", data={"next": path}).location == path


def test_when_all_seats_are_taken_it_says_so(
    stranger: Guest, path_for: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, landlord: Session
) -> None:
    monkeypatch.setitem(CATALOGUE, "trial", Plan("trial", "Trial", None, 4, frozenset()))
    path = path_for("dora@alpha.example")
    answer = stranger.post(path, data=NEW)
    assert answer.status_code == 422
    assert "All 4 seats" in answer.text
    assert "Dora" in answer.text, "what was typed is kept"
    assert landlord.execute(text("SELECT count(*) FROM saas.people WHERE mail = 'dora@alpha.example'")).scalar() == 0
    assert stranger.get("/companies").status_code == 303


def test_a_link_that_expired_was_taken_back_or_never_was_is_gone(
    stranger: Guest, path_for: Callable[[str], str], landlord: Session, client_of: Callable[[str], Guest]
) -> None:
    path = path_for("dora@alpha.example")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=7, minutes=1)):
        assert stranger.post(path, data=NEW).status_code == 410
    revoke(landlord.scalars(select(Invitation)).one(), at=dt.datetime.now(dt.UTC))
    landlord.commit()
    assert stranger.get(path).status_code == 410
    assert stranger.get("/invitations/%ff'<").status_code == 410
    assert client_of("bob").get(path).status_code == 410


def test_a_company_that_is_closed_lets_nobody_in(stranger: Guest, path_for: Callable[[str], str], landlord: Session) -> None:
    path = path_for("dora@alpha.example")
    landlord.execute(text("UPDATE saas.tenants SET state = 'closed' WHERE slug = 'alpha'"))
    landlord.commit()
    assert stranger.post(path, data=NEW).status_code == 410


def test_forged_nobody_joins(stranger: Guest, path_for: Callable[[str], str], alpha: Tenant, engine: Engine) -> None:
    path = path_for("dora@alpha.example")
    assert stranger.post(path, data=NEW, token=False).status_code == 400
    assert stranger.post(path, data=NEW, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert members(alpha, engine, "dora@alpha.example") == []


def test_the_letter_names_who_asks_and_leads_there(client_of: Callable[[str], Guest], engine: Engine, role_id: uuid.UUID, stranger: Guest) -> None:
    answer = client_of("alice").post("settings/invitations/new", data={"mail": "Dora@Alpha.example", "role_id": str(role_id), "team_id": ""})
    assert answer.status_code == 303
    (letter,) = letters(engine)
    assert letter.to == "dora@alpha.example"
    assert "Alice" in letter.subject
    assert "Alpha Trading" in letter.subject
    assert stranger.get(letter.path("/invitations/")).status_code == 200
