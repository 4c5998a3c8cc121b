"""The list of contacts."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tests.world.customers import make_customer
from tests.world.door import Guest
from tests.world.stage import prop

ClientOf = Callable[[str], Guest]


def shown(html: str) -> list[str]:
    return re.findall(r"data-row>([^<]*)</a>", html)


def test_contacts_are_seen_with_their_customer(client_of: ClientOf) -> None:
    assert shown(client_of("alice").get("contacts").text) == ["Alice&#39;s contact", "Bob&#39;s contact"]
    assert shown(client_of("bob").get("contacts").text) == ["Bob&#39;s contact"]
    assert shown(client_of("charlie").get("contacts").text) == ["Beta&#39;s contact"]
    assert client_of("charlie").get("/alpha/contacts").status_code == 404
    assert f"/alpha/customers/{prop('customer', 'Bob')}" in client_of("rhea").get("contacts").text


def test_search_filter_and_piece(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, contact={"name": "王芳", "mobile": "13857182046", "is_decision_maker": True})
    inside_alpha.commit()
    client = client_of("bob")
    for query in ("q=wf", "q=2046", "decides=1", "q=芳&decides=1"):
        piece = client.get(f"contacts?{query}", htmx=True, headers={"HX-Target": "div#rows"})
        assert shown(piece.text) == ["王芳"] and "<html" not in piece.text
    assert "Nothing matches" in client.get("contacts?left=1").text


def test_pages(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    for number in range(55):
        make_customer(inside_alpha, bob, f"Customer {number}", contact={"name": f"Person {number:02d}"})
    inside_alpha.commit()
    client = client_of("bob")
    first = client.get("contacts").text
    following = re.search(r'href="(/alpha/contacts\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert following and "1–50 of 56" in first
    second = client.get(following[1]).text
    assert "51–56 of 56" in second and len({*shown(first), *shown(second)}) == 56


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WzAsMCwxLDJd", "cursor=WzAsMCxudWxsLG51bGxd"])
def test_a_damaged_page_is_400(client_of: ClientOf, query: str) -> None:
    assert client_of("bob").get(f"contacts?{query}").status_code == 400


@pytest.mark.parametrize("query", ["q='", "q=%ff", "sort=x", "birthday=x", "birthday=month", "left=maybe"])
def test_odd_addresses_are_harmless(client_of: ClientOf, query: str) -> None:
    assert client_of("bob").get(f"contacts?{query}").status_code == 200


def test_a_role_without_contacts_has_no_list(client_of: ClientOf, inside_alpha: Session) -> None:
    from sqlalchemy import text

    inside_alpha.execute(text("UPDATE roles SET grants = grants - 'contact' WHERE key = 'sales'"))
    inside_alpha.commit()
    assert client_of("bob").get("contacts").status_code == 403
    assert client_of("bob").post("contacts").status_code == 405
