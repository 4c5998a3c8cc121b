"""On paper: what the browser's own printing makes of a list, a customer and the workbench."""

import datetime as dt
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from tenants.followups.models import Plan
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]
SHEET = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
FRAME = ".side, .top-tools, .bottom, .tools, .write, #me"
NARROWEST = 90  # px that words need before they stand letter under letter


def sheets(page: Page) -> list[bool]:
    """Of each sheet of paper, whether it lies across."""
    return [float(width) > float(height) for width, height in SHEET.findall(page.pdf(prefer_css_page_size=True))]


def narrow(page: Page, what: str) -> list[str]:
    """What is too narrow to be read on A4 upright."""
    page.set_viewport_size({"width": 688, "height": 1000})
    return [str(one.inner_text()) for one in page.locator(what).all() if (box := one.bounding_box()) and box["width"] < NARROWEST]


def test_a_list_lies_across_and_begins_on_the_first_sheet(browse: Browse) -> None:
    assert sheets(browse("alice").goto("customers")) == [True]


def test_a_customer_stands_upright_without_the_frame_and_its_facts_can_be_read(browse: Browse) -> None:
    page = browse("bob").goto(f"customers/{prop('customer', 'Bob')}")
    page.emulate_media(media="print")
    expect(page.locator("#history")).to_be_visible()
    for part in page.locator(FRAME).all():
        expect(part).to_be_hidden()
    assert narrow(page, "dl.facts dd, .person > div:first-of-type, .event > div:not(.acts)") == []
    page.emulate_media(media="null")
    assert not any(sheets(page))


def test_what_to_do_today_can_be_read_on_paper(browse: Browse, inside_alpha: Session) -> None:
    inside_alpha.execute(update(Plan).values(due_at=dt.datetime.now(dt.UTC), version=Plan.version + 1))
    inside_alpha.commit()
    page = browse("bob").goto("")
    page.emulate_media(media="print")
    expect(page.locator(".task .what").first).to_be_visible()
    assert narrow(page, ".task .what") == []
