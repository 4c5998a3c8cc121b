"""What the scripts do, as a person sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.world.windows import Window

Open = Callable[..., Window]


expect.set_options(timeout=10_000)


def ready(page: Page) -> Page:
    """The modules are at work once the picks are there. The style page has a wrong field, which takes the focus: give it up."""
    page.locator(".ts-wrapper").first.wait_for(state="attached")
    page.evaluate("document.activeElement.blur()")
    return page


def until(page: Page, question: str) -> None:
    """Waits for a sentence of JavaScript to hold; Playwright's own way needs eval, which the CSP forbids."""
    for _ in range(100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def test_a_form_opens_in_the_dialog_and_closes_when_it_is_saved(style: Open) -> None:
    page = ready(style().page)
    opener = page.get_by_role("link", name="New customer").first
    opener.click()
    dialog = page.get_by_role("dialog", name="New customer")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Please fill this in.")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Name").fill("青禾")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    expect(opener).to_be_focused()


def test_escape_closes_the_dialog_and_gives_the_focus_back(style: Open) -> None:
    page = ready(style().page)
    opener = page.get_by_role("link", name="New customer").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New customer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="New customer")).to_be_hidden()
    expect(opener).to_be_focused()


def by_escape(page: Page) -> None:
    page.keyboard.press("Escape")


def by_its_cross(page: Page) -> None:
    page.locator("#dialog-frame").get_by_role("button", name="Close").click()


def by_cancel(page: Page) -> None:
    page.locator("#dialog-frame").get_by_role("link", name="Cancel").click()


@pytest.mark.parametrize("leave", [by_escape, by_its_cross, by_cancel])
def test_whichever_way_a_dialog_is_closed_it_asks_before_it_throws_away_what_was_typed(style: Open, leave: Callable[[Page], None]) -> None:
    page = ready(style().page)
    opener = page.get_by_role("link", name="New customer").first
    opener.click()
    dialog = page.locator("#dialog-frame")
    dialog.get_by_label("Name").fill("青禾")
    leave(page)
    question = page.get_by_role("dialog", name="What you typed has not been saved. Leave anyway?")
    question.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_label("Name")).to_have_value("青禾")
    leave(page)
    question.get_by_role("button", name="Yes, go on").click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    expect(dialog).to_be_visible()
    leave(page)
    expect(dialog).to_be_hidden()
    expect(question).to_have_count(0)


def test_a_refused_form_asks_too(style: Open) -> None:
    page = ready(style().page)
    page.get_by_role("link", name="New customer").first.click()
    dialog = page.locator("#dialog-frame")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Please fill this in.")).to_be_visible()
    by_its_cross(page)
    expect(page.get_by_role("dialog", name="What you typed has not been saved. Leave anyway?")).to_be_visible()


def test_the_open_dialog_is_accessible_and_whole_on_a_phone(style: Open) -> None:
    window = style(width=375)
    page = ready(window.page)
    page.get_by_role("link", name="New customer").first.click()
    dialog = page.get_by_role("dialog", name="New customer")
    expect(dialog).to_be_visible()
    until(page, "document.querySelector('dialog[open]').getAnimations().length === 0")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 800}
    assert window.axe() == []
    window.complaints.clear()


def test_a_toast_offers_undo_and_waits_for_the_pointer(style: Open) -> None:
    page = style().page
    page.clock.install()
    page.reload()
    ready(page).get_by_role("button", name="Say it in a toast").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("Saved")
    toast.hover()
    page.clock.run_for(15000)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-toast]").filter(has_text="Taken back")).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(12000)
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_a_dangerous_form_asks_first(style: Open) -> None:
    page = ready(style().page)
    page.locator(".one-button").get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete this customer? It stays in the bin for 30 days.")
    question.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-toast]")).to_have_count(0)
    page.locator(".one-button").get_by_role("button", name="Delete").click()
    question.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-toast]")).to_contain_text("Saved")


def test_a_menu_is_worked_with_arrows_and_escape(style: Open) -> None:
    page = ready(style().page)
    summary = page.locator("summary[aria-label=More]").first
    summary.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Hand over").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("details.menu[open]").get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()
    summary.click()
    page.mouse.click(600, 20)
    expect(page.locator("details.menu[open]")).to_have_count(0)


def test_the_palette_finds_chooses_and_goes(style: Open) -> None:
    window = style()
    page = ready(window.page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find and go")
    expect(field).to_be_focused()
    expect(page.locator("#palette-list [role=option]").first).to_have_attribute("aria-selected", "true")
    assert window.axe() == []
    window.complaints.clear()
    field.fill("ningbo")
    found = page.locator("#palette-list [role=option]")
    expect(found).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", found.get_attribute("id") or "none")
    page.keyboard.press("Enter")
    page.wait_for_url("**/_style/#2")
    expect(page.locator("#palette")).to_be_hidden()


def test_the_palette_drops_the_older_question(style: Open) -> None:
    page = ready(style().page)
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(request.url))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list [role=option]").first).to_be_visible()
    page.route("**/_style/palette?q=hang", lambda route: None)  # never answered
    field = page.get_by_role("combobox", name="Find and go")
    with page.expect_request("**/_style/palette?q=hang"):
        field.fill("hang")
    field.fill("chengdu")
    expect(page.locator("#palette-list [role=option]")).to_have_count(1)
    expect(page.locator("#palette-list [role=option]")).to_contain_text("Chengdu")
    assert len(dropped) == 1


def test_the_palette_is_silent_while_an_input_method_composes(style: Open) -> None:
    page = ready(style().page)
    asked: list[str] = []
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list [role=option]").first).to_be_visible()
    page.on("request", lambda request: asked.append(request.url) if "palette" in request.url else None)
    page.evaluate(
        """() => { const field = document.getElementById("palette-input"); field.value = "qing";
          field.dispatchEvent(new InputEvent("input", {isComposing: true, bubbles: true}));
          field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true})); }"""
    )
    page.wait_for_timeout(400)
    assert asked == []
    expect(page.locator("#palette")).to_be_visible()


def test_shortcuts_are_silent_while_typing_and_composing(style: Open) -> None:
    page = ready(style().page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("?c")
    expect(page.locator("[data-search]")).to_have_value("?c")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true, isComposing: true}))")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("[data-write]")).to_be_focused()


def test_shortcuts_can_be_switched_off(style: Open) -> None:
    page = ready(style().page)
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("?")
    page.keyboard.press("n")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-write]")).not_to_be_focused()


def test_rows_are_walked_selected_and_opened_by_keys(style: Open) -> None:
    page = ready(style().page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.at")).to_contain_text("Ningbo")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("1 selected")
    page.keyboard.press("k")
    expect(page.locator("tr.at")).to_contain_text("Hangzhou")
    page.keyboard.press("Enter")
    page.wait_for_url("**/_style/#1")


def test_a_page_of_rows_or_all_that_match_are_selected(style: Open) -> None:
    page = ready(style().page)
    page.get_by_label("Select all on this page").check()
    bulk = page.locator("[data-bulk]")
    expect(bulk).to_contain_text("5 selected")
    bulk.get_by_role("button", name="Select all 12,408 that match").click()
    expect(bulk).to_contain_text("12,408 selected")
    assert bulk.locator("[name=all]").input_value() == "1"
    page.locator(".pick").first.uncheck()
    expect(bulk).to_contain_text("4 selected")
    assert bulk.locator("[name=all]").input_value() == ""
    bulk.get_by_role("button", name="Select nothing").click()
    expect(bulk).to_be_hidden()


def test_a_card_is_moved_by_the_keyboard_and_a_refused_one_goes_back(style: Open) -> None:
    page = ready(style(language="zh-CN").page)
    card = page.locator("#card-00")
    card.locator("[data-row]").focus()
    page.keyboard.press("m")
    page.get_by_role("dialog").get_by_role("button", name="方案报价").click()
    expect(page.locator("[data-cards=s2] #card-00")).to_be_visible()
    page.locator("#card-00 [data-move-menu]").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_contain_text(card.locator("[data-row]").inner_text())
    expect(page.get_by_role("dialog").locator("[aria-current]")).to_have_text("方案报价")
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#card-00 [data-move-menu]").click()
    page.get_by_role("dialog").get_by_role("button", name="合同审批").click()
    expect(page.locator("[data-toast]")).to_contain_text("进入这个阶段前要先有合同。")
    expect(page.locator("[data-cards=s2] #card-00")).to_be_visible()


def test_a_card_is_dragged_and_goes_back_when_the_line_is_cut(style: Open) -> None:
    window = style()
    page = ready(window.page)
    page.locator(".board").scroll_into_view_if_needed()
    until(page, "Boolean(window.Sortable)")
    page.wait_for_timeout(300)
    with page.expect_request("**/_style/move") as sent:
        drag(page, "#card-00", "[data-cards=s2] .card-o")
    assert "stage_id=s2" in (sent.value.post_data or "")
    assert "20" in (sent.value.post_data or "")  # the neighbour there
    expect(page.locator("[data-cards=s2] #card-00")).to_be_visible()
    page.route("**/_style/move", lambda route: route.abort())
    drag(page, "#card-01", "[data-cards=s2] #card-20")
    expect(page.locator("[data-toast]").filter(has_text="No connection")).to_be_visible()
    expect(page.locator("[data-cards=s0] #card-01")).to_be_visible()
    window.complaints.clear()  # the browser's own word about the cut line


def drag(page: Page, what: str, where: str) -> None:
    a, b = page.locator(what).bounding_box(), page.locator(where).first.bounding_box()
    assert a is not None
    assert b is not None
    page.mouse.move(a["x"] + 60, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(a["x"] + 90, a["y"] + a["height"] / 2, steps=4)
    page.mouse.move(b["x"] + 60, b["y"] + b["height"] / 3, steps=14)
    page.wait_for_timeout(150)
    page.mouse.up()


def test_a_fact_is_edited_in_its_place(style: Open) -> None:
    page = ready(style().page)
    fact = page.get_by_role("link", name="Industry:")
    fact.click()
    field = page.get_by_role("textbox", name="industry")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(page.locator("[data-fact]").first).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("Pumps")
    page.keyboard.press("Enter")
    expect(page.locator("[data-fact].saved")).to_contain_text("Pumps")
    expect(page.locator("[data-fact].saved")).to_be_focused()


def test_a_draft_survives_and_is_cleared_when_it_is_saved(style: Open) -> None:
    page = ready(style().page)
    page.locator("[data-write]").fill("He wants the price by Friday")
    until(page, "Object.keys(localStorage).some(key => key.startsWith('draft:style:'))")
    page.reload()
    expect(ready(page).locator("[data-write]")).to_have_value("He wants the price by Friday")
    expect(page.locator("[data-toast]")).to_contain_text("Your draft is back.")
    page.locator("[data-write]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-write]")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


@pytest.mark.parametrize(("start", "press", "shown"), [("light", "Dark", "dark"), ("dark", "Light", "light")])
def test_the_theme_is_switched_at_once_and_kept(style: Open, start: str, press: str, shown: str) -> None:
    page = ready(style(theme=start).page)
    assert page.locator("html").get_attribute("data-bs-theme") == start
    page.locator("summary.round").click()
    page.get_by_role("button", name=press, exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", shown)
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == shown


def test_a_chart_follows_the_theme_and_has_a_table(style: Open) -> None:
    page = style().page
    chart = page.locator("[data-chart=bar]")
    chart.scroll_into_view_if_needed()
    chart.locator("canvas").wait_for()
    page.wait_for_timeout(500)
    before = chart.locator("canvas").screenshot()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(500)
    assert chart.locator("canvas").screenshot() != before
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("cell", name="¥264,000")).to_be_visible()


def test_every_request_shows_a_sign_of_life_within_100_ms(style: Open) -> None:
    page = ready(style().page)
    waited: Any = page.evaluate(
        """() => new Promise(done => { const began = performance.now(), bar = document.getElementById("working");
          new MutationObserver(() => bar.classList.contains("on") && done(performance.now() - began)).observe(bar, {attributes: true});
          [...document.querySelectorAll("button")].find(one => one.textContent.includes("Say it in a toast")).click(); })"""
    )
    assert waited < 100


def test_a_cut_line_and_a_broken_server_are_told_and_nothing_is_swapped(style: Open) -> None:
    window = style()
    page = ready(window.page)
    page.route("**/_style/toast", lambda route: route.abort())
    page.get_by_role("button", name="Say it in a toast").click()
    expect(page.locator("[data-toast]").filter(has_text="No connection")).to_be_visible()
    page.route("**/_style/dialog", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.get_by_role("link", name="New customer").first.click()
    expect(page.locator("[data-toast]").filter(has_text="Something went wrong on our side")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.get_by_text("Bad gateway").count() == 0
    window.complaints.clear()  # the browser's own words about the cut line


def test_a_form_is_sent_once_however_often_it_is_pressed(style: Open) -> None:
    page = ready(style().page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Say it in a toast").evaluate("one => { one.click(); one.click(); one.click(); }")
    expect(page.locator("[data-toast]")).to_have_count(1)
    assert len(sent) == 1


def test_text_is_copied(style: Open) -> None:
    window = style()
    page = ready(window.page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-toast]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "zhoumin_88"


def test_the_rest_of_the_menu_is_under_me_on_a_phone(style: Open) -> None:
    page = ready(style(width=375).page)
    page.get_by_role("link", name="Me", exact=True).click()
    sheet = page.locator("#me")
    expect(sheet.get_by_role("link", name="Settings")).to_be_visible()
    expect(sheet.get_by_role("button", name="Sign out")).to_be_visible()
