"""The session ends while a dialog is being filled in. Signed in again, its sender finds what was typed."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.world.cast import PASSWORD
from tests.world.windows import Window

NAME = "Blue Pump Works"


def test_what_stood_in_a_dialog_comes_back(browse: Callable[..., Window]) -> None:
    window = browse("bob")
    page = window.goto("customers")
    page.locator("a[href$='/customers/new']").first.click()
    page.locator("#dialog [name=name]").fill(NAME)
    page.context.clear_cookies(name="zuke")
    page.locator("#dialog form [type=submit]").first.click()
    expect(page).to_have_url(f"{window.address}/sign-in?next=/alpha/customers")
    window.complaints.clear()  # the browser's own word about the 401
    page.locator("[name=mail]").fill("bob@alpha.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").first.click()
    expect(page).to_have_url(f"{window.address}/alpha/customers")
    page.locator("a[href$='/customers/new']").first.click()
    expect(page.locator("#dialog [name=name]")).to_have_value(NAME)
    page.keyboard.press("Escape")
    page.reload()
    assert not page.evaluate("Object.keys(localStorage).some(key => key.includes(':cut:'))"), "given back once"
