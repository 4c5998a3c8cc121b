"""On the road: 375 pixels wide, with a thumb. That no page is wider than the screen is asked of every page in test_axe.py."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.looking import small, wider
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]


def test_from_the_bar_at_the_bottom_to_a_follow_up(browse: Browse) -> None:
    page = browse("bob", width=375).goto("")
    bar = page.locator(".bottom")
    expect(bar).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()
    bar.get_by_role("link", name="Customers").tap()
    row = page.locator("#rows tr", has_text="Bob's customer")
    expect(row).to_be_visible()
    box = row.bounding_box()
    assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 375
    assert row.evaluate("row => getComputedStyle(row).display") != "table-row"  # a card
    page.get_by_role("link", name="Bob's customer").tap()
    page.locator("#write-content").tap()
    page.locator("#write-content").fill("In front of their door")
    page.locator("#write").get_by_text("Tomorrow").tap()
    assert wider(page) == []
    assert small(page, "#write button, #write select, #write .segments label") == []
    page.locator("#write").get_by_role("button", name="Save").tap()
    expect(page.locator("#history")).to_contain_text("In front of their door")
    expect(page.locator("#head")).to_contain_text("Tomorrow")


def test_the_rest_of_the_menu_is_behind_me(browse: Browse) -> None:
    page = browse("alice", width=375).goto("customers")
    page.locator(".bottom [data-opens=me]").tap()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("link", name="Settings")).to_be_visible()
    assert small(page, "#me a, #me .me-ways button") == []
    sheet.get_by_role("link", name="Contacts").tap()
    page.wait_for_url("**/contacts")


def test_a_card_is_moved_by_its_menu(browse: Browse) -> None:
    page = browse("bob", width=375).goto("opportunities")
    page.locator(f"#card-{prop('opportunity', 'Bob')} [data-move-menu]").tap()
    with page.expect_response("**/move?**") as answer:
        page.locator("dialog[open] .entry").nth(1).tap()
    assert answer.value.ok
    expect(page.locator("[data-stage]").nth(1).locator(".card-o")).to_have_count(1)
    assert wider(page) == []


@pytest.mark.parametrize("path", ["", "customers", "opportunities/forecast", "settings/members"])
def test_every_tab_is_in_sight_and_no_word_of_the_bar_is_broken(browse: Browse, path: str) -> None:
    page = browse("alice", width=375).goto(path)
    for tab in page.locator(".scenes a").all():
        box = tab.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 375, tab.inner_text()
    assert (
        page.locator(".bottom a").evaluate_all(
            "all => all.filter(one => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth).length"
        )
        == 0
    )
