"""查重: what may be the same customer, and how little is told to whom may not see it."""

from sqlalchemy.orm import Session

from tenants.customers.duplicates import Duplicate, find_duplicates, look_up
from tenants.team.actor import Actor
from tests.world.customers import NOON, make_customer

CODE = "91350100M000100Y43"


def reasons(found: list[Duplicate]) -> list[tuple[str, str]]:
    return [(one.name, one.reason) for one in found]


def test_the_surest_comes_first(inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "杭州青禾环保设备有限公司")
    make_customer(inside_alpha, bob, "Other", credit_code=CODE)
    make_customer(inside_alpha, bob, "Third", contact={"name": "王芳", "mobile": "138 5718 2046"})
    found = find_duplicates(inside_alpha, bob, name="青禾环保设备（杭州）", phones=["+86 13857182046", ""], credit_code=CODE.lower())
    assert reasons(found) == [("Other", "credit_code"), ("Third", "phone"), ("杭州青禾环保设备有限公司", "name")]
    assert [one.is_certain for one in found] == [True, False, False]


def test_similar_names_are_found_also_by_their_sound(inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "杭州青禾环保设备有限公司")
    make_customer(inside_alpha, bob, "杭州青木环保设备有限公司")
    make_customer(inside_alpha, bob, "Green Grain Trading Co., Ltd.")
    assert reasons(find_duplicates(inside_alpha, bob, name="杭州青禾环保科技有限公司")) == [("杭州青禾环保设备有限公司", "similar")]
    assert reasons(find_duplicates(inside_alpha, bob, name="Green Grains Trading")) == [("Green Grain Trading Co., Ltd.", "similar")]


def test_who_may_not_see_it_learns_that_it_exists_and_whose_it_is(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    make_customer(inside_alpha, alice, "杭州青禾环保设备有限公司")
    [found] = find_duplicates(inside_alpha, bob, name="青禾环保设备")
    assert (found.is_visible, found.name, found.number, found.owner) == (False, "", "", "Alice")
    [seen] = find_duplicates(inside_alpha, alice, name="青禾环保设备")
    assert (seen.is_visible, seen.name, seen.number) == (True, "杭州青禾环保设备有限公司", "C000001")


def test_what_lies_in_the_bin_or_asks_itself_is_no_duplicate(inside_alpha: Session, bob: Actor) -> None:
    customer = make_customer(inside_alpha, bob, credit_code=CODE)
    assert find_duplicates(inside_alpha, bob, credit_code=CODE, but=customer.id) == []
    customer.discard(inside_alpha, by=bob, at=NOON)
    inside_alpha.flush()
    assert find_duplicates(inside_alpha, bob, credit_code=CODE) == []


def test_the_box_knows_a_code_a_phone_and_a_name(inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "杭州青禾环保设备有限公司", credit_code=CODE, phone="0571-88123456")
    for query, reason in {CODE: "credit_code", f" {CODE.lower()} ": "credit_code", "0571 8812 3456": "phone", "青禾环保设备": "name"}.items():
        assert [one.reason for one in look_up(inside_alpha, bob, query)] == [reason], query
    for query in ("", "   ", "x", "12", "恒泰精密", "'", "&|!", "\\", "%"):
        assert look_up(inside_alpha, bob, query) == [], query
