"""Addresses that somebody chose: none of them leads inside, in whatever notation, by whatever name."""

import http.server
import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from web import webhook
from web.notifications.groups import LONGEST, coalesce, is_theirs, signature, tidy
from web.webhook import Unreachable, is_public, post_json

INSIDE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.1.2.3", "192.0.0.192"),
    *("255.255.255.255", "224.0.0.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "ff02::1", "2001:db8::1", "fec0::1"),
)
SANDBOX = "http://127.0.0.1:8731"
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
STRANGE = (
    *("http://qyapi.weixin.qq.com/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send"),
    *("https://evil.example/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send"),
    *("https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send"),
    *("https://qyapi.weixin.qq.com:99999/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com/other", "https://oapi.dingtalk.com/robot/send"),
    *("https://127.0.0.1/cgi-bin/webhook/send", "https://2130706433/cgi-bin/webhook/send", "https://[::1]/cgi-bin/webhook/send"),
    *("https://0x7f.1/cgi-bin/webhook/send", "ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send", "file:///etc/passwd", "//", "", "https://["),
    *(f"{SANDBOX}0/cgi-bin/webhook/send", "http://127.0.0.1:8730/cgi-bin/webhook/send", "http://localhost:8731/cgi-bin/webhook/send"),
    *("https://qyapi.weixin.qq.com\\@evil.example/cgi-bin/webhook/send", "https://qyapi。weixin。qq。com.evil.example/cgi-bin/webhook/send"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_what_is_public_is() -> None:
    assert all(is_public(ipaddress.ip_address(address)) for address in ("8.8.8.8", "223.5.5.5", "2400:3200::1"))


@pytest.mark.parametrize("url", STRANGE)
def test_a_strange_address_is_no_bots(url: str) -> None:
    assert not is_theirs("wecom", url, SANDBOX)


def test_their_own_addresses_are() -> None:
    assert is_theirs("wecom", WECOM, None)
    assert is_theirs("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=1", None)
    assert is_theirs("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/1", None)
    assert is_theirs("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/1", None)
    assert is_theirs("wecom", f"{SANDBOX}/cgi-bin/webhook/send?key=test", SANDBOX)
    assert not is_theirs("wecom", f"{SANDBOX}/cgi-bin/webhook/send?key=test", None)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:10.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    def connect(_: object) -> socket.socket:
        raise AssertionError("it was asked")

    monkeypatch.setattr(webhook, "_resolve", lambda _: answers)
    monkeypatch.setattr(webhook, "_connect", connect)
    with pytest.raises(Unreachable, match="not public"):
        post_json(WECOM, {})


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else a moment later gains nothing by it."""
    asked: list[Any] = []
    places = iter([["8.8.8.8"], ["127.0.0.1"]])
    monkeypatch.setattr(webhook, "_resolve", lambda _: next(places))

    def connect(where: tuple[str, int]) -> socket.socket:
        asked.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(webhook, "_connect", connect)
    with pytest.raises(Unreachable):
        post_json(WECOM, {})
    assert asked == [("8.8.8.8", 443)]


class Answers(http.server.BaseHTTPRequestHandler):
    """What the server answers: status, headers, body."""

    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
    asked: list[str] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        status, headers, body = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(loopback: None) -> Iterator[str]:
    Answers.asked = []
    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((302, {"Location": "/elsewhere"}, b""), "302"),
        ((200, {}, b"x" * (webhook.LARGEST + 1)), "too long"),
        ((200, {}, b"[]"), "no object"),
        ((200, {}, b"<html>"), "cannot be understood"),
        ((500, {}, b"{}"), "500"),
    ],
)
def test_what_is_no_answer_is_none(server: str, monkeypatch: pytest.MonkeyPatch, answer: Any, why: str) -> None:
    monkeypatch.setattr(Answers, "answer", answer)
    with pytest.raises(Unreachable, match=why):
        post_json(f"{server}/x", {}, sandbox=server)
    assert Answers.asked == ["/x"], "nobody went elsewhere"


def test_an_answer_that_never_ends_ends(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "PATIENCE", 0.0)
    with pytest.raises(Unreachable):
        post_json(f"{server}/x", {}, sandbox=server)


def test_what_people_typed_mentions_nobody_and_is_no_link() -> None:
    assert tidy("<@all> [click](http://evil)\n**now** @me") == "＜＠all＞ ［click］(http://evil) ＊＊now＊＊ ＠me"


def test_many_become_one_message_that_is_not_too_long() -> None:
    text = coalesce("Title", ["行" * 100] * 50, lambda count: f"… {count} more")
    assert len(text.encode()) <= LONGEST
    assert text.endswith("more")
    assert coalesce("Title", ["one"], lambda count: "no") == "**Title**\none"


def test_signatures_are_as_their_makers_say() -> None:
    """HMAC-SHA256 in base64. DingTalk: the secret is the key; Feishu: time and secret are the key of an empty message. (The two differ.)"""
    assert signature("key", "The quick brown fox jumps over the lazy dog") == "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="
