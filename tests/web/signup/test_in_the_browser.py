"""Signing up and in as people do it: typing, mistaken, on a phone, with scripts switched off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.world.windows import Window

PASSWORD = "four words are enough"


def test_the_address_is_proposed_and_a_mistake_costs_no_password(browse: Callable[..., Window]) -> None:
    window = browse("anonymous", language="en")
    page = window.goto("/sign-up")
    page.get_by_label("Company").fill("杭州青禾环保设备有限公司")
    expect(page.get_by_label("Web address")).to_have_value("qinghe")
    expect(page.get_by_text("This address is free.")).to_be_visible()
    page.get_by_label("Web address").fill("alpha")
    expect(page.get_by_text("This address is taken.")).to_be_visible()
    page.get_by_label("Company").fill("Green Grain")
    page.wait_for_timeout(600)
    expect(page.get_by_label("Web address")).to_have_value("alpha")  # changed by hand: it stays
    page.get_by_label("Web address").fill("green-grain")
    page.get_by_label("Your name").fill("Dora")
    page.get_by_label("Work email").fill("dora")
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_text("This is not an email address.")).to_be_visible()
    expect(page.get_by_label(re.compile("^Password"))).to_have_value(PASSWORD)
    page.get_by_label("Work email").fill("dora@green-grain.example")
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/green-grain/")


def test_a_password_can_be_looked_at(browse: Callable[..., Window]) -> None:
    page = browse("anonymous", language="en").goto("/sign-in")
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")


def test_without_scripts_one_signs_up_out_and_in(browse: Callable[..., Window]) -> None:
    page = browse("anonymous", language="en", scripts=False, width=375).goto("/sign-up")
    page.locator("#company").fill("Green Grain")
    page.locator("#name").fill("Dora")
    page.locator("#mail").fill("dora@green-grain.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/green-grain/")
    page.goto(page.url.replace("/green-grain/", "/account"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.locator("#mail").fill("dora@green-grain.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/green-grain/")


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("zh_Hans_CN", "light")])
def test_everybody_can_use_the_door(browse: Callable[..., Window], language: str, theme: str, width: int) -> None:
    found: list[str] = []
    for name, paths in {
        "anonymous": ["/sign-in", "/sign-up", "/forgotten-password", "/reset-password/gone", "/invitations/gone"],
        "bob": ["/account", "/account/password", "/account/sessions", "/companies", "/sign-up"],
    }.items():
        window = browse(name, language=language, width=width, theme=theme)
        for path in paths:
            window.goto(path)
            found += [f"{path}: {violation}" for violation in window.axe()]
            found += [f"{path}: scrolls sideways"] if window.scrolls_sideways() else []
    assert found == []
