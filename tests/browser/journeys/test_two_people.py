"""Two people at the same record; what was deleted comes back; the back button shows pages."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tenants.customers.customer import Customer
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]
BOBS = f"customers/{prop('customer', 'Bob')}"


def write_industry(page: Page, value: str) -> None:
    page.get_by_role("link", name="Industry:").click()
    page.locator("#facts [name=value]").fill(value)


def test_the_second_to_save_a_fact_sees_both_values(browse: Browse, alpha: Tenant, engine: Engine) -> None:
    bob, alice = browse("bob").goto(BOBS), browse("alice").goto(BOBS)
    write_industry(bob, "Pumps")
    write_industry(alice, "Valves")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("link", name="Industry: Valves. Edit")).to_be_visible()
    with bob.expect_response("**/facts/industry") as answer:
        bob.keyboard.press("Enter")
    assert answer.value.status == 409
    clash = bob.locator("#facts .clash")
    expect(clash).to_contain_text("Valves")
    expect(clash).to_contain_text("Pumps")
    with inside(alpha, engine) as session:
        assert session.get_one(Customer, prop("customer", "Bob")).industry == "Valves"
    bob.get_by_role("button", name="Save mine").click()
    expect(bob.get_by_role("link", name="Industry: Pumps. Edit")).to_be_visible()


def test_the_second_to_save_the_form_sees_both_values(browse: Browse) -> None:
    bob, alice = browse("bob").goto(f"{BOBS}/edit"), browse("alice").goto(f"{BOBS}/edit")
    for page, name in ((alice, "Alice says so"), (bob, "Bob says so")):
        page.locator("[name=name]").fill(name)
    alice.locator("form button.primary").last.click()
    expect(alice.locator("#head h2")).to_contain_text("Alice says so")
    bob.locator("form button.primary").last.click()
    expect(bob.locator("main")).to_contain_text("Alice says so")
    expect(bob.locator("main [name=name]")).to_have_value("Bob says so")


def test_a_deleted_customer_comes_back_by_the_toast(browse: Browse) -> None:
    page = browse("alice").goto(BOBS)
    delete(page)
    page.locator("[data-toast]").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-toast]", has_text="Undo")).to_have_count(0)
    is_back(page)


def test_a_deleted_customer_comes_back_from_the_bin(browse: Browse) -> None:
    window = browse("alice")
    page = window.goto(BOBS)
    delete(page)
    window.goto("customers")
    expect(page.locator("#rows")).not_to_contain_text("Bob's customer")
    page.get_by_role("link", name="Bin").click()
    page.get_by_role("row", name="Bob's customer").get_by_role("button", name="Restore").click()
    expect(page.locator("[data-toast]").last).to_be_visible()
    is_back(page)


def delete(page: Page) -> None:
    page.locator(".head .acts summary").click()
    page.locator(".head .acts").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-toast]")).to_be_visible()


def is_back(page: Page) -> None:
    page.goto(f"/alpha/{BOBS}")
    expect(page.locator("#head h2")).to_contain_text("Bob's customer")
    expect(page.locator("#write-content")).to_be_visible()


def test_back_and_forward_never_show_a_bare_piece(browse: Browse) -> None:
    page = browse("alice").goto("")
    page.get_by_role("link", name="Customers", exact=True).first.click()
    page.locator("#rows thead a").first.click()
    page.wait_for_url("**/customers?**sort=**")
    page.locator("#search").fill("Bob")
    page.wait_for_url("**/customers?**q=Bob**")
    expect(page.locator("#rows [data-row]")).to_have_count(1)
    page.locator("#rows [data-row]").click()
    page.wait_for_url("**/customers/*-*")
    page.get_by_role("link", name="Opportunities", exact=True).first.click()
    page.wait_for_url("**/opportunities")
    seen = []
    for way in [page.go_back] * 4 + [page.go_forward] * 4:
        way()
        is_whole(page)
        seen.append(page.url.partition("/alpha/")[2].partition("?")[0])
    assert seen == [BOBS, "customers", "customers", "", "customers", "customers", BOBS, "opportunities"]


def is_whole(page: Page) -> None:
    """In the frame, with a menu and a title; a reload may still be under way."""
    expect(page.locator("body > .frame > .side")).to_be_visible()
    expect(page.locator("body > .frame main h2, body > .frame main table").first).to_be_visible()
    expect(page).to_have_title(re.compile(r".+ · Zuke"))
