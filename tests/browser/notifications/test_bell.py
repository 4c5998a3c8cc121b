"""The bell in a real browser: its number comes without a reload, under it stands what is new, and a click leads there."""

import datetime as dt
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import Engine

from tenants.notifications.notify import notify
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]


def tell(tenant: Tenant, engine: Engine, member: Actor, key: str) -> None:
    with inside(tenant, engine) as session:
        at = dt.datetime.now(dt.UTC)
        notify(session, [member.id], "customer.assigned", key=key, at=at, customer_id=prop("customer", "Bob"), by="Mei")


def test_the_number_comes_by_itself_and_leads_to_what_it_counts(browse: Browse, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    window = browse("bob")
    window.page.clock.install()
    page = window.goto("customers")
    bell = page.locator("#bell")
    expect(bell).to_have_accessible_name("Notifications")
    tell(alpha, engine, bob, "1")
    page.clock.fast_forward(31_000)
    expect(bell).to_have_accessible_name("Notifications: 1 unread")
    page.keyboard.press("g")
    page.keyboard.press("n")
    dialog = page.locator("#dialog-frame")
    expect(dialog).to_contain_text("Mei gave you the customer Bob's customer")
    dialog.get_by_role("link", name="Mei gave you the customer").click()
    expect(page.locator("#head h2")).to_contain_text("Bob's customer")
    expect(bell).to_have_accessible_name("Notifications")


def test_reading_all_empties_list_and_bell_in_place(browse: Browse, alpha: Tenant, engine: Engine, bob: Actor) -> None:
    for key in ("1", "2"):
        tell(alpha, engine, bob, key)
    page = browse("bob", width=375).goto("notifications")
    expect(page.locator("#notices .notice")).to_have_count(2)
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.locator("#bell")).to_have_accessible_name("Notifications: 1 unread")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("#notices")).to_contain_text("Nothing new")
    expect(page.locator("#bell")).to_have_accessible_name("Notifications")
    page.locator("[data-toast]").get_by_role("button", name="Undo").click()
    expect(page.locator("#notices .notice")).to_have_count(1)
