"""The own address is confirmed by a link, signed in or not; opening the page alone changes nothing."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from saas.identity.models import Person
from tests.world.cast import Player
from tests.world.door import Guest
from tests.world.letters import letters


@pytest.fixture
def path(client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], engine: Engine) -> str:
    landlord.get_one(Person, players["bob"].person_id).mail_confirmed_at = None
    landlord.commit()
    bob = client_of("bob")
    assert "not confirmed yet" in bob.get("/account").text
    assert bob.post("/account/confirmation").status_code == 303
    return letters(engine)[-1].path("/confirm/")


def is_confirmed(landlord: Session, players: dict[str, Player]) -> bool:
    person = landlord.get_one(Person, players["bob"].person_id)
    landlord.refresh(person)
    return person.mail_confirmed_at is not None


def test_the_button_confirms_and_the_page_alone_does_not(
    client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], path: str
) -> None:
    stranger = client_of("anonymous")
    assert "bob@alpha.example" in stranger.get(path).text
    assert not is_confirmed(landlord, players), "mail scanners open links, too"
    answer = stranger.post(path)
    assert (answer.status_code, answer.location) == (303, "/sign-in?mail=bob@alpha.example")
    assert is_confirmed(landlord, players)
    assert stranger.post(path).status_code == 410


def test_signed_in_one_goes_on_to_work(client_of: Callable[[str], Guest], path: str) -> None:
    bob = client_of("bob")
    assert bob.post(path).location == "/alpha/"
    assert "not confirmed yet" not in bob.get("/account").text


def test_it_opens_for_three_days(client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], path: str) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=3, minutes=1)):
        assert client_of("anonymous").post(path).status_code == 410
    assert not is_confirmed(landlord, players)


def test_letters_are_few_and_none_when_there_is_no_need(client_of: Callable[[str], Guest], engine: Engine, path: str) -> None:
    bob = client_of("bob")
    assert [bob.post("/account/confirmation").status_code for _ in range(3)] == [303, 303, 422]
    assert len(letters(engine)) == 3
    client_of("mei").post("/account/confirmation")
    assert len(letters(engine)) == 3


def test_forged_it_changes_nothing(client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], path: str) -> None:
    assert client_of("anonymous").post(path, token=False).status_code == 400
    assert client_of("anonymous").post("/confirm/no-such-token").status_code == 410
    assert not is_confirmed(landlord, players)
