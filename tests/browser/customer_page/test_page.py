"""The customer's page in a browser: each action in place, and each as a plain form without scripts."""

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import Engine, select

from tenants.customers.customer import Customer
from tenants.followups.models import Followup
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from tests.world.windows import Window

BOBS = f"customers/{prop('customer', 'Bob')}"
Browse = Callable[..., Window]


def test_a_follow_up_is_written_in_place(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_placeholder("Write a follow-up").fill("They want two more pumps")
    page.get_by_text("In 3 days", exact=True).first.click()
    page.get_by_placeholder("Write a follow-up").press("Control+Enter")
    expect(page.locator("#history")).to_contain_text("They want two more pumps")
    expect(page.locator("#toasts")).to_contain_text("Follow-up written.")
    expect(page.locator("#head time.late")).to_have_count(0)
    expect(page.get_by_placeholder("Write a follow-up")).to_have_value("")


def test_what_is_pressed_below_the_box_after_writing_is_not_drawn_away(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_placeholder("Write a follow-up").focus()
    save, told = page.locator("#write").get_by_role("button", name="Save"), page.locator("#history .event").first
    expect(save).to_be_visible()
    where = told.bounding_box()
    told.click(position={"x": 200, "y": 5})
    expect(save).not_to_be_focused()
    assert told.bounding_box() == where


def test_an_empty_follow_up_says_what_is_missing_and_keeps_the_rest(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_placeholder("Write a follow-up").focus()
    page.locator("#write [name=result]").fill("Waiting")
    page.locator("#write").get_by_role("button", name="Save").click()
    expect(page.locator("#write .error")).to_contain_text("Write what was said or done.")
    expect(page.locator("#write [name=result]")).to_have_value("Waiting")


def test_a_draft_is_kept(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_placeholder("Write a follow-up").fill("Half a thought")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_placeholder("Write a follow-up")).to_have_value("Half a thought")


def test_a_fact_is_edited_by_keyboard(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    fact = page.get_by_role("link", name="Industry: —. Edit")
    fact.focus()
    fact.press("Enter")
    field = page.locator("#facts [name=value]")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(page.get_by_role("link", name="Industry: —. Edit")).to_be_visible()
    page.get_by_role("link", name="Industry: —. Edit").click()
    page.locator("#facts [name=value]").fill("Pumps")
    page.locator("#facts [name=value]").press("Enter")
    expect(page.get_by_role("link", name="Industry: Pumps. Edit")).to_be_visible()


def test_a_clash_shows_both_values_and_lets_choose(browse: Browse, alpha: Tenant, engine: Engine) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_role("link", name="Industry: —. Edit").click()
    page.locator("#facts [name=value]").fill("Pumps")
    with inside(alpha, engine) as session:
        customer = session.get_one(Customer, prop("customer", "Bob"))
        customer.industry = "Valves"
        customer.version += 1
    page.locator("#facts [name=value]").press("Enter")
    expect(page.locator("#facts .clash")).to_contain_text("Valves")
    expect(page.locator("#facts .clash")).to_contain_text("Pumps")
    page.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("link", name="Industry: Pumps. Edit")).to_be_visible()


def test_the_status_moves_by_a_click_and_back_by_undo(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_role("button", name="VIP").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("VIP")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Potential")


def test_a_plan_is_made_done_and_its_result_written(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_role("link", name="Make a plan").click()
    page.locator("#dialog [name=content]").fill("Show the new pump")
    page.locator("#dialog").get_by_role("button", name="Save").click()
    expect(page.locator("#dialog-frame")).not_to_be_visible()
    plan = page.locator("#plans li", has_text="Show the new pump")
    plan.get_by_role("button", name="Done").click()
    expect(page.locator("#write")).to_contain_text("Done: Show the new pump")
    page.get_by_placeholder("What came of it?").fill("They liked it")
    page.locator("#write").get_by_role("button", name="Save").click()
    expect(page.locator("#history")).to_contain_text("They liked it")
    expect(page.locator("#plans")).not_to_contain_text("Show the new pump")


def test_a_follow_up_is_deleted_and_brought_back(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_label("More about this follow-up").first.click()
    page.get_by_role("button", name="Delete").last.click()
    expect(page.locator("#history .said", has_text="Bob called")).to_have_count(1)  # only the event still tells of it
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#history li[id^=followup]")).to_contain_text("Bob called")


def test_tags_come_and_go_and_files_are_kept(browse: Browse) -> None:
    page = browse("bob").goto(BOBS)
    page.get_by_label("New tag").fill("Important")
    page.get_by_label("New tag").press("Enter")
    page.get_by_role("button", name="Take away the tag Important").click()
    expect(page.locator("#tags")).not_to_contain_text("Important")
    page.locator("#attachments input[type=file]").first.set_input_files({"name": "offer.txt", "mimeType": "text/plain", "buffer": b"two pumps"})
    expect(page.locator("#attachments")).to_contain_text("offer.txt")
    with page.expect_download() as download:
        page.locator("#attachments").get_by_role("link", name="offer.txt").click()
    assert download.value.suggested_filename == "offer.txt"


def test_the_plans_of_the_day_are_ticked_off(browse: Browse) -> None:
    page = browse("bob").goto("plans")
    page.get_by_role("button", name="Done: Bob will visit").click()
    expect(page.locator("#todo .is-done")).to_contain_text("Bob will visit")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Done: Bob will visit")).to_be_visible()


def test_everything_works_without_scripts(browse: Browse, alpha: Tenant, engine: Engine) -> None:
    page = browse("bob", scripts=False).goto(BOBS)
    page.locator("#write [name=content]").fill("Without scripts")
    page.locator("#write [name=content]").focus()
    page.locator("#write").get_by_role("button", name="Save").click()
    expect(page.locator("#history")).to_contain_text("Without scripts")
    page.get_by_role("link", name="Industry: —. Edit").click()
    page.locator("[name=value]").fill("Pumps")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#facts")).to_contain_text("Pumps")
    page.get_by_role("button", name="VIP").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("VIP")
    with inside(alpha, engine) as session:
        assert session.scalar(select(Followup.content).where(Followup.content == "Without scripts"))


def test_on_a_phone_the_panels_are_folded_and_open_at_a_touch(browse: Browse) -> None:
    page = browse("bob", width=375).goto(BOBS)
    expect(page.locator("#facts dl")).not_to_be_visible()
    page.locator("#facts > summary").click()
    expect(page.locator("#facts dl")).to_be_visible()
