"""/settings/bots: the firm's bots; their addresses are like passwords, and are only those of their makers."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from saas.identity.throttle import Limit
from tenants.notifications import bots
from tenants.notifications.bots import FOR_GROUPS
from tests.world.door import Guest
from web.notifications import groups
from web.notifications.groups import Refused
from web.webhook import Unreachable

ClientOf = Callable[[str], Guest]
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret"
FORM: dict[str, Any] = {"brand": "wecom", "name": "Sales", "url": URL, "kinds": ["plan.due"], "is_on": "y"}


@pytest.fixture
def address(client_of: ClientOf, inside_alpha: Session) -> str:
    """Of the bot that Alice has made."""
    assert client_of("alice").post("settings/bots/new", data=FORM).status_code == 303
    return f"settings/bots/{bots.read(inside_alpha)[0].id}"


def test_a_bot_is_made_and_its_address_is_never_shown(address: str, client_of: ClientOf, inside_alpha: Session) -> None:
    [bot] = bots.read(inside_alpha)
    assert (bot.brand, bot.name, bot.url, bot.kinds, bot.is_on) == ("wecom", "Sales", URL, ("plan.due",), True)
    alice = client_of("alice")
    assert "Sales" in alice.get("settings/bots").text
    for page in ("settings/bots", address):
        assert "very-secret" not in alice.get(page).text


def test_an_empty_field_keeps_what_is_known(address: str, client_of: ClientOf, inside_alpha: Session) -> None:
    data = {"brand": "wecom", "name": "Everybody", "url": "", "secret": "", "kinds": list(FOR_GROUPS)}
    assert client_of("alice").post(address, data=data).status_code == 303
    [bot] = bots.read(inside_alpha)
    assert (bot.name, bot.url, bot.kinds, bot.is_on) == ("Everybody", URL, FOR_GROUPS, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "https://evil.example/cgi-bin/webhook/send"},
        {"url": "http://127.0.0.1/cgi-bin/webhook/send"},
        {"brand": "dingtalk"},
        {"brand": "fax"},
        {"name": " "},
        {"kinds": ["digest"]},
    ],
)
def test_what_is_wrong_is_told(client_of: ClientOf, inside_alpha: Session, wrong: dict[str, Any]) -> None:
    answer = client_of("alice").post("settings/bots/new", data=FORM | wrong)
    assert answer.status_code == 422
    assert bots.read(inside_alpha) == []


def test_a_test_message_says_what_became_of_it(address: str, client_of: ClientOf, inside_alpha: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(groups, "send", lambda bot, title, text, **_: said.append(text))
    alice = client_of("alice")
    assert "Sent. Look into the group." in alice.post(f"{address}/test", follow_redirects=True).text
    assert said == ["This is a test message from Zuke for Alpha Trading. Reminders will arrive here."]

    def refuse(*_: object, **__: object) -> None:
        raise Refused("93000: no such bot")

    monkeypatch.setattr(groups, "send", refuse)
    assert "93000: no such bot" in alice.post(f"{address}/test", follow_redirects=True).text
    assert bots.read(inside_alpha)[0].failure == "93000: no such bot"


def test_no_more_test_messages_than_its_makers_allow(address: str, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bots.A_MINUTE, "wecom", 1)
    said: list[str] = []
    monkeypatch.setattr(groups, "send", lambda bot, title, text, **_: said.append(text))
    for _ in range(2):
        answer = client_of("alice").post(f"{address}/test", follow_redirects=True)
    assert len(said) == 1 and "as much as it may in a minute" in answer.text


def test_a_bot_is_taken_away(address: str, client_of: ClientOf, inside_alpha: Session) -> None:
    client_of("alice").post(f"{address}/removal")
    assert bots.read(inside_alpha) == []
    assert client_of("alice").get(address).status_code == 404
    assert "No bot yet" in client_of("alice").get("settings/bots").text


def test_preferences_ask_about_the_bot_once_there_is_one(address: str, client_of: ClientOf) -> None:
    html = client_of("bob").get("notifications/preferences").text
    assert 'value="plan.due:bot" checked' in html
    assert 'value="digest:bot"' not in html


@pytest.mark.parametrize("name", ["mei", "bob", "rhea"])
def test_others_are_refused(address: str, client_of: ClientOf, name: str) -> None:
    guest = client_of(name)
    for path in ("settings/bots", "settings/bots/new", address):
        assert guest.get(path).status_code == 403
    for path in (address, f"{address}/test", f"{address}/removal"):
        assert guest.post(path, data=FORM).status_code == 403
    assert client_of("alice").get(f"{address}/test").status_code == 405


def test_test_messages_are_counted_over_all_bots(address: str, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "send", lambda *_, **__: None)
    monkeypatch.setattr("web.notifications.bots.BOT_TEST", Limit("bot-test", 1, dt.timedelta(hours=1)))
    alice = client_of("alice")
    assert "Look into the group" in alice.post(f"{address}/test", htmx=True).text + alice.get("settings/bots").text
    alice.post(f"{address}/test")
    assert "tried too often" in alice.get("settings/bots").text


def test_why_nothing_arrived_is_told_in_the_readers_language(address: str, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: Any, **__: Any) -> None:
        raise Unreachable("the address cannot be found")

    monkeypatch.setattr(groups, "send", nowhere)
    alice = client_of("alice")
    alice.post(f"{address}/test")
    assert "找不到该地址" in alice.get("settings/bots?lang=zh_Hans_CN").text
