"""The list of customers in Chromium: found while typing, worked by keyboard, changed in bulk, created with a warning."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.customers import make_customer
from tests.world.windows import Window

Browse = Callable[..., Window]


@pytest.fixture(autouse=True)
def customers(alpha: Tenant, engine: Engine, bob: Actor) -> None:
    with inside(alpha, engine) as session:
        make_customer(session, bob, "杭州青禾环保设备有限公司", grade="A", region="浙江 杭州", contact={"name": "王芳", "mobile": "13857182046"})
        make_customer(session, bob, "宁波恒泰精密机械有限公司佛山市南海区狮山镇科技工业园第二分公司客户服务与售后技术支持中心", status="vip")


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("[data-row]").all_inner_texts()]


def test_found_while_typing_and_the_address_keeps_it(browse: Browse) -> None:
    page = browse("bob").goto("customers?sort=name")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.type("qhhb")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert names(page) == ["杭州青禾环保设备有限公司"]
    page.wait_for_url("**q=qhhb**")
    assert "sort=name" in page.url and page.locator("#search").input_value() == "qhhb"
    page.reload()
    assert names(page) == ["杭州青禾环保设备有限公司"]


def test_nothing_is_asked_while_an_input_method_composes(browse: Browse) -> None:
    page = browse("bob").goto("customers")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "customers?" in request.url else None)
    field = page.locator("#search")
    field.focus()
    compose = "(node, text) => { node.value = text; node.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true, data: text})); }"
    for text in ("q", "qi", "qing"):
        field.evaluate(compose, text)
    page.wait_for_timeout(500)
    assert asked == []
    field.evaluate("(node) => { node.value = '青禾'; node.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '青禾'})); }")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert len(asked) == 1


def test_worked_by_keyboard_alone(browse: Browse) -> None:
    page = browse("bob").goto("customers?sort=name")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_be_visible()
    expect(page.locator("[data-bulk-count]")).to_have_text("1 selected")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/0*")


def test_many_are_changed_and_taken_back(browse: Browse) -> None:
    page = browse("alice").goto("customers")
    page.locator("[data-pick-all]").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#dialog")).to_contain_text("4 customers will be changed")
    page.locator("#dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#toasts")).to_contain_text("4 customers are in the bin")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("4 customers are as they were")
    expect(page.locator("[data-row]")).to_have_count(4)


def test_a_new_customer_with_a_warning_while_typing(browse: Browse) -> None:
    page = browse("bob").goto("customers")
    page.keyboard.press("c")
    page.locator("dialog [name=name]").fill("青禾环保设备（杭州）有限公司")
    expect(page.locator("#duplicates")).to_contain_text("same name")
    page.locator("dialog [name=contact_name]").fill("Lee")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/customers/0*")
    expect(page.locator("#main")).to_contain_text("青禾环保设备（杭州）有限公司")


def test_without_scripts_everything_is_a_form(browse: Browse) -> None:
    page = browse("alice", scripts=False).goto("customers")
    page.locator("#search").fill("wf")
    page.locator("#search").press("Enter")
    page.wait_for_url("**q=wf**")
    assert names(page) == ["杭州青禾环保设备有限公司"]
    page.get_by_role("link", name="Filter").click()
    page.get_by_label("VIP").check()
    page.get_by_role("button", name="Show").click()
    assert "status=vip" in page.url and "q=wf" in page.url
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Clear search and filters").click()
    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Customer name").fill("Plain Ltd")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#main")).to_contain_text("Plain Ltd")


@pytest.mark.parametrize("path", ["", "customers/duplicates"])
def test_the_duplicate_check_answers_while_one_types(browse: Callable[..., Window], path: str) -> None:
    page = browse("bob").goto(path)
    page.locator("#duplicate-q").press_sequentially("Alice's customer")
    expect(page.locator("#duplicates")).to_contain_text("Alice looks after it")
    page.locator("#duplicate-q").fill("Nobody Works")
    expect(page.locator("#duplicates")).to_contain_text("Nobody has “Nobody Works” yet.")
