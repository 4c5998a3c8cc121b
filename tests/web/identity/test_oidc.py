"""Signing in with an account elsewhere, at an issuer that speaks real HTTP; and one that lies."""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from saas.identity.models import OidcLink, Person
from tests.world.cast import PASSWORD, Player
from tests.world.database import Database
from tests.world.door import Guest, guest, make_app
from tests.world.issuer import CLIENT, SECRET, Issuer
from tests.world.letters import letters
from web.database import db

pytestmark = pytest.mark.usefixtures("loopback")
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    issuer.start()
    yield issuer
    issuer.stop()


@pytest.fixture
def provided(database: Database, engine: Engine, issuer: Issuer) -> Iterator[Flask]:
    """The application with two providers: ours, and one that nobody hears."""
    one = {"name": "ours", "label": "Our Directory", "issuer": issuer.url, "client_id": CLIENT, "client_secret": SECRET}
    app = make_app(database.app_url, oidc_providers=[one, one | {"name": "away", "label": "Away", "issuer": "http://127.0.0.1:1"}])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def browser(provided: Flask, engine: Engine) -> Guest:
    return somebody(provided, engine, None)


def somebody(app: Flask, engine: Engine, player: Player | None) -> Guest:
    browser = guest(app, engine, player)
    browser.set_cookie("lang", "en")
    return browser


def callback(browser: Guest, start: str = "/sign-in/with/ours") -> str:
    """Goes to the provider and comes back: the path of the callback, which is not yet asked."""
    there = browser.get(start).location
    assert there is not None
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    assert (back.scheme, back.netloc) == ("http", "localhost"), "the public address, whatever host was said"
    return f"{back.path}?{back.query}"


def people(landlord: Session) -> dict[str, Person]:
    landlord.expire_all()
    return {person.mail: person for person in landlord.scalars(select(Person))}


def test_who_is_new_gets_an_account_and_is_asked_for_a_company(browser: Guest, landlord: Session, issuer: Issuer) -> None:
    answer = browser.get(callback(browser))
    assert (answer.status_code, answer.location) == (303, "/companies")
    dora = people(landlord)["dora@delta.example"]
    assert (dora.name, dora.password_hash) == ("Dora", None)
    assert dora.mail_confirmed_at is not None
    link = landlord.scalars(select(OidcLink)).one()
    assert (link.issuer, link.subject, link.person_id) == (issuer.url, "1001", dora.id)
    assert "No company yet" in browser.get("/companies").text
    browser.get(callback(browser))
    assert len([mail for mail in people(landlord) if mail.startswith("dora")]) == 1


def test_the_request_carries_pkce_and_a_nonce_and_one_redirect_address(browser: Guest, issuer: Issuer) -> None:
    callback(browser)
    asked = issuer.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 20
    assert len(asked["state"]) >= 20
    assert asked["redirect_uri"] == "http://localhost/sign-in/with/ours/callback"


def test_one_comes_back_to_where_one_wanted_to_go_but_not_to_another_site(browser: Guest) -> None:
    assert browser.get(callback(browser, "/sign-in/with/ours?next=/sign-up")).location == "/sign-up"
    assert browser.get(callback(browser, "/sign-in/with/ours?next=//evil.example")).location == "/companies"


def test_the_mail_may_change_the_subject_does_not(browser: Guest, landlord: Session, issuer: Issuer) -> None:
    browser.get(callback(browser))
    issuer.claims |= {"email": "alice@alpha.example"}
    assert browser.get(callback(browser)).location == "/companies", "still Dora, whatever the mail says"
    issuer.claims |= {"sub": "1002", "email": "dora@delta.example", "email_verified": False}
    assert browser.get(callback(browser)).location == "/sign-in", "another subject with Dora's unverified mail is not Dora"
    assert len(landlord.scalars(select(OidcLink)).all()) == 1


@pytest.mark.parametrize("is_verified", [True, False])
def test_an_account_with_a_password_is_not_opened_by_a_claim(browser: Guest, landlord: Session, issuer: Issuer, is_verified: bool) -> None:
    issuer.claims |= {"email": "bob@alpha.example", "email_verified": is_verified}
    assert browser.get(callback(browser)).location == "/sign-in"
    assert "Sign in with your password" in browser.get("/sign-in").text
    assert landlord.scalars(select(OidcLink)).all() == []
    assert browser.get("/alpha/").status_code == 303


@pytest.mark.parametrize(("is_verified", "is_let_in"), [(True, True), (False, False), ("true", False)])
def test_an_account_without_one_is_opened_by_a_verified_mail_only(
    browser: Guest, landlord: Session, issuer: Issuer, is_verified: object, is_let_in: bool
) -> None:
    people(landlord)["bob@alpha.example"].password_hash = None
    landlord.commit()
    issuer.claims |= {"email": "bob@alpha.example", "email_verified": is_verified}
    browser.get(callback(browser))
    assert (browser.get("/alpha/").status_code == 200) == is_let_in


def test_an_unverified_mail_makes_an_account_that_has_to_confirm(browser: Guest, landlord: Session, issuer: Issuer, engine: Engine) -> None:
    issuer.claims |= {"email_verified": None}
    browser.get(callback(browser))
    assert people(landlord)["dora@delta.example"].mail_confirmed_at is None
    assert letters(engine)[-1].path("/confirm/")


def test_without_a_mail_there_is_no_account(browser: Guest, landlord: Session, issuer: Issuer) -> None:
    issuer.claims |= {"email": None}
    before = len(people(landlord))
    assert browser.get(callback(browser)).location == "/sign-in"
    assert len(people(landlord)) == before


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"}, {"nonce": None}, {"iss": "https://evil.example"}, {"aud": "somebody else"}, {"exp": 1}, {"sub": None}, {"iss": None},
        {"azp": "x"}, {"iat": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_does_not_fit_opens_nothing(browser: Guest, landlord: Session, issuer: Issuer, lies: dict[str, object]) -> None:
    issuer.lies = lies
    before = len(people(landlord))
    assert browser.get(callback(browser)).status_code == 400
    assert len(people(landlord)) == before
    assert browser.get("/companies").status_code == 303


def test_a_token_that_another_key_signed_opens_nothing(browser: Guest, issuer: Issuer) -> None:
    issuer.signs_with = RSAKey.generate_key(2048)
    assert browser.get(callback(browser)).status_code == 400


def test_who_comes_back_with_an_answer_of_no_use_is_shown_the_way_to_sign_in(browser: Guest) -> None:
    path = callback(browser)
    browser.get(path)
    again = browser.get(path).text
    assert "Please sign in again" in again
    assert re.search(r'class="box primary" href="/sign-in"', again)


@pytest.mark.parametrize("answer", [{"iss": "https://evil.example"}, {"iss": None}, {"iss": ""}])
def test_the_callback_must_say_the_issuer(browser: Guest, issuer: Issuer, answer: dict[str, str | None]) -> None:
    """RFC 9207: against an issuer that mixes itself in."""
    issuer.answer = answer
    assert browser.get(callback(browser)).status_code == 400


def test_an_issuer_that_never_promised_to_say_it_need_not(browser: Guest, issuer: Issuer) -> None:
    issuer.promises_iss = False
    assert browser.get(callback(browser)).status_code == 303
    issuer.answer = {"iss": "https://evil.example"}
    assert browser.get(callback(browser)).status_code == 400


def test_a_callback_works_once(browser: Guest) -> None:
    path = callback(browser)
    assert browser.get(path).status_code == 303
    assert browser.get(path).status_code == 400


def test_a_callback_works_in_the_browser_that_began(browser: Guest, provided: Flask, engine: Engine) -> None:
    path = callback(browser)
    victim = somebody(provided, engine, None)
    assert victim.get(path).status_code == 400
    assert victim.get("/companies").status_code == 303


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "code=x&state=x", "error=access_denied", "state=%00&code=%ff"])
def test_a_callback_out_of_the_blue_is_refused(browser: Guest, query: str) -> None:
    assert browser.get(f"/sign-in/with/ours/callback?{query}").status_code == 400


def test_the_state_of_one_provider_is_nothing_to_another(browser: Guest) -> None:
    path = callback(browser)
    assert browser.get(path.replace("/with/ours/", "/with/away/")).status_code == 400


def test_who_changes_his_mind_there_is_back_at_the_door(browser: Guest, issuer: Issuer) -> None:
    issuer.answer = {"error": "access_denied", "code": None}
    answer = browser.get(callback(browser))
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "You did not sign in there" in browser.get("/sign-in").text


def test_a_provider_that_is_away_is_said_to_be(browser: Guest) -> None:
    answer = browser.get("/sign-in/with/away")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_only_configured_providers_have_buttons_and_pages(browser: Guest, app: Flask, engine: Engine) -> None:
    assert "Our Directory" in browser.get("/sign-in").text
    assert "Our Directory" in browser.get("/sign-up").text
    assert browser.get("/sign-in/with/google").status_code == 404
    plain = guest(app, engine, None)
    assert "/sign-in/with/" not in plain.get("/sign-in").text
    assert plain.get("/sign-in/with/ours").status_code == 404


def test_signed_in_one_links_an_account_and_signs_in_with_it(provided: Flask, engine: Engine, players: dict[str, Player], landlord: Session) -> None:
    bob = somebody(provided, engine, players["bob"])
    page = bob.post("/account/links/ours", data={"current": PASSWORD}).text
    there = page.partition('class="box primary" href="')[2].partition('"')[0].replace("&amp;", "&")
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    assert bob.get(f"{back.path}?{back.query}").location == "/account/password"
    assert landlord.scalars(select(OidcLink.person_id)).all() == [players["bob"].person_id]
    other = somebody(provided, engine, None)
    assert other.get(callback(other)).location == "/alpha/"


def test_linking_is_begun_with_ones_password_and_ended_by_the_same_person(
    provided: Flask, engine: Engine, players: dict[str, Player], landlord: Session
) -> None:
    bob = somebody(provided, engine, players["bob"])
    assert bob.post("/account/links/ours", data={"current": "not the password"}).status_code == 422
    assert bob.post("/account/links/ours", data={"current": PASSWORD}, token=False).status_code == 400
    assert bob.get("/account/links/ours").status_code == 405
    page = bob.post("/account/links/ours", data={"current": PASSWORD}).text
    there = page.partition('class="box primary" href="')[2].partition('"')[0].replace("&amp;", "&")
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    bob.post("/sign-in", data={"mail": "mei@alpha.example", "password": PASSWORD})
    assert bob.get(f"{back.path}?{back.query}").status_code == 400
    assert landlord.scalars(select(OidcLink)).all() == []


def test_the_only_way_in_is_not_taken_away(browser: Guest, landlord: Session, issuer: Issuer) -> None:
    browser.get(callback(browser))
    away = {"issuer": issuer.url, "subject": "1001"}
    browser.post("/account/links/removal", data=away)
    assert "only way to sign in" in browser.get("/account/password").text
    assert browser.post("/account/password", data={"password": "four words are enough"}).status_code == 303
    browser.post("/account/links/removal", data=away)
    assert landlord.scalars(select(OidcLink)).all() == []


def test_microsofts_common_endpoint_names_an_issuer_with_a_gap() -> None:
    from web.identity.oidc import _is_of

    common, directory = "https://login.microsoftonline.com/{tenantid}/v2.0", "9188040d-6c67-4c5b-b112-36a304b66dad"
    theirs = common.replace("{tenantid}", directory)
    assert _is_of(common, theirs, directory)
    assert _is_of(common, theirs, None)
    assert not _is_of(common, theirs, "another")
    assert not _is_of(common, "https://evil.example/x/v2.0", directory)
    assert not _is_of("https://accounts.google.com", "https://accounts.google.com/", None)


def test_what_was_asked_is_not_in_the_logs_of_others(browser: Guest) -> None:
    """The address to which one is sent names no secret of ours."""
    there = browser.get("/sign-in/with/ours").location
    assert there is not None
    said = parse_qs(urlsplit(there).query)
    assert SECRET not in str(said)
    assert "code_verifier" not in said
