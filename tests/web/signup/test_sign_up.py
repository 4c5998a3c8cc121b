"""From the form to one's own workbench in one step."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from saas.cells.models import Schema
from saas.identity.memberships import companies_of
from saas.identity.models import Person
from saas.registry.models import Tenant as TenantRow
from tenants.pipeline.models import Stage
from tenants.wall.session import inside
from tests.world.cast import PASSWORD, Player, as_value
from tests.world.door import Guest, guest
from tests.world.letters import letters

FORM = {
    "company": "杭州青禾环保设备有限公司",
    "slug": "",
    "name": "王芳",
    "mail": "wang@qinghe.example",
    "password": "four words are enough",
    "language": "zh_Hans_CN",
}


@pytest.fixture
def stranger(client_of: Callable[[str], Guest]) -> Guest:
    browser = client_of("anonymous")
    browser.set_cookie("lang", "en")
    return browser


def slugs(landlord: Session) -> set[str]:
    landlord.rollback()
    return set(landlord.scalars(select(TenantRow.slug)))


def test_one_step_leads_to_the_workbench(stranger: Guest, landlord: Session, engine: Engine) -> None:
    answer = stranger.post("/sign-up", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/qinghe/")
    page = stranger.get("/qinghe/")
    assert page.status_code == 200
    assert FORM["company"] in page.text
    assert 'lang="zh-CN"' in page.text, "in the language that was chosen, not the browser's"
    row = landlord.scalars(select(TenantRow).where(TenantRow.slug == "qinghe")).one()
    assert (row.state, row.locale) == ("trial", "zh_Hans_CN")
    assert row.trial_ends_at is not None
    assert dt.timedelta(days=29, hours=23) < row.trial_ends_at - dt.datetime.now(dt.UTC) < dt.timedelta(days=30)
    with inside(as_value(row), engine) as session:
        assert "初步接触" in session.scalars(select(Stage.name)).all(), "furnished in the company's language"


def test_then_one_can_sign_out_and_in_again(stranger: Guest) -> None:
    stranger.post("/sign-up", data=FORM)
    stranger.post("/sign-out")
    assert stranger.get("/qinghe/").status_code == 303
    assert stranger.post("/sign-in", data=FORM).location == "/qinghe/"


def test_a_letter_asks_to_confirm_the_address(stranger: Guest, engine: Engine, landlord: Session) -> None:
    stranger.post("/sign-up", data=FORM)
    (letter,) = letters(engine)
    assert (letter.to, letter.subject) == ("wang@qinghe.example", "请确认您的邮箱")
    assert stranger.post(letter.path("/confirm/")).location == "/qinghe/"
    assert landlord.scalars(select(Person.mail_confirmed_at).where(Person.mail == FORM["mail"])).one() is not None


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("company", "", "Please fill this in."),
        ("company", "x" * 101, "longer than"),
        ("name", "\u200b \u2028", "Please fill this in."),
        ("mail", "nonsense", "This is not an email address."),
        ("password", "password1", "among the first that strangers try"),
        ("password", "青禾环保设备", "at least 8"),
        ("slug", "al", "3 to 40 small letters"),
        ("slug", "qing he!", "3 to 40 small letters"),
        ("slug", "sign-in", "one of ours"),
        ("slug", "static", "one of ours"),
        ("slug", "alpha", "just been taken"),
        ("language", "tlh", "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(stranger: Guest, landlord: Session, field: str, typed: str, said: str) -> None:
    before = slugs(landlord)
    answer = stranger.post("/sign-up", data=FORM | {field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    kept = {"company", "name", "mail"} - {field}
    assert all(FORM[one] in answer.text for one in kept)
    assert FORM["password"] not in answer.text
    assert slugs(landlord) == before


def test_an_address_of_ones_own_is_kept(stranger: Guest) -> None:
    assert stranger.post("/sign-up", data=FORM | {"slug": "Green-Grain"}).location == "/green-grain/"


def test_a_proposed_address_that_is_taken_is_counted_on(stranger: Guest, client_of: Callable[[str], Guest]) -> None:
    stranger.post("/sign-up", data=FORM)
    assert client_of("anonymous").post("/sign-up", data=FORM | {"mail": "li@qinghe.example"}).location == "/qinghe-2/"


def test_with_scripts_the_form_comes_back_as_a_piece_and_success_leads_on(stranger: Guest) -> None:
    refused = stranger.post("/sign-up", data=FORM | {"mail": ""}, htmx=True)
    assert refused.status_code == 422
    assert "<html" not in refused.text
    assert "hx-preserve" in refused.text, "the password in the browser stays where it is"
    done = stranger.post("/sign-up", data=FORM, htmx=True)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/qinghe/")
    assert stranger.get("/qinghe/").status_code == 200


def test_the_address_is_proposed_and_checked_while_typing(stranger: Guest) -> None:
    def ask(**what: str) -> str:
        return stranger.get("/sign-up/slug", query_string=what, htmx=True).text

    proposed = ask(asks="company", company="杭州青禾环保设备有限公司", slug="", proposed="")
    assert 'value="qinghe"' in proposed
    assert "This address is free." in proposed
    assert 'value="alpha-2"' in ask(asks="company", company="Alpha Ltd", slug="qinghe", proposed="qinghe")
    assert (
        stranger.get("/sign-up/slug", query_string={"asks": "company", "company": "Alpha", "slug": "mine", "proposed": "qinghe"}).status_code == 204
    )
    assert "taken" in ask(slug="alpha")
    assert "one of ours" in ask(slug="static")
    assert "3 to 40" in ask(slug="a")
    assert "free" in ask(slug="gamma")
    assert stranger.get("/sign-up/slug?asks=company&company=%00%ff&slug='\"<x>").status_code < 500


def test_somebody_known_gets_another_company_with_the_right_password(stranger: Guest, landlord: Session, players: dict[str, Player]) -> None:
    answer = stranger.post("/sign-up", data=FORM | {"mail": "bob@alpha.example", "password": PASSWORD})
    assert answer.location == "/qinghe/"
    assert {company.slug for company in companies_of(landlord, players["bob"].person_id)} == {"alpha", "qinghe"}
    assert landlord.get_one(Person, players["bob"].person_id).name == "Bob", "the account stays as it was"


def test_with_another_password_the_owner_gets_a_letter_and_the_page_tells_nothing(
    stranger: Guest, landlord: Session, engine: Engine, players: dict[str, Player]
) -> None:
    before = slugs(landlord)
    answer = stranger.post("/sign-up", data=FORM | {"mail": "bob@alpha.example"})
    assert answer.status_code == 200
    assert "account" not in re.sub(r"<[^>]+>", "", answer.text.partition("<main")[2])
    assert stranger.get("/companies").status_code == 303, "nobody is signed in"
    assert slugs(landlord) == before
    (letter,) = letters(engine)
    assert letter.to == "bob@alpha.example"
    assert "has an account already" in letter.text
    assert stranger.get(letter.path("/reset-password/")).status_code == 200
    for _ in range(5):
        stranger.post("/sign-up", data=FORM | {"mail": "bob@alpha.example"})
    assert len(letters(engine)) == 3


def test_guessing_passwords_by_signing_up_is_throttled_as_signing_in_is(stranger: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    from saas.identity import passwords

    reached: list[str] = []

    def is_right(_: str | None, password: str) -> bool:
        reached.append(password)
        return False

    monkeypatch.setattr(passwords, "is_right", is_right)
    for n in range(40):
        stranger.post("/sign-up", data=FORM | {"mail": "bob@alpha.example", "password": f"guess number {n}"})
    assert len(reached) == 10


def test_a_form_sent_twice_makes_one_company(stranger: Guest, client_of: Callable[[str], Guest], landlord: Session) -> None:
    again = client_of("anonymous")
    assert stranger.post("/sign-up", data=FORM).location == "/qinghe/"
    assert again.post("/sign-up", data=FORM).location == "/qinghe/"
    assert again.post("/sign-up", data=FORM | {"slug": "qinghe"}).location == "/qinghe/", "signed in by now"
    assert client_of("anonymous").post("/sign-up", data=FORM | {"slug": "qinghe"}).location == "/qinghe/"
    assert slugs(landlord) == {"alpha", "beta", "qinghe"}


def test_signed_in_one_is_asked_less(client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], engine: Engine) -> None:
    bob = client_of("bob")
    page = bob.get("/sign-up").text
    assert 'name="password"' not in page
    assert 'name="mail"' not in page
    answer = bob.post("/sign-up", data={"company": "Bob's own", "slug": "bobs-own", "language": "en"})
    assert answer.location == "/bobs-own/"
    assert bob.get("/bobs-own/").status_code == 200
    assert bob.get("/alpha/").status_code == 200
    assert letters(engine) == []
    assert bob.post("/sign-up", data={"company": "", "language": "en"}).status_code == 422
    assert bob.post("/sign-up", data={"company": "Bob's", "slug": "alpha", "language": "en"}).status_code == 422


def test_when_no_schema_is_ready_the_form_is_kept(stranger: Guest, landlord: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas.signup.signup.PATIENCE", 0.1)
    landlord.execute(update(Schema).where(Schema.state == "vacant").values(state="leaving"))
    landlord.commit()
    answer = stranger.post("/sign-up", data=FORM)
    assert answer.status_code == 503
    assert "being prepared" in answer.text
    assert all(FORM[one] in answer.text for one in ("company", "name", "mail"))
    toast = stranger.post("/sign-up", data=FORM, htmx=True)
    assert toast.status_code == 503
    assert "being prepared" in toast.text
    assert slugs(landlord) == {"alpha", "beta"}
    assert landlord.execute(text("SELECT count(*) FROM saas.people WHERE mail = :mail"), {"mail": FORM["mail"]}).scalar() == 0


def test_many_companies_from_one_address_are_enough(client_of: Callable[[str], Guest], landlord: Session) -> None:
    from saas.identity import throttle

    far = {"REMOTE_ADDR": "203.0.113.9"}
    for _ in range(throttle.SIGNUP.most):
        throttle.count(landlord, [throttle.Try(throttle.SIGNUP, "203.0.113.9")], at=dt.datetime.now(dt.UTC))
    landlord.commit()
    assert client_of("anonymous").post("/sign-up", data=FORM, environ_base=far).status_code == 429
    assert client_of("anonymous").post("/sign-up", data=FORM).status_code == 303, "this machine itself is everybody's address"


def test_fifty_at_once_want_one_address(app: Flask, engine: Engine, landlord: Session) -> None:
    def try_it(n: int) -> tuple[int, str]:
        browser = guest(app, engine, None)
        browser.set_cookie("lang", "en")
        answer = browser.post("/sign-up", data=FORM | {"slug": "qinghe", "mail": f"wang{n}@qinghe.example"})
        return answer.status_code, answer.text

    with ThreadPoolExecutor(8) as pool:  # as many as a web process serves at once, and twice that
        answers = list(pool.map(try_it, range(50)))
    assert [status for status, _ in answers].count(303) == 1
    lost = [page for status, page in answers if status != 303]
    assert all("has just been taken" in page and FORM["company"] in page for page in lost)
    assert landlord.execute(text("SELECT count(*) FROM saas.people WHERE mail LIKE 'wang%'")).scalar() == 1


def test_forged_it_makes_nothing(stranger: Guest, landlord: Session) -> None:
    assert stranger.post("/sign-up", data=FORM, token=False).status_code == 400
    assert stranger.post("/sign-up", data=FORM, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert slugs(landlord) == {"alpha", "beta"}
