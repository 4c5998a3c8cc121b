"""The inbox that takes all mail in development."""

import json
import re
import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sandbox.machine.bare import ROOT
from sandbox.machine.ports import free_port
from sandbox.mail import box as box_module
from sandbox.mail import words
from sandbox.mail.box import Box
from sandbox.mail.page import make_app
from tests.unit.machine.running import running


def mail(subject: str = "确认邮箱", to: str = "alice@example.com", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "Zuke 租客 <zuke@example.com>", to
    message.set_content("请打开 http://127.0.0.1:8600/confirm?token=a%2Fb&x=1。\n谢谢 <b>")
    if html:
        message.add_alternative(html, subtype="html")
    return message


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mail")


@pytest.fixture
def page(box: Box) -> Iterator[FlaskClient]:
    with make_app(box).test_client() as client:
        yield client


def put(box: Box, message: EmailMessage, *recipients: str) -> str:
    return box.put(message.as_bytes(), list(recipients or [str(message["To"])]))


@pytest.mark.enable_socket
def test_what_is_sent_by_smtp_is_shown(tmp_path: Path) -> None:
    smtp, web = free_port(), free_port()
    environ = {"ZUKE_VAR": str(tmp_path), "ZUKE_SMTP_PORT": str(smtp), "ZUKE_MAIL_PORT": str(web), "ZUKE_ENV": "development"}
    with running("import runpy; runpy.run_module('sandbox.mail', run_name='__main__')", tmp_path, **environ) as stand_in:
        stand_in.wait_for("Takes mail on")
        with smtplib.SMTP("127.0.0.1", smtp) as line:
            line.send_message(mail(), to_addrs=["alice@example.com", "hidden@example.com"])
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/api/mails?to=HIDDEN@", timeout=5) as answer:
            [shown] = json.load(answer)
        assert stand_in.end() == 0

    assert shown["subject"] == "确认邮箱"
    assert shown["to"] == ["alice@example.com", "hidden@example.com"]
    assert shown["links"] == ["http://127.0.0.1:8600/confirm?token=a%2Fb&x=1"]
    assert "to alice@example.com, hidden@example.com: 确认邮箱" in stand_in.said()


def test_it_refuses_production(tmp_path: Path) -> None:
    with running("import runpy; runpy.run_module('sandbox.mail', run_name='__main__')", tmp_path, ZUKE_ENV="production") as stand_in:
        assert stand_in.process.wait(20) == 1
    assert "does not start in production" in stand_in.said()


def test_newest_first_and_found_by_address(box: Box, page: FlaskClient) -> None:
    put(box, mail("first"))
    put(box, mail("second", to="bob@example.com"))
    put(box, mail("third"))

    assert [one["subject"] for one in page.get("/api/mails").json or []] == ["third", "second", "first"]
    assert [one["subject"] for one in page.get("/api/mails?to=alice").json or []] == ["third", "first"]
    shown = page.get("/?to=bob").text
    assert "second" in shown
    assert "third" not in shown


def test_a_mail_shows_page_text_headers_and_links(box: Box, page: FlaskClient) -> None:
    name = put(box, mail(html="<p>你好 <a href='http://127.0.0.1:8600/x'>here</a></p>"))

    assert f'src="/mails/{name}/html"' in page.get(f"/mails/{name}").text
    text = page.get(f"/mails/{name}?view=text").text
    assert 'href="http://127.0.0.1:8600/confirm?token=a%2Fb&amp;x=1"' in text
    assert "谢谢 &lt;b&gt;" in text
    assert "<dt>MIME-Version</dt>" in page.get(f"/mails/{name}?view=headers").text
    raw = page.get(f"/mails/{name}/raw")
    assert raw.mimetype == "message/rfc822"
    assert raw.data.endswith(mail(html="x").as_bytes()[-3:])


def test_the_mail_itself_can_run_and_load_nothing(box: Box, page: FlaskClient) -> None:
    name = put(box, mail(html="<script>alert(1)</script>hello"))
    policy = page.get(f"/mails/{name}/html").headers["Content-Security-Policy"]

    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_page_has_a_strict_policy_and_nothing_inline(box: Box, page: FlaskClient) -> None:
    name = put(box, mail("<script>alert(1)</script>", html="<b>x</b>"))
    answer = page.get(f"/mails/{name}")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert not re.search(r"<script| style=| on\w+=", answer.text)


@pytest.mark.parametrize(
    "path", ["/mails/none", "/mails/../../secrets", "/mails/none/html", "/mails/none/raw", "/mails/0000000000000000000-00000000", "/nowhere"]
)
def test_what_is_not_there_is_404_with_a_way_back(page: FlaskClient, path: str) -> None:
    answer = page.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "Back to the inbox" in answer.text


@pytest.mark.parametrize(
    ("accepted", "expected"), [("zh-CN,zh;q=0.9", "还没有邮件"), ("zh-TW", "还没有邮件"), ("en-GB,en;q=0.8", "No mail yet"), ("", "还没有邮件")]
)
def test_it_speaks_the_readers_language(page: FlaskClient, accepted: str, expected: str) -> None:
    assert expected in page.get("/", headers={"Accept-Language": accepted}).text


def test_every_word_has_its_chinese() -> None:
    templates = "".join(file.read_text() for file in (ROOT / "sandbox" / "mail" / "templates").glob("*.html"))
    used = set(re.findall(r"""_\((?:"([^"]+)"|'([^']+)')\)""", templates))
    assert {one or other for one, other in used} == set(words.CHINESE)


def test_the_oldest_make_room(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_module, "CAPACITY", 3)
    names = [put(box, mail(str(number))) for number in range(5)]
    assert [one.id for one in box.mails()] == names[:1:-1]


def test_emptying(box: Box, page: FlaskClient) -> None:
    put(box, mail())
    assert page.post("/mails/removal", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert len(list(box.mails())) == 1
    assert page.post("/mails/removal").status_code == 303
    assert list(box.mails()) == []
    assert page.get("/mails/removal").status_code == 404


def test_a_mail_that_is_no_mail_is_still_shown(box: Box, page: FlaskClient) -> None:
    name = box.put(b"\xff\xfe no headers at all", ["alice@example.com"])
    assert page.get(f"/mails/{name}?view=text").status_code == 200
    assert page.get("/api/mails").status_code == 200
