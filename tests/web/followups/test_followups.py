"""Follow-ups, plans and contacts through the door."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup, Plan
from tenants.followups.writing import make_plan
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.stage import prop

BOBS = prop("customer", "Bob")
FOLLOWUP, PLAN, CONTACT = prop("followup", "Bob"), prop("plan", "Bob"), prop("contact", "Bob")
WRITE = f"customers/{BOBS}/followups"
Client = Callable[[str], Guest]
Look = Callable[[Callable[[Session], Any]], Any]


@pytest.fixture
def look(alpha: Tenant, engine: Engine) -> Look:
    def ask(question: Callable[[Session], Any]) -> Any:
        with inside(alpha, engine) as session:
            return question(session)

    return ask


def text(response: Any) -> str:
    return str(response.get_data(as_text=True))


def latest(session: Session) -> Followup:
    return session.scalars(select(Followup).order_by(Followup.created_at.desc())).first() or pytest.fail("none was written")


def test_one_is_written_with_all_that_belongs_to_it(client_of: Client, look: Look, bob: Actor) -> None:
    data = {
        "content": " Two more pumps ",
        "means": "visit",
        "contact_id": str(CONTACT),
        "opportunity_id": str(prop("opportunity", "Bob")),
        "result": "Good",
        "at": "2026-11-01T10:30",
        "next_contact_at": "2099-01-02T09:00",
    }
    assert client_of("bob").post(WRITE, data=data).status_code == 303
    one = look(latest)
    assert (one.content, one.means, one.contact_id, one.result, one.member_id) == ("Two more pumps", "visit", CONTACT, "Good", bob.id)
    assert one.at == dt.datetime(2026, 11, 1, 2, 30, tzinfo=dt.UTC), "in the company's time zone"
    assert look(lambda session: session.get_one(Customer, BOBS)).last_followup_at == one.at


def test_a_quick_choice_is_a_moment(client_of: Client, look: Look) -> None:
    client_of("bob").post(WRITE, data={"content": "x", "means": "phone", "soon": "tomorrow"})
    moment = look(latest).next_contact_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert (moment.hour, moment.minute) == (9, 0)


def test_htmx_gets_the_changed_pieces_only(client_of: Client) -> None:
    answer = text(client_of("bob").post(WRITE, data={"content": "Fresh words", "means": "phone"}, htmx=True))
    assert re.findall(r'<hx-partial hx-target="#(\w+)"', answer) == ["head", "history", "plans", "toasts"]
    assert "Fresh words" in answer
    assert "<html" not in answer


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": " "},
        {"content": "x" * 5001},
        {"means": "pigeon"},
        {"contact_id": str(prop("contact", "Alice"))},
        {"contact_id": "x"},
        {"at": "2999-01-01T00:00"},
        {"at": "yesterday"},
        {"next_contact_at": "0001-01-01T00:00"},
        {"next_contact_at": "3000-01-01T00:00"},
        {"soon": "never"},
        {"result": "x" * 501},
        {"opportunity_id": str(prop("opportunity", "Alice"))},
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_one_is_422_and_nothing_typed_is_lost(client_of: Client, look: Look, wrong: dict[str, str], *, htmx: bool) -> None:
    answer = client_of("bob").post(WRITE, data={"content": "Kept words", "means": "phone", "result": "Kept too"} | wrong, htmx=htmx)
    assert answer.status_code == 422
    assert "error" in text(answer)
    assert "content" in wrong or "Kept words" in text(answer)
    assert "result" in wrong or "Kept too" in text(answer)
    assert len(look(lambda session: session.scalars(select(Followup)).all())) == 2, "the two of the stage"


def test_it_may_be_about_a_plan_which_is_done_then(client_of: Client, look: Look) -> None:
    form = text(client_of("bob").get(f"{WRITE}?plan={PLAN}"))
    assert f'name="plan_id" type="hidden" value="{PLAN}"' in form or str(PLAN) in form
    client_of("bob").post(WRITE, data={"content": "Visited", "means": "visit", "plan_id": str(PLAN)})
    assert look(lambda session: session.get_one(Plan, PLAN)).done_at is not None
    assert look(latest).plan_id == PLAN
    assert client_of("bob").post(WRITE, data={"content": "x", "means": "visit", "plan_id": str(prop("plan", "Alice"))}).status_code == 404


def test_a_plan_that_is_due_is_offered_to_be_done(client_of: Client, look: Look) -> None:
    look(lambda session: session.get_one(Plan, PLAN).__setattr__("due_at", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    answer = text(client_of("bob").post(WRITE, data={"content": "x", "means": "phone"}, htmx=True))
    assert "Was this what you have just done?" in answer


# -- editing


EDIT = {"content": "Other words", "means": "mail", "at": "2026-01-06T10:00", "version": "1"}


def test_its_author_edits_it(client_of: Client, look: Look) -> None:
    assert client_of("bob").post(f"followups/{FOLLOWUP}/edit", data=EDIT).status_code == 303
    one = look(lambda session: session.get_one(Followup, FOLLOWUP))
    assert (one.content, one.means, one.version) == ("Other words", "mail", 2)
    assert "Bob called" in text(client_of("bob").get(f"customers/{BOBS}")), "the old words stay in the timeline"


def test_a_colleague_who_writes_here_does_not_edit_anothers_words(client_of: Client, look: Look, mei: Actor) -> None:
    look(lambda session: session.get_one(Followup, FOLLOWUP).__setattr__("member_id", mei.id))
    for path, data in (("edit", EDIT), ("deletion", {}), ("restoration", {})):
        assert client_of("bob").post(f"followups/{FOLLOWUP}/{path}", data=data).status_code == 403
    assert client_of("bob").get(f"followups/{FOLLOWUP}/edit").status_code == 403
    assert f"followups/{FOLLOWUP}/edit" not in text(client_of("bob").get(f"customers/{BOBS}"))
    assert client_of("mei").get(f"followups/{FOLLOWUP}/edit").status_code == 200


def test_a_clash_is_409_shows_both_and_can_be_settled(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    bob.post(f"followups/{FOLLOWUP}/edit", data=EDIT)
    answer = bob.post(f"followups/{FOLLOWUP}/edit", data=EDIT | {"content": "My words"})
    assert answer.status_code == 409
    assert "Other words" in text(answer)
    assert "My words" in text(answer)
    assert bob.post(f"followups/{FOLLOWUP}/edit", data=EDIT | {"content": "My words", "version": "2"}).status_code == 303
    assert look(lambda session: session.get_one(Followup, FOLLOWUP)).content == "My words"


@pytest.mark.parametrize("wrong", [{"content": ""}, {"at": ""}, {"means": "x"}])
def test_a_wrong_edit_is_422(client_of: Client, wrong: dict[str, str]) -> None:
    assert client_of("bob").post(f"followups/{FOLLOWUP}/edit", data=EDIT | wrong).status_code == 422


def test_it_is_deleted_and_undo_brings_it_back(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    answer = text(bob.post(f"followups/{FOLLOWUP}/deletion", htmx=True))
    assert look(lambda session: session.get_one(Customer, BOBS)).last_followup_at is None
    undo = re.search(r'hx-post="(/alpha/followups/[^"]+/restoration)"', answer)
    assert undo is not None
    assert bob.post(f"followups/{FOLLOWUP}/deletion").status_code == 404
    assert bob.post(undo[1]).status_code == 303
    assert look(lambda session: session.get_one(Followup, FOLLOWUP)).deleted_at is None


# -- plans


def test_a_plan_is_made_for_who_sees_the_customer(client_of: Client, look: Look, bob: Actor, mei: Actor, alice: Actor) -> None:
    data = {"content": "Visit", "due_at": "2099-01-02T09:00", "means": "visit"}
    assert client_of("mei").post(f"customers/{BOBS}/plans", data=data | {"member_id": str(bob.id)}).status_code == 303
    plan = look(lambda session: session.scalars(select(Plan).where(Plan.content == "Visit")).one())
    assert (plan.member_id, plan.created_by_id, plan.due_at) == (bob.id, mei.id, dt.datetime(2099, 1, 2, 1, tzinfo=dt.UTC))
    assert client_of("bob").post(f"customers/{BOBS}/plans", data=data | {"member_id": str(alice.id)}).status_code == 422


@pytest.mark.parametrize("wrong", [{"content": ""}, {"due_at": ""}, {"due_at": "soon"}, {"means": "x"}, {"member_id": "x"}, {"contact_id": "x"}])
def test_a_wrong_plan_is_422(client_of: Client, bob: Actor, wrong: dict[str, str]) -> None:
    data = {"content": "Visit", "due_at": "2099-01-02T09:00", "means": "visit", "member_id": str(bob.id)} | wrong
    assert client_of("bob").post(f"customers/{BOBS}/plans", data=data).status_code == 422


def test_the_list_says_what_is_late_due_and_done(client_of: Client, look: Look, bob: Actor) -> None:
    now = dt.datetime.now(dt.UTC)

    def make(session: Session) -> None:
        customer = session.get_one(Customer, BOBS)
        for name, days in (("Late", -3), ("Coming", 3)):
            make_plan(session, customer, means="phone", content=name, due_at=now + dt.timedelta(days=days), by=bob, at=now)

    look(make)
    page = text(client_of("bob").get("plans"))
    assert page.index('id="todo-overdue"') < page.index("Late") < page.index('id="todo-coming"') < page.index("Coming")
    assert "Done in the last 7 days" not in page
    late = look(lambda session: session.scalar(select(Plan.id).where(Plan.content == "Late")))
    piece = text(client_of("bob").post(f"plans/{late}/completion", data={"at": "list"}, htmx=True))
    assert re.findall(r'<hx-partial hx-target="#(\w+)"', piece) == ["todo", "toasts"]
    assert "Done in the last 7 days" in piece
    assert client_of("bob").post(f"plans/{late}/reopening", data={"at": "list"}).headers["Location"] == "/alpha/plans"


def test_a_leader_sees_the_teams_plans(client_of: Client) -> None:
    assert "Bob will visit" not in text(client_of("mei").get("plans"))
    assert "Bob will visit" in text(client_of("mei").get("plans?whose=team"))
    assert "Alice will visit" not in text(client_of("bob").get("plans?whose=team"))
    assert "Nothing to do" in text(client_of("rhea").get("plans"))


def test_done_asks_what_came_of_it(client_of: Client) -> None:
    answer = text(client_of("bob").post(f"plans/{PLAN}/completion", htmx=True))
    assert "What came of it?" in answer
    assert f'name="plan_id" value="{PLAN}"' in answer
    assert client_of("bob").post(f"plans/{PLAN}/completion").headers["Location"].endswith("#write"), "twice is harmless"


def test_a_plan_is_moved_dropped_and_taken_up_again(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    assert bob.post(f"plans/{PLAN}/postponement", data={"to": "tomorrow"}).status_code == 303
    assert look(lambda session: session.get_one(Customer, BOBS)).next_contact_at == look(lambda session: session.get_one(Plan, PLAN)).due_at
    assert bob.post(f"plans/{PLAN}/postponement", data={"to": "someday"}).status_code == 400
    assert bob.post(f"plans/{PLAN}/removal").status_code == 303
    assert bob.post(f"plans/{PLAN}/removal").status_code == 404
    assert look(lambda session: session.get_one(Customer, BOBS)).next_contact_at is None
    assert bob.post(f"plans/{PLAN}/reopening").status_code == 303
    assert look(lambda session: session.get_one(Plan, PLAN)).is_open


def test_a_plan_edited_meanwhile_is_409(client_of: Client, bob: Actor) -> None:
    data = {"content": "Visit", "due_at": "2099-01-02T09:00", "means": "visit", "member_id": str(bob.id), "version": "1"}
    assert client_of("bob").post(f"plans/{PLAN}/edit", data=data).status_code == 303
    answer = client_of("bob").post(f"plans/{PLAN}/edit", data=data | {"content": "Mine"})
    assert answer.status_code == 409
    assert "Visit" in text(answer)
    assert "Mine" in text(answer)


# -- contacts

PERSON = {
    "name": "Li Zhiqiang",
    "mobile": "138 5718 2046",
    "department": "Purchasing",
    "post": "Head",
    "is_decision_maker": "y",
    "wechat": "lzq",
    "phone": "0571 8812 3456",
    "mail": "li@example.com",
    "qq": "12345",
    "sex": "male",
    "birthday": "1978-11-27",
    "birthday_is_lunar": "y",
    "habits": "Tea",
    "address": "Hangzhou",
    "remark": "Kind",
}


def contact(name: str) -> Callable[[Session], Contact]:
    return lambda session: session.scalars(select(Contact).where(Contact.name == name)).one()


def test_a_contact_is_kept_with_all_its_fields(client_of: Client, look: Look) -> None:
    assert client_of("bob").post(f"customers/{BOBS}/contacts/new", data=PERSON).status_code == 303
    one = look(contact("Li Zhiqiang"))
    assert (one.mobile, one.phone, one.sex, one.is_decision_maker) == ("+8613857182046", "+8657188123456", "male", True)
    assert (one.birthday, one.birthday_is_lunar, one.habits, one.mail) == (dt.date(1978, 11, 27), True, "Tea", "li@example.com")
    page = text(client_of("bob").get(f"customers/{BOBS}"))
    assert 'href="tel:+8613857182046"' in page
    assert 'data-copy="lzq"' in page
    assert "十月廿七" in page
    shown = text(client_of("bob").get(f"contacts/{one.id}"))
    assert all(words in shown for words in ("138 5718 2046", "li@example.com", "Tea", "Hangzhou", "Kind"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 121},
        {"mobile": "x"},
        {"phone": "1"},
        {"mail": "nobody"},
        {"sex": "x"},
        {"birthday": "x"},
        {"birthday": "1066-01-01"},
        {"habits": "x" * 1001},
    ],
)
def test_a_wrong_contact_is_422(client_of: Client, wrong: dict[str, str]) -> None:
    answer = client_of("bob").post(f"customers/{BOBS}/contacts/new", data=PERSON | wrong)
    assert answer.status_code == 422
    assert "Purchasing" in text(answer)


def test_the_same_number_warns_once(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    bob.post(f"customers/{BOBS}/contacts/new", data=PERSON)
    answer = bob.post(f"customers/{BOBS}/contacts/new", data=PERSON | {"name": "Another Li"})
    assert answer.status_code == 422
    assert "This number is in the firm already" in text(answer)
    assert "Li Zhiqiang" in text(answer)
    assert bob.post(f"customers/{BOBS}/contacts/new", data=PERSON | {"name": "Another Li", "is_another": "y"}).status_code == 303
    assert look(contact("Another Li")).mobile == "+8613857182046"


def test_a_contact_edited_meanwhile_is_409(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    data = {"name": "Lee", "version": "1"}
    assert bob.post(f"contacts/{CONTACT}/edit", data=data).status_code == 303
    answer = bob.post(f"contacts/{CONTACT}/edit", data=data | {"name": "Leigh"})
    assert answer.status_code == 409
    assert "Lee" in text(answer)
    assert "Leigh" in text(answer)
    assert bob.post(f"contacts/{CONTACT}/edit", data=data | {"name": "Leigh", "version": "2"}).status_code == 303
    assert look(contact("Leigh")).id == CONTACT


def test_a_contact_leaves_comes_back_is_deleted_and_restored(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    bob.post(f"contacts/{CONTACT}/departure")
    assert look(lambda session: session.get_one(Contact, CONTACT)).left_at is not None
    assert "1 has left" in text(bob.get(f"customers/{BOBS}"))
    bob.post(f"contacts/{CONTACT}/return")
    assert look(lambda session: session.get_one(Contact, CONTACT)).left_at is None
    answer = bob.post(f"contacts/{CONTACT}/removal", htmx=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/alpha/customers/{BOBS}")
    assert f"contacts/{CONTACT}/restoration" in text(bob.get(f"customers/{BOBS}"))
    assert bob.get(f"contacts/{CONTACT}").status_code == 404
    assert bob.post(f"contacts/{CONTACT}/restoration").status_code == 303
    assert bob.get(f"contacts/{CONTACT}").status_code == 200


@pytest.mark.parametrize("path", ["followups/{}/deletion", "plans/{}/completion", "contacts/{}/removal"])
def test_a_wrong_way_of_asking(client_of: Client, path: str) -> None:
    assert client_of("bob").get(path.format(uuid.uuid4())).status_code == 405
    assert client_of("bob").post(path.format("x")).status_code == 404
    assert client_of("bob").post(path.format(uuid.uuid4())).status_code == 404
