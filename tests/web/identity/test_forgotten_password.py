"""A forgotten password: the letter goes to its owner, the page tells nobody who has an account."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.world.cast import PASSWORD
from tests.world.door import Guest, token_for
from tests.world.letters import letters

NEW = "four words are enough"


@pytest.fixture
def guest(client_of: Callable[[str], Guest]) -> Guest:
    browser = client_of("anonymous")
    browser.set_cookie("lang", "en")
    return browser


def ask(guest: Guest, engine: Engine, mail: str = "bob@alpha.example") -> str:
    guest.post("/forgotten-password", data={"mail": mail})
    return letters(engine)[-1].path("/reset-password/")


def test_the_link_sets_a_new_password_and_signs_in(guest: Guest, engine: Engine, client_of: Callable[[str], Guest]) -> None:
    elsewhere = client_of("bob")
    path = ask(guest, engine)
    assert "bob@alpha.example" in guest.get(path).text
    answer = guest.post(path, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/alpha/")
    assert guest.get("/alpha/").status_code == 200
    assert elsewhere.get("/alpha/").status_code == 303, "all other browsers are signed out"
    other = client_of("anonymous")
    assert other.post("/sign-in", data={"mail": "bob@alpha.example", "password": PASSWORD}).status_code == 422
    assert other.post("/sign-in", data={"mail": "bob@alpha.example", "password": NEW}).status_code == 303
    assert [letter.subject for letter in letters(engine)] == ["Set a new password", "Your password was changed"]


def test_it_opens_once(guest: Guest, engine: Engine) -> None:
    path = ask(guest, engine)
    guest.post(path, data={"password": NEW})
    for answer in (guest.get(path), guest.post(path, data={"password": NEW})):
        assert answer.status_code == 410
        assert "no longer works" in answer.text


def test_it_opens_for_an_hour(guest: Guest, engine: Engine) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        path = ask(guest, engine)
        clock.shift(dt.timedelta(minutes=61))
        assert guest.post(path, data={"password": NEW}).status_code == 410


@pytest.mark.parametrize("password", ["", "short", "password1", "bob@alpha.example"])
def test_a_weak_password_is_refused_and_the_link_stays_open(guest: Guest, engine: Engine, password: str) -> None:
    path = ask(guest, engine)
    assert guest.post(path, data={"password": password}).status_code == 422
    assert guest.post(path, data={"password": NEW}).status_code == 303


def test_known_or_not_the_answer_is_the_same(guest: Guest, engine: Engine) -> None:
    known = guest.post("/forgotten-password", data={"mail": "bob@alpha.example"})
    unknown = guest.post("/forgotten-password", data={"mail": "nob@alpha.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("bob@", "nob@") == unknown.text
    assert [letter.to for letter in letters(engine)] == ["bob@alpha.example"]


def test_nobody_is_flooded(guest: Guest, engine: Engine) -> None:
    answers = {guest.post("/forgotten-password", data={"mail": "bob@alpha.example"}).status_code for _ in range(10)}
    assert answers == {200}
    assert len(letters(engine)) == 3
    assert guest.get(letters(engine)[0].path("/reset-password/")).status_code == 200, "each of them opens"


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("http://evil.example", {}),
        ("http://localhost", {"X-Forwarded-Host": "evil.example"}),
        ("http://localhost", {"Forwarded": "host=evil.example"}),
    ],
)
def test_the_link_leads_to_us_whatever_host_was_said(guest: Guest, engine: Engine, host: str, headers: dict[str, str]) -> None:
    headers = headers | token_for(guest, host)
    answer = guest.post("/forgotten-password", data={"mail": "bob@alpha.example"}, base_url=host, headers=headers, token=False)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    letter = letters(engine)[-1]
    assert "http://localhost/reset-password/" in letter.text
    assert "evil.example" not in letter.text + letter.html


def test_asking_tells_not_by_which_address_somebody_is_known(guest: Guest, engine: Engine, landlord: Session) -> None:
    path = ask(guest, engine)
    token = path.rpartition("/")[2]
    kept = landlord.execute(text("SELECT string_agg(t::text, ' ') FROM saas.one_time_links t")).scalar_one()
    assert token not in kept


def test_nonsense_is_said_to_be_nonsense(guest: Guest) -> None:
    assert guest.post("/forgotten-password", data={"mail": "nonsense"}).status_code == 422
    assert guest.get("/reset-password/").status_code == 404
    assert guest.get("/reset-password/%ff'\"<script>").status_code == 410


def test_from_another_site_nothing_happens(guest: Guest, engine: Engine) -> None:
    assert guest.post("/forgotten-password", data={"mail": "bob@alpha.example"}, token=False).status_code == 400
    assert guest.post("/forgotten-password", data={"mail": "bob@alpha.example"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert letters(engine) == []
