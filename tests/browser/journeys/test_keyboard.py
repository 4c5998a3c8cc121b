"""A day without a mouse; and letters that are typed or composed are letters, not shortcuts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update

from saas.identity.models import Person
from tenants.team.actor import Actor
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.cast import Player
from tests.world.customers import make_customer
from tests.world.windows import Window

Browse = Callable[..., Window]
COMPOSED = """keys => keys.map(key => {
  const event = new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
})"""
LETTERS = ["c", "/", "?", "j", "k", "x", "n", "m", "g"]


@pytest.fixture
def green(alpha: Tenant, engine: Engine, alice: Actor) -> None:
    with inside(alpha, engine) as session:
        make_customer(session, alice, "苏州青禾贸易有限公司")


def test_the_palette_finds_by_initials_and_opens(browse: Browse, green: None) -> None:
    page = browse("alice").goto("")
    page.keyboard.press("Control+k")
    field = page.locator("#palette-input")
    expect(field).to_be_focused()
    page.keyboard.type("qhmy")
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text("青禾")
    page.keyboard.press("Enter")
    expect(page.locator("#head h2")).to_contain_text("苏州青禾贸易有限公司")


def test_a_list_is_walked_searched_and_left(browse: Browse, green: None) -> None:
    page = browse("alice").goto("customers")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    for key in "jjkx":
        page.keyboard.press(key)
    expect(page.locator(".pick").first).to_be_checked()
    expect(page.locator("[data-bulk]")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("qinghe")
    page.wait_for_url("**/customers?**q=qinghe**")  # every letter may ask; this was the last
    expect(page.locator("#rows [data-row]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#search")).not_to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#dialog [name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog-frame")).to_be_hidden()
    expect(page.locator("#dialog > *")).to_have_count(0)  # it is emptied a moment later, and then gives the focus back
    page.keyboard.press("j")
    expect(page.locator("#rows .at [data-row]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#head h2")).to_contain_text("青禾")


def test_letters_lead_to_the_rooms(browse: Browse) -> None:
    page = browse("alice").goto("")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/alpha/opportunities")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/alpha/customers")


def test_a_card_is_moved_without_dragging(browse: Browse) -> None:
    page = browse("bob").goto("opportunities")
    columns = page.locator("[data-stage]")
    page.keyboard.press("j")
    expect(page.locator(".card-o [data-row]")).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator("dialog[open] .entry").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("m")
    with page.expect_response("**/move?**"):
        page.keyboard.press("Enter")
    expect(columns.nth(1).locator(".card-o [data-row]")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")  # faster than the server: the second waits for the first
    expect(columns.nth(3).locator(".card-o:not(.saving) [data-row]")).to_be_focused()
    page.reload()
    expect(columns.nth(3).locator(".card-o")).to_have_count(1)


def test_a_follow_up_is_written_by_keys_alone(browse: Browse, green: None) -> None:
    page = browse("alice").goto("customers?q=qhmy")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator("#head").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("No mouse was harmed")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#history")).to_contain_text("No mouse was harmed")


def nothing_happened(page: Page) -> None:
    page.wait_for_timeout(200)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".at")).to_have_count(0)
    expect(page.locator(".pick:checked")).to_have_count(0)


def test_shortcuts_are_silent_while_somebody_types(browse: Browse) -> None:
    page = browse("alice").goto("customers")
    page.locator("#search").focus()
    page.keyboard.type("c?jkxnmg")
    expect(page.locator("#search")).to_have_value("c?jkxnmg")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.partition("?")[0].endswith("/alpha/customers")


def test_shortcuts_are_silent_while_an_input_method_composes(browse: Browse) -> None:
    page = browse("alice").goto("customers")
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(COMPOSED, LETTERS) == [False] * len(LETTERS)
    nothing_happened(page)
    page.locator("#search").focus()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/customers?" in request.url else None)
    page.evaluate(
        """() => { const field = document.getElementById("search");
          field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
          field.value = "qing'he";
          field.dispatchEvent(new InputEvent("input", {isComposing: true, bubbles: true})); }"""
    )
    page.wait_for_timeout(500)
    assert asked == []
    page.evaluate(
        """() => { const field = document.getElementById("search"); field.value = "青禾";
          field.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: "青禾"})); }"""
    )
    expect(page.locator("#rows [data-row]")).to_have_count(0)
    assert len(asked) == 1


def test_shortcuts_are_silent_when_switched_off(browse: Browse, players: dict[str, Player], engine: Engine) -> None:
    window = browse("alice")
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(update(Person).where(Person.id == players["alice"].person_id).values(shortcuts=False))
        landlord.commit()
    page = window.goto("customers")
    for key in LETTERS:
        page.keyboard.press(key)
    nothing_happened(page)
    expect(page.locator("#search")).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()  # no letter alone: it stays
