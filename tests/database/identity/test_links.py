"""Mailed links: open once, for a while, for one purpose; a new password ends everything that was before."""

import datetime as dt

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from saas.identity import oidc, sessions
from saas.identity.links import LIFETIMES, LinkExpired, issue, person_of, redeem
from saas.identity.models import OneTimeLink, Person
from saas.identity.recovery import confirm_mail, reset_password
from tests.world.cast import Player

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def wang(landlord: Session, players: dict[str, Player]) -> Person:
    return landlord.get_one(Person, players["bob"].person_id)


def test_a_link_opens_once(landlord: Session, wang: Person) -> None:
    token = issue(landlord, wang, "reset", at=NOW)
    assert redeem(landlord, token, "reset", at=NOW).id == wang.id
    with pytest.raises(LinkExpired):
        redeem(landlord, token, "reset", at=NOW)


@pytest.mark.parametrize("purpose", ["confirm", "reset"])
def test_a_link_opens_for_its_term_and_its_purpose(landlord: Session, wang: Person, purpose: str) -> None:
    token, other = issue(landlord, wang, purpose, at=NOW), {"confirm": "reset", "reset": "confirm"}[purpose]
    assert person_of(landlord, token, other, at=NOW) is None
    assert person_of(landlord, token, purpose, at=NOW + LIFETIMES[purpose] - dt.timedelta(seconds=1)) is wang
    assert person_of(landlord, token, purpose, at=NOW + LIFETIMES[purpose]) is None
    with pytest.raises(LinkExpired):
        redeem(landlord, token, other, at=NOW)


def test_the_token_is_nowhere_kept(landlord: Session, wang: Person) -> None:
    token = issue(landlord, wang, "reset", at=NOW)
    assert token.encode() not in landlord.scalars(select(OneTimeLink.token_hash)).all()


def test_confirming_twice_keeps_the_first_time(landlord: Session, wang: Person) -> None:
    wang.mail_confirmed_at = None
    first, second = issue(landlord, wang, "confirm", at=NOW), issue(landlord, wang, "confirm", at=NOW)
    assert confirm_mail(landlord, first, at=NOW).mail_confirmed_at == NOW
    assert confirm_mail(landlord, second, at=NOW + dt.timedelta(hours=1)).mail_confirmed_at == NOW


def test_a_new_password_signs_out_everywhere_and_closes_the_other_links(landlord: Session, wang: Person) -> None:
    session = sessions.begin(landlord, wang.id, at=NOW, means="password", address=None, agent=None)
    token, other = issue(landlord, wang, "reset", at=NOW), issue(landlord, wang, "reset", at=NOW)
    reset_password(landlord, token, "a hash", at=NOW)
    assert wang.password_hash == "a hash"
    assert sessions.recognise(landlord, session, now=NOW) is None
    with pytest.raises(LinkExpired):
        redeem(landlord, other, "reset", at=NOW)


def test_who_proves_the_address_throws_out_who_registered_with_it(landlord: Session, wang: Person) -> None:
    """Somebody signed up with Wang's address before Wang did, and linked an account of his own: it opens nothing once Wang has come."""
    wang.mail_confirmed_at = None
    intruder = oidc.Account("https://id.example", "intruder", None, False, "Intruder")
    oidc.link(landlord, intruder, wang.id, at=NOW)
    reset_password(landlord, issue(landlord, wang, "reset", at=NOW), "a hash", at=NOW)
    assert oidc.linked_person(landlord, intruder) is None
    assert wang.mail_confirmed_at == NOW


def test_who_had_confirmed_keeps_the_accounts_elsewhere(landlord: Session, wang: Person) -> None:
    own = oidc.Account("https://id.example", "wang", None, False, "Wang")
    oidc.link(landlord, own, wang.id, at=NOW)
    reset_password(landlord, issue(landlord, wang, "reset", at=NOW), "a hash", at=NOW)
    assert oidc.linked_person(landlord, own) is wang


def test_of_two_who_open_a_link_at_once_one_gets_it(engine: Engine, landlord: Session, wang: Person) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tenants.wall.session import landlord_plane, open_session

    token = issue(landlord, wang, "reset", at=NOW)
    landlord.commit()

    def open_it(_: int) -> bool:
        with open_session(engine, landlord_plane()) as session:
            try:
                redeem(session, token, "reset", at=NOW)
                session.commit()
            except LinkExpired:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(open_it, range(8))) == 1
