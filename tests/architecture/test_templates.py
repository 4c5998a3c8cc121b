"""Templates show; they neither ask nor run anything. The strict CSP would refuse inline scripts in the browser; here they are refused earlier."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "web" / "templates"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html") if not path.is_relative_to(ROOT / "mail"))
REFUSED = {
    "an inline script": re.compile(r"""<script(?![^>]*(?:\bsrc=|type="application/json"))""", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "an inline style": re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE),
    "an event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "hx-on, or an expression for htmx": re.compile(r"""hx-on|hx-vals\s*=\s*["']js:|hx-headers\s*=\s*["']js:|hx-trigger\s*=\s*["'][^"']*\["""),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*["']https?:""", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "a query": re.compile(r"\.(?:scalars|execute|query)\("),
    "a question about roles": re.compile(r"{%-?\s*(?:el)?if[^%]*role_key\s*=="),
}


@pytest.mark.parametrize("what", REFUSED)
def test_templates_hold_no(what: str) -> None:
    assert [page for page in PAGES if REFUSED[what].search((ROOT / page).read_text())] == []


def test_there_are_templates() -> None:
    assert len(PAGES) > 20


def test_every_form_that_changes_something_carries_a_token() -> None:
    """A plain form without the token is refused by the server."""
    bare = []
    for page in PAGES:
        for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", (ROOT / page).read_text(), re.IGNORECASE | re.DOTALL):
            if not re.search(r"csrf|hidden_tag|form_head", form):
                bare.append(f"{page}: {form[:80]}")
    assert bare == []
