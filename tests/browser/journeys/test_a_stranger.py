"""A stranger signs up in Chinese and has won a customer a few minutes later."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from saas.identity.models import Person
from tenants.wall.session import landlord_plane, open_session
from tests.browser.journeys.hand import Hand, drag
from tests.world.letters import letters
from tests.world.windows import Window

CUSTOMER = "苏州青禾贸易有限公司"
MAIL = "wang@chenguang.example"
AT_MOST = 15  # actions from the sign-up page to the first follow-up


def test_from_sign_up_to_the_first_sale(browse: Callable[..., Window], engine: Engine) -> None:
    window = browse("anonymous", language="zh_Hans_CN")
    hand = Hand(window.goto("/sign-up"))
    sign_up(hand)
    create_first_customer(hand)
    write_first_followup(hand)
    assert hand.actions <= AT_MOST
    confirm_mail(window, engine)
    see_duplicate_warning(hand)
    open_opportunity(hand)
    drag_card(hand.page)
    win(hand)
    see_workbench(hand.page)


def sign_up(hand: Hand) -> None:
    hand.type("[name=company]", "杭州晨光机械有限公司")
    hand.type("[name=name]", "王丽")
    hand.type("[name=mail]", MAIL)
    hand.type("[name=password]", "four words are enough")
    expect(hand.page.locator("[name=slug]")).to_have_value(re.compile("^[a-z-]*chenguang"))
    hand.click("#sign-up button.primary")
    hand.page.wait_for_url("**/*chenguang*/")
    expect(hand.page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
    expect(hand.page.locator(".first-steps")).to_contain_text("0/5")


def test_a_password_that_is_refused_is_kept_marked_and_has_the_cursor(browse: Callable[..., Window]) -> None:
    page = browse("anonymous").goto("/sign-up")
    for name, typed in (("company", "Delta Works"), ("name", "Dora"), ("mail", "dora@delta.example"), ("password", "12345678")):
        page.fill(f"[name={name}]", typed)
    page.locator("#sign-up button.primary").click()
    password = page.locator("[name=password]")
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_be_focused()
    expect(password).to_have_value("12345678")


def create_first_customer(hand: Hand) -> None:
    hand.click(".first-steps a[href$='/customers/new']")
    hand.type("[name=name]", CUSTOMER)
    hand.press("Control+Enter")
    expect(hand.page.locator("#head h2")).to_contain_text(CUSTOMER)


def write_first_followup(hand: Hand) -> None:
    hand.press("n")
    hand.type("#write-content", "电话里约好下周看样品")
    hand.click("#write .segments label:nth-child(3)")
    hand.press("Control+Enter")
    expect(hand.page.locator("#history")).to_contain_text("电话里约好下周看样品")
    expect(hand.page.locator("#head time")).to_have_count(1)


def confirm_mail(window: Window, engine: Engine) -> None:
    page, here = window.page, window.page.url
    window.goto(next(letter for letter in letters(engine) if letter.to == MAIL).path("/confirm/"))
    page.locator("form button.primary").click()
    page.wait_for_url(lambda url: "/confirm/" not in url)
    with open_session(engine, landlord_plane()) as landlord:
        assert landlord.scalar(select(Person.mail_confirmed_at).where(Person.mail == MAIL)) is not None
    page.goto(here)


def see_duplicate_warning(hand: Hand) -> None:
    hand.page.goto(hand.page.url.rpartition("/")[0])
    hand.press("c")
    hand.type("#dialog [name=name]", "苏州市青禾贸易公司")
    expect(hand.page.locator("#dialog #duplicates")).to_contain_text(CUSTOMER)
    hand.press("Escape")
    hand.click(hand.page.locator("dialog.asks button.primary"))  # yes, what was typed may go
    expect(hand.page.locator("#dialog-frame")).to_be_hidden()
    hand.click(hand.page.get_by_role("link", name=CUSTOMER))


def open_opportunity(hand: Hand) -> None:
    hand.click(".head a.primary")
    hand.type("#dialog [name=name]", "三台测试台")
    hand.type("#dialog [name=amount]", "3万")
    hand.press("Control+Enter")
    expect(hand.page.get_by_text("三台测试台").first).to_be_visible()


def drag_card(page: Page) -> None:
    page.goto(page.url.split("/opportunities")[0].split("/customers")[0] + "/opportunities")
    card = page.locator(".card-o")
    expect(card).to_contain_text("30,000")
    page.locator(".col").nth(1).scroll_into_view_if_needed()
    with page.expect_response("**/move?**") as moved:
        drag(page, ".card-o", ".col:nth-child(2) [data-cards]")
    assert moved.value.ok
    expect(page.locator(".col").nth(1).locator(".card-o")).to_contain_text("三台测试台")
    page.reload()
    expect(page.locator(".col").nth(1).locator(".card-o")).to_contain_text("三台测试台")


def win(hand: Hand) -> None:
    hand.click(".card-o a")
    hand.click("#top a.primary")
    expect(hand.page.locator("#dialog [name=amount]")).to_be_focused()
    hand.press("Control+Enter")
    expect(hand.page.locator("#top .state.good")).to_be_visible()


def see_workbench(page: Page) -> None:
    page.goto(page.url.split("/opportunities")[0] + "/")
    expect(page.locator(".first-steps")).to_contain_text("3/5")
    expect(page.locator(".checklist li.done")).to_have_count(3)
    expect(page.locator(".brief")).to_contain_text("¥3万")
    expect(page.locator(".brief dd b").first).to_have_text("1")
