"""What people type is shown as they typed it, on every page, and never becomes a part of the page."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import Engine, update

from saas.identity.models import Person
from saas.registry.models import Tenant as TenantRow
from tenants.team.actor import Actor
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.browser.journeys.payloads import BOBS, BORN, GROUPS, PAYLOADS, SUMMED, poison
from tests.browser.pages import PageOf, pages_of, rooms, unanswered
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]
# The pages that show what people typed. (The others show our own words, and who and where one is: that is poisoned too.)
SHOWN = {
    "customers.show",
    "customers.log",
    "customers.bin",
    "contacts.index",
    "plans.index",
    "opportunities.board",
    "opportunities.show",
    "workbench.show",
}
SHOWN |= {
    "customers.index",
    "customers.details",
    "opportunities.index",
    "team.members",
    "team.teams",
    "team.roles",
    "team.territories",
    "stages.index",
    "notifications.index",
    "scoring.index",
}
REPORTED = "addEventListener('securitypolicyviolation', event => console.error('refused by the CSP:', event.violatedDirective, event.sample))"


@pytest.fixture
def pages(app: Flask, alpha: Tenant, engine: Engine) -> list[PageOf]:
    return [page for room in rooms() for page in pages_of(room, app, engine, alpha)]


@pytest.fixture
def poisoned(pages: list[PageOf], alpha: Tenant, engine: Engine, bob: Actor, alice: Actor) -> None:
    with inside(alpha, engine) as session:
        poison(session, bob, alice)
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(Person).values(name=GROUPS[11]))
        landlord.execute(update(TenantRow).where(TenantRow.id == alpha.id).values(name=GROUPS[12]))
        landlord.commit()


def watched(browse: Browse, surprises: list[str], name: str = "alice") -> Window:
    window = browse(name)
    window.page.add_init_script(REPORTED)

    def dismiss(dialog: Dialog) -> None:
        surprises.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    window.page.on("dialog", dismiss)
    return window


def born(page: Page) -> list[str]:
    found: list[str] = page.evaluate(BORN)
    return found + ([f"{SUMMED} was reckoned"] if SUMMED in page.inner_text("body") else [])


def test_there_are_a_hundred() -> None:
    assert len(set(PAYLOADS)) == 100
    assert all("xss" in payload or "7777" in payload for payload in PAYLOADS)


def test_the_watch_sees_what_comes_in(browse: Browse) -> None:
    surprises: list[str] = []
    page = watched(browse, surprises).page
    page.set_content("".join(f"<p>{payload}</p>" for payload in PAYLOADS[:2]))
    assert [element[:8] for element in born(page)] == ["<img xss"] * 2
    page.wait_for_timeout(100)
    assert surprises == ["a dialog: 1"] * 2


def test_no_page_lets_them_in(browse: Browse, poisoned: None, pages: list[PageOf]) -> None:
    surprises: list[str] = []
    shown = set()
    for player in sorted({one.player for one in pages}):
        window = watched(browse, surprises, player)
        for one in pages:
            if one.player == player:
                window.goto(one.address)
                surprises += [f"{one.name}: {what}" for what in [*born(window.page), *window.complaints, *unanswered(one, window)]]
                window.complaints.clear()
                if "xss" in window.page.locator("main").first.inner_text():
                    shown.add(one.name)
    assert not surprises, "\n".join(surprises)
    assert SHOWN - shown == set()


def test_no_script_of_ours_lets_them_in(browse: Browse, poisoned: None) -> None:
    """What scripts put together: the palette, fields that find, toasts, dialogs, the card's own menu, pieces."""
    surprises: list[str] = []
    window = watched(browse, surprises)
    page = window.goto("opportunities")
    page.locator("[data-move-menu]").first.click()
    expect(page.locator("dialog[open] .entry").first).to_contain_text("xss")
    surprises += born(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("xss")
    expect(page.locator("#palette-list")).to_contain_text("xss")
    surprises += born(page)
    window.goto("/alpha/opportunities/new")
    page.locator(".ts-control input").first.click()
    expect(page.locator(".ts-dropdown .option").first).to_contain_text("xss")
    surprises += born(page)
    window.goto(f"/alpha/opportunities/{prop('opportunity', 'Bob')}")
    page.locator("#top ol.line button").first.click()
    expect(page.locator("[data-toast]")).to_contain_text("xss")
    surprises += born(page)
    window.goto(f"/alpha/customers/{BOBS}")
    page.locator("#facts a.fact").first.click()
    expect(page.locator("#facts [data-fact-form]")).to_be_visible()
    surprises += born(page)
    window.goto(f"/alpha/customers/{BOBS}")
    page.locator("#write-content").fill(GROUPS[0])
    page.keyboard.press("Control+Enter")
    expect(page.locator("#write-content")).to_have_value("")
    assert not surprises + born(page)
