"""Scoring in Chromium: a rule is tried out in the dialog, its effect is looked at, it is saved; the customer's page says why."""

import datetime as dt
import zoneinfo
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import Engine

from tenants.scoring import keeping
from tenants.scoring.sources import Day
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from tests.world.windows import Window


def test_tried_out_looked_at_and_saved(browse: Callable[..., Window], alpha: Tenant, engine: Engine) -> None:
    at = dt.datetime.now(dt.UTC)
    with inside(alpha, engine) as session:
        keeping.rescore_all(session, Day.of(at, zoneinfo.ZoneInfo("Asia/Shanghai")), at=at)
    window = browse("alice", width=375)
    page = window.goto("settings/scoring/customer")
    page.get_by_role("link", name="New rule").click()
    page.locator("#dialog").get_by_role("link", name="Created lately").click()
    page.locator("#dialog").get_by_label("Points").fill("101")
    page.locator("#dialog").get_by_role("button", name="Try it out").click()
    expect(page.locator("#dialog .error")).to_contain_text("from −100 to 100")
    page.locator("#dialog").get_by_label("Points").fill("60")
    page.locator("#dialog").get_by_label("Days").fill("3650")
    page.locator("#dialog").get_by_role("button", name="Try it out").click()
    effect = page.locator(".effect")
    expect(effect).to_contain_text("2 customers would have another score")
    expect(effect.locator(".moves")).to_be_visible()
    expect(effect).to_contain_text("+60")
    assert window.axe() == []
    assert not window.scrolls_sideways()
    page.get_by_role("button", name="Save and rescore").click()
    expect(page.get_by_text("The rules are saved.")).to_be_visible()
    expect(page.locator(".job progress")).to_be_visible()
    page = window.goto(f"customers/{prop('customer', 'Bob')}")
    page.get_by_role("link", name="why?").click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("table.points")).to_contain_text("+60")
    expect(dialog).to_contain_text("Reckoned just now")
    dialog.get_by_role("button", name="Keep grade").click()
    expect(page.get_by_text("whatever the score says")).to_be_visible()
