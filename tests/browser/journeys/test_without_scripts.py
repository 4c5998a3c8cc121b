"""The core path with JavaScript off: every step is a plain form."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.world.cast import PASSWORD
from tests.world.windows import Window


def test_signing_in_selling_and_taking_back(browse: Callable[..., Window]) -> None:
    window = browse("anonymous", scripts=False)
    page = window.goto("/sign-in")
    page.get_by_label("Email").fill("alice@alpha.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/alpha/")

    page.get_by_role("link", name="Customers", exact=True).first.click()
    page.get_by_role("link", name="New customer").click()
    page.locator("[name=name]").fill("Green Grain Ltd")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Green Grain Ltd")).to_be_visible()

    page.locator("#write [name=content]").fill("Showed them the pumps")
    page.locator("#write [name=content]").focus()  # unfolds the rest
    page.locator("#write").get_by_text("Tomorrow").click()
    page.locator("#write").get_by_role("button", name="Save").click()
    expect(page.locator("#history")).to_contain_text("Showed them the pumps")
    expect(page.locator("#head")).to_contain_text("Tomorrow")

    page.get_by_role("link", name="New opportunity").first.click()
    page.locator("[name=name]").fill("Two pumps")
    page.locator("[name=amount]").fill("20,000")
    page.get_by_role("button", name="Create opportunity").click()
    expect(page.get_by_role("heading", level=2, name="Two pumps")).to_be_visible()
    steps = page.locator("#top ol.line li")
    steps.nth(1).get_by_role("button").click()
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")

    page.get_by_role("link", name="Green Grain Ltd").first.click()
    page.locator(".head .acts summary").click()
    page.locator(".head .acts").get_by_role("button", name="Delete").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    page.goto(f"{window.address}/alpha/customers?q=Green")
    expect(page.get_by_role("link", name="Green Grain Ltd")).to_be_visible()


def test_a_refused_form_says_why_and_keeps_what_was_typed(browse: Callable[..., Window]) -> None:
    page = browse("bob", scripts=False).goto("customers/new")
    page.locator("[name=phone]").fill("0571-88886666")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".error").first).to_be_visible()
    expect(page.locator("[name=phone]")).to_have_value("0571-88886666")
