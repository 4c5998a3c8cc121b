"""A new customer: by dialog and by page, with its first contact, and with the duplicate check."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.tag import CustomerTag, Tag
from tenants.team.actor import Actor
from tests.world.customers import make_customer
from tests.world.door import Guest

CODE = "91350100M000100Y43"
DIALOG = {"htmx": True, "headers": {"HX-Target": "div#dialog"}}
ClientOf = Callable[[str], Guest]


def filled(**values: Any) -> dict[str, Any]:
    return {"kind": "company", "name": "杭州青禾环保设备有限公司", "status": "potential"} | values


def made(session: Session) -> Customer:
    return session.scalars(select(Customer).where(Customer.number == "C000001")).one()


def test_works_with_all_fields(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    answer = client_of("bob").post("customers", data=filled(
        phone="0571-8812 3456", credit_code=CODE.lower(), grade="A", source="exhibition", industry="Environmental protection", size="20-99",
        region="浙江省杭州市",
        address="文三路 9 号", short_name="青禾", website="www.example.com", invoice_title="青禾",
        business="Filters", standing="First", rivals="None", remark="Two\nlines",
        next_contact_at="2027-03-02T14:00", tags=["Fair", "Important"], contact_name="王芳", contact_mobile="138 5718 2046", contact_post="Buyer",
    ))  # fmt: skip
    customer = made(inside_alpha)
    assert (answer.status_code, answer.location) == (303, f"/alpha/customers/{customer.id}")
    kept = (
        customer.name,
        customer.owner_id,
        customer.credit_code,
        customer.region,
        customer.website,
        customer.status,
        customer.grade,
        customer.phone,
    )
    assert kept == ("杭州青禾环保设备有限公司", bob.id, CODE, "浙江 杭州", "https://www.example.com", "potential", "A", "+8657188123456")
    assert customer.next_contact_at and customer.next_contact_at.isoformat() == "2027-03-02T06:00:00+00:00"
    contact = inside_alpha.scalars(select(Contact).where(Contact.customer_id == customer.id)).one()
    assert (contact.name, contact.mobile, contact.post) == ("王芳", "+8613857182046", "Buyer")
    tags = select(Tag.name).join(CustomerTag, CustomerTag.tag_id == Tag.id).where(CustomerTag.customer_id == customer.id).order_by(Tag.name)
    assert list(inside_alpha.scalars(tags)) == ["Fair", "Important"]


def test_in_the_dialog_it_leads_to_the_customer(client_of: ClientOf, inside_alpha: Session) -> None:
    bob = client_of("bob")
    form = bob.get("customers/new", **DIALOG).text
    assert "<html" not in form and 'hx-target="#dialog"' in form
    answer = bob.post("customers", data=filled(), **DIALOG)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/alpha/customers/{made(inside_alpha).id}")


def test_save_and_add_another_gives_an_empty_form(client_of: ClientOf, inside_alpha: Session) -> None:
    bob = client_of("bob")
    answer = bob.post("customers", data=filled(another="1", source="wechat"), **DIALOG)
    assert answer.status_code == 200 and "青禾" not in answer.text.split("data-toast")[0]
    assert 'selected value="wechat"' in answer.text
    assert made(inside_alpha)
    assert bob.post("customers", data=filled(name="Second", another="1")).location == "/alpha/customers/new"


def test_a_person_may_be_a_customer(client_of: ClientOf, inside_alpha: Session) -> None:
    client_of("bob").post("customers", data=filled(kind="person", name="单雄信"))
    assert (made(inside_alpha).kind, made(inside_alpha).name_key) == ("person", "shanxiongxin")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "  "}, "Please fill this in."),
        ({"name": "x" * 121}, "At most 120 characters."),
        ({"credit_code": "91350100M000100Y44"}, "This is no credit code"),
        ({"phone": "12"}, "This is not a phone number."),
        ({"website": "javascript:alert(1)"}, "This is not a web address."),
        ({"contact_mobile": "13857182046"}, "Whose number is it?"),
        ({"contact_name": "x", "contact_mobile": "1"}, "This is not a phone number."),
        ({"parent": "Nobody knows it"}, "There is no customer of this name."),
        ({"status": "hacked"}, "Not a valid choice"),
        ({"owner_id": "0"}, "Not a valid choice"),
        ({"next_contact_at": "tomorrow"}, "Not a valid datetime"),
    ],
)
def test_invalid_input_is_422_and_keeps_what_was_typed(client_of: ClientOf, inside_alpha: Session, values: dict[str, str], said: str) -> None:
    answer = client_of("bob").post("customers", data=filled(remark="Kept text") | values, **DIALOG)
    assert answer.status_code == 422
    assert said in answer.text and "Kept text" in answer.text
    assert inside_alpha.scalars(select(Customer).where(Customer.number == "C000001")).one_or_none() is None


def test_errors_are_in_chinese_too(client_of: ClientOf) -> None:
    answer = client_of("bob").post("customers?lang=zh_Hans_CN", data=filled(credit_code="1"))
    assert answer.status_code == 422


def test_the_same_credit_code_needs_a_tick(client_of: ClientOf, inside_alpha: Session, alice: Actor) -> None:
    make_customer(inside_alpha, alice, "Alice has it", credit_code=CODE)
    inside_alpha.commit()
    bob = client_of("bob")
    refused = bob.post("customers", data=filled(credit_code=CODE))
    assert refused.status_code == 422
    assert "same credit code" in refused.text and "Alice looks after it" in refused.text and "Alice has it" not in refused.text
    assert bob.post("customers", data=filled(credit_code=CODE, is_another="y")).status_code == 303


def test_a_parent_is_named_or_numbered(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    parent = make_customer(inside_alpha, bob, "Holding")
    inside_alpha.commit()
    client_of("bob").post("customers", data=filled(parent="c000001"))
    child = inside_alpha.scalars(select(Customer).where(Customer.number == "C000002")).one()
    assert child.parent_id == parent.id


def test_bob_cannot_give_it_to_a_colleague_and_mei_can(client_of: ClientOf, inside_alpha: Session, bob: Actor, mei: Actor) -> None:
    assert client_of("bob").post("customers", data=filled(owner_id=str(mei.id))).status_code == 422
    assert client_of("mei").post("customers", data=filled(owner_id=str(bob.id))).status_code == 303
    assert made(inside_alpha).owner_id == bob.id


def test_read_only_and_strangers(client_of: ClientOf) -> None:
    rhea = client_of("rhea")
    assert (rhea.get("customers/new").status_code, rhea.post("customers", data=filled()).status_code) == (403, 403)
    assert client_of("charlie").post("/alpha/customers", data=filled()).status_code == 404
    assert client_of("bob").post("customers", data=filled(), token=False).status_code == 400


def test_duplicates_are_told_while_typing(client_of: ClientOf, inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    make_customer(inside_alpha, alice, "杭州青禾环保设备有限公司")
    mine = make_customer(inside_alpha, bob, "青禾环保设备（杭州）", contact={"name": "王芳", "mobile": "13857182046"})
    inside_alpha.commit()
    answer = client_of("bob").get(
        "customers/duplicates?name=青禾环保设备&contact_mobile=138 5718 2046", htmx=True, headers={"HX-Target": "div#duplicates"}
    )
    assert re.findall(r"same (?:name|phone number)", answer.text) == ["same phone number", "same name"]
    assert f"/alpha/customers/{mine.id}" in answer.text and "A customer that you do not see" in answer.text and "杭州青禾" not in answer.text


def test_the_duplicate_check_is_a_page_and_a_piece(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "杭州青禾环保设备有限公司")
    inside_alpha.commit()
    client = client_of("bob")
    whole, piece = client.get("customers/duplicates?q=青禾环保设备"), client.get("customers/duplicates?q=青禾环保设备", htmx=True)
    assert "<html" in whole.text and "<html" not in piece.text
    for answer in (whole, piece):
        assert "杭州青禾环保设备有限公司" in answer.text
    assert "Nobody has" in client.get("customers/duplicates?q=恒泰").text
    for hostile in ("'", "%F0%9F%98%80", "a" * 3000):
        assert client.get(f"customers/duplicates?q={hostile}").status_code == 200


def test_suggestions_are_options(client_of: ClientOf, inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "Green Grain")
    make_customer(inside_alpha, alice, "Green Secret")
    inside_alpha.commit()
    client = client_of("bob")
    assert '<option value="浙江 杭州">' in client.get("customers/regions?region=hangz").text
    names = client.get("customers/names?parent=green").text
    assert "Green Grain" in names and "Secret" not in names
