"""My account: what one is called, how one comes in, where one is signed in."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from saas.identity.models import Person
from saas.identity.models import Session as SessionRow
from tests.world.cast import PASSWORD, Player
from tests.world.door import Guest
from tests.world.letters import letters

PROFILE = {"name": "Robert", "locale": "zh_Hans_CN", "theme": "dark", "shortcuts": ""}
NEW = "four words are enough"


@pytest.fixture
def bob(client_of: Callable[[str], Guest]) -> Guest:
    return client_of("bob")


def me(landlord: Session, players: dict[str, Player]) -> Person:
    landlord.expire_all()
    return landlord.get_one(Person, players["bob"].person_id)


def test_name_language_appearance_and_shortcuts(bob: Guest, landlord: Session, players: dict[str, Player]) -> None:
    assert 'value="Bob"' in bob.get("/account").text
    form = {key: value for key, value in PROFILE.items() if value}
    assert bob.post("/account", data=form).location == "/account"
    person = me(landlord, players)
    assert (person.name, person.locale, person.theme, person.shortcuts) == ("Robert", "zh_Hans_CN", "dark", False)
    page = bob.get("/account").text
    assert 'lang="zh-CN"' in page
    assert 'data-theme="dark"' in page
    assert "已保存" in page
    bob.post("/account", data=form | {"shortcuts": "y"})
    assert me(landlord, players).shortcuts is True


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 61}, {"locale": "tlh"}, {"theme": "pink"}, {"name": "\u200b"}])
def test_what_cannot_be_is_refused(bob: Guest, landlord: Session, players: dict[str, Player], change: dict[str, str]) -> None:
    assert bob.post("/account", data=PROFILE | change).status_code == 422
    assert me(landlord, players).name == "Bob"


def test_nothing_else_can_be_set(bob: Guest, landlord: Session, players: dict[str, Player]) -> None:
    bob.post("/account", data=PROFILE | {"is_operator": "y", "mail": "boss@alpha.example", "mail_confirmed_at": "", "password_hash": "x"})
    person = me(landlord, players)
    assert (person.is_operator, person.mail) == (False, "bob@alpha.example")


def test_the_appearance_alone(bob: Guest, landlord: Session, players: dict[str, Player]) -> None:
    assert bob.post("/account/theme", data={"theme": "light"}).status_code == 204
    assert me(landlord, players).theme == "light"
    assert bob.post("/account/theme", data={"theme": "pink"}).status_code == 422


def test_a_new_password_signs_out_all_other_browsers(bob: Guest, client_of: Callable[[str], Guest], engine: Engine) -> None:
    elsewhere = client_of("bob")
    before = bob.get_cookie("zuke")
    answer = bob.post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/account/password")
    after = bob.get_cookie("zuke")
    assert before and after
    assert before.value != after.value, "a new token"
    assert bob.get("/alpha/").status_code == 200
    assert elsewhere.get("/alpha/").status_code == 303
    assert client_of("anonymous").post("/sign-in", data={"mail": "bob@alpha.example", "password": NEW}).status_code == 303
    assert [letter.subject for letter in letters(engine)] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"current": "not the password", "password": NEW}, "not your current password"),
        ({"current": "", "password": NEW}, "Please fill this in."),
        ({"current": PASSWORD, "password": "short"}, "at least 8"),
        ({"current": PASSWORD, "password": "bob@alpha.example"}, "repeats your name"),
        ({}, "Please fill this in."),
    ],
)
def test_without_the_current_one_or_with_a_weak_one_it_stays(bob: Guest, client_of: Callable[[str], Guest], form: dict[str, str], said: str) -> None:
    answer = bob.post("/account/password", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert client_of("anonymous").post("/sign-in", data={"mail": "bob@alpha.example", "password": PASSWORD}).status_code == 303


def test_guessing_the_current_password_is_throttled(bob: Guest) -> None:
    answers = [bob.post("/account/password", data={"current": f"guess {n}", "password": NEW}).text for n in range(12)]
    assert "tried too often" in answers[-1]


def test_devices_are_listed_and_signed_out_one_by_one(bob: Guest, client_of: Callable[[str], Guest], landlord: Session) -> None:
    phone = client_of("anonymous")
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile MicroMessenger/8.0"
    phone.post(
        "/sign-in",
        data={"mail": "bob@alpha.example", "password": PASSWORD},
        headers={"User-Agent": agent},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    page = bob.get("/account/sessions").text
    assert "WeChat on Android" in page
    assert "203.0.113.9" in page
    assert page.count("This browser") == 1
    session_id = landlord.scalars(select(SessionRow.id).where(SessionRow.agent == agent)).one()
    assert bob.post(f"/account/sessions/{session_id}/ending").location == "/account/sessions"
    assert phone.get("/alpha/").status_code == 303
    assert bob.get("/alpha/").status_code == 200
    assert "WeChat on Android" not in bob.get("/account/sessions").text
    assert bob.post(f"/account/sessions/{session_id}/ending").status_code == 404


def test_all_others_at_once(bob: Guest, client_of: Callable[[str], Guest]) -> None:
    others = [client_of("bob"), client_of("bob")]
    meis = client_of("mei")
    assert bob.post("/account/sessions/ending").status_code == 303
    assert [other.get("/alpha/").status_code for other in others] == [303, 303]
    assert bob.get("/alpha/").status_code == 200
    assert meis.get("/alpha/").status_code == 200


def test_a_session_of_somebody_else_is_none_of_mine(
    bob: Guest, client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player]
) -> None:
    mei = client_of("mei")
    theirs = landlord.scalars(select(SessionRow.id).where(SessionRow.person_id == players["mei"].person_id)).all()
    assert theirs
    for session_id in (*theirs, uuid.uuid4()):
        assert bob.post(f"/account/sessions/{session_id}/ending").status_code == 404
    assert mei.get("/alpha/").status_code == 200


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/sessions", "/companies"])
def test_it_is_for_who_is_signed_in(client_of: Callable[[str], Guest], path: str) -> None:
    stranger = client_of("anonymous")
    assert stranger.get(path).location == f"/sign-in?next={path}"
    answer = stranger.get(path, htmx=True)
    assert (answer.status_code, "/sign-in" in answer.headers["HX-Redirect"]) == (401, True)


def test_who_was_signed_out_over_a_page_is_told_and_comes_back_to_it(client_of: Callable[[str], Guest]) -> None:
    stranger = client_of("anonymous")
    stranger.set_cookie("lang", "en")
    shown = {"HX-Current-URL": "http://localhost/alpha/customers?grade=A#rows"}
    answer = stranger.get("/alpha/customers/new", htmx=True, headers=shown)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/alpha/customers?grade%3DA")
    assert "signed out in the meantime" in stranger.get("/sign-in").text


def test_forged_nothing_changes(bob: Guest, landlord: Session, players: dict[str, Player]) -> None:
    for path, form in {"/account": PROFILE, "/account/theme": {"theme": "dark"}, "/account/sessions/ending": {}}.items():
        assert bob.post(path, data=form, token=False).status_code == 400
        assert bob.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert me(landlord, players).name == "Bob"
    assert bob.get("/account/sessions/ending").status_code == 405
    assert bob.get("/account/theme").status_code == 405


def test_odd_strings_are_only_strings(bob: Guest) -> None:
    for odd in ("<script>alert(1)</script>", "'; DROP TABLE people; --", "{{ 7*7 }}", "\u202e\ufeff𠮷", "%s %(name)s %n"):
        assert bob.post("/account", data=PROFILE | {"name": odd[:60], "locale": "en"}).status_code == 303
        page = bob.get("/account").text
        assert "<script>alert" not in page
        assert "49" not in page.partition('name="name"')[2][:80]
