"""A visit as our staff make it: with a reason, the banner above each page, and the way out; with scripts, and on a telephone without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tenants.wall.tenant import Tenant
from tests.browser.looking import faults, faults_when_it_is
from tests.world.windows import Window

WORDS = {
    "en": ("Visit with a reason", "Begin the visit", "You can only look", "End the visit", "The visit has ended"),
    "zh_Hans_CN": ("附理由访问", "开始访问", "只能查看", "结束访问", "访问已结束"),
}


@pytest.mark.parametrize(("language", "width", "scripts"), [("zh_Hans_CN", 1280, True), ("en", 375, False)])
def test_a_visit(browse: Callable[..., Window], alpha: Tenant, language: str, width: int, *, scripts: bool) -> None:
    window = browse("olga", language=language, width=width, scripts=scripts)
    visit, begin, only, end, ended = WORDS[language]
    page = window.goto(f"/operator/tenants/{alpha.id}?lang={language}")
    page.get_by_role("link", name=visit).click()
    page.get_by_role("button", name=begin).click()
    expect(page.locator("[id$=why-error]")).to_be_visible()
    page.locator("textarea").fill("We look for the cause of a failed payment.")
    page.get_by_role("button", name=begin).click()
    page.wait_for_url("**/alpha/**")
    for path in ("", "customers", "settings/company", "settings/support"):
        window.goto(f"/alpha/{path}?lang={language}")
        expect(page.locator(".guest")).to_contain_text(only)
        if scripts:
            assert faults(window) == []
            assert faults_when_it_is(375, window) == []
            page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name=end).click()
    expect(page.locator("#toasts")).to_contain_text(ended)
