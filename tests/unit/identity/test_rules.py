"""What may be a mail address, a name, a password; what counts as one network; where a browser may be sent on to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.identity.rules import tidy, tidy_mail, weakness
from saas.identity.throttle import network
from web.identity.arrival import local


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Wang.Fang@Qinghe.Example ", "wang.fang@qinghe.example"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("\u200bwang@qinghe.example\x00", "wang@qinghe.example"),
        ("wang", None),
        ("wang@localhost", None),
        ("wáng@qinghe.example", None),
        ("wang@qinghe.example\nBcc: all@qinghe.example", None),
        ("", None),
    ],
)
def test_a_mail_address_is_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert tidy_mail(typed) == kept


@given(st.text())
def test_whatever_is_typed_becomes_one_clean_line_or_no_address(text: str) -> None:
    line = tidy(text)
    assert line == tidy(line) == line.strip()
    assert line.isprintable() or all(char.isprintable() or char.isspace() for char in line)
    mail = tidy_mail(text)
    assert mail is None or (mail.isascii() and mail == mail.lower() and "@" in mail)


@pytest.mark.parametrize(
    "password", ["short", "12345678", "password", "PASSWORD1", "aaaaaaaaaaaa", "woaini1314", "x" * 257, "wangfang", "wang.fang1", "qinghe99"]
)
def test_what_strangers_try_first_is_refused(password: str) -> None:
    assert weakness(password, "Wang Fang", "wang.fang@qinghe.example", "wangfang")


@pytest.mark.parametrize(
    "password", ["four words are enough", "青禾环保 2026 年再见", "correct horse battery", "8 chars!", "wang fang likes green tea"]
)
def test_a_sentence_will_do(password: str) -> None:
    assert weakness(password, "Wang Fang", "wang.fang@qinghe.example") is None


def test_an_ipv6_household_is_one_address() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:203.0.113.9") == network("203.0.113.9") == "203.0.113.9"
    assert network(None) == network("nonsense") == "unknown"


@pytest.mark.parametrize("path", ["/alpha/customers?sort=name#top", "/", "/companies", "/alpha/customers?q=a%5Cb&next=https://evil.example"])
def test_a_path_of_ours_is_gone_on_to(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None, "", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "javascript:alert(1)", "evil.example", "http:evil.example", " /alpha", "/a\\..\\b", "//[", "https:/evil.example",
        "/\u2028/evil",
    ],
)  # fmt: skip
def test_another_host_in_whatever_clothes_is_not(target: str | None) -> None:
    assert local(target) is None


@given(st.text(alphabet="/\\:.@ehtpsvil#?\t\n%", min_size=1))
def test_nothing_that_a_browser_reads_as_another_host_is_gone_on_to(target: str) -> None:
    """As the WHATWG URL standard reads it: tabs and newlines are dropped, a backslash is a slash, two slashes begin a host."""
    read = target.replace("\t", "").replace("\n", "").replace("\\", "/")
    if local(target) is not None:
        assert read.startswith("/")
        assert not read.startswith("//")
