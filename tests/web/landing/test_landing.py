"""The public pages, in both languages."""

from collections.abc import Callable

import pytest

from saas.plans.catalogue import CATALOGUE
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]


@pytest.mark.parametrize(("language", "words"), [("zh_Hans_CN", "把客户留在公司"), ("en", "Keep your customers in the firm")])
def test_it_says_what_zuke_is(client_of: ClientOf, language: str, words: str) -> None:
    answer = client_of("anonymous").get(f"/?lang={language}")
    assert answer.status_code == 200
    assert words in answer.text


def test_the_prices_are_those_of_the_catalogue(client_of: ClientOf) -> None:
    html = client_of("anonymous").get("/?lang=en").text
    for plan in CATALOGUE.values():
        if plan.price is not None:
            assert f"¥{plan.price:.0f}" in html
            assert f"{plan.gigabytes} GB for attachments" in html
    assert html.count("Territories as a tree") == 1, "what only one plan has stands only there"


def test_every_picture_is_there(client_of: ClientOf) -> None:
    import re

    anonymous = client_of("anonymous")
    for language in ("zh_Hans_CN", "en"):
        pictures = re.findall(r'<img[^>]* src="([^"]+)"', anonymous.get(f"/?lang={language}").text)
        assert len(pictures) == 3
        for picture in pictures:
            assert anonymous.get(picture).status_code == 200


def test_who_is_signed_in_is_led_to_the_workbench(client_of: ClientOf) -> None:
    assert "/companies" in client_of("bob").get("/").text


def test_a_wrong_method_is_refused(client_of: ClientOf) -> None:
    assert client_of("anonymous").post("/").status_code == 405


@pytest.mark.parametrize("path", ["/terms", "/privacy"])
@pytest.mark.parametrize(("language", "kept"), [("zh_Hans_CN", "保留 90 天"), ("en", "90 days")])
def test_what_holds_between_us_is_told_by_who_runs_it(client_of: ClientOf, path: str, language: str, kept: str) -> None:
    html = client_of("anonymous").get(f"{path}?lang={language}").text
    assert kept in html
    assert "no-reply@" in html, "where one writes to"
    for public in ("/", "/sign-up"):
        assert f'href="{path}"' in client_of("anonymous").get(public).text
