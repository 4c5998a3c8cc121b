"""The list of customers in the browser's terms: pages, pieces, what is in the address, what a damaged address does."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tenants.team.actor import Actor
from tests.world.customers import make_customer
from tests.world.door import Guest
from tests.world.stage import prop

ROWS = {"htmx": True, "headers": {"HX-Target": "div#rows"}}
ClientOf = Callable[[str], Guest]


def shown(html: str) -> list[str]:
    return re.findall(r"data-row>([^<]*)</a>", html)


def test_alice_sees_all_and_bob_his_own(client_of: ClientOf) -> None:
    assert shown(client_of("alice").get("customers").text) == ["Alice&#39;s customer", "Bob&#39;s customer"]
    assert shown(client_of("bob").get("customers").text) == ["Bob&#39;s customer"]
    assert shown(client_of("mei").get("customers").text) == ["Bob&#39;s customer"]


def test_a_stranger_sees_only_her_own_company(client_of: ClientOf) -> None:
    charlie = client_of("charlie")
    assert shown(charlie.get("customers").text) == ["Beta&#39;s customer"]
    assert charlie.get("/alpha/customers").status_code == 404
    assert client_of("anonymous").get("/alpha/customers").status_code == 303


def test_read_only_shows_no_button_that_changes_anything(client_of: ClientOf) -> None:
    html = client_of("rhea").get("customers").text
    assert "Bob&#39;s customer" in html
    assert "/customers/new" not in html and 'id="bulk"' not in html and 'class="form-check-input pick"' not in html and "/customers/bin" not in html
    assert 'id="bulk"' in client_of("bob").get("customers").text


def test_bob_is_not_offered_what_his_role_lacks(client_of: ClientOf) -> None:
    html = client_of("bob").get("customers").text
    assert "bulk/status" in html and "bulk/tags" in html
    assert "bulk/handover" not in html and "bulk/removal" not in html


def test_htmx_gets_the_region_alone(client_of: ClientOf) -> None:
    alice = client_of("alice")
    piece = alice.get("customers?q=bob", **ROWS)
    assert piece.status_code == 200 and "<html" not in piece.text
    assert shown(piece.text) == ["Bob&#39;s customer"]
    assert "<html" in alice.get("customers?q=bob", headers={"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Target": "div#rows"}).text


def test_only_leaders_have_the_scene_of_subordinates(client_of: ClientOf) -> None:
    assert "scene=subordinates" in client_of("mei").get("customers").text
    assert "scene=subordinates" not in client_of("bob").get("customers").text
    assert shown(client_of("mei").get("customers?scene=subordinates").text) == ["Bob&#39;s customer"]
    assert "Your team looks after no customer yet" in client_of("alice").get("customers?scene=subordinates").text


def test_filters_are_chips_that_take_themselves_away(client_of: ClientOf) -> None:
    html = client_of("alice").get("customers?status=potential&grade=A&sort=name").text
    assert "Nothing matches" in html
    assert 'href="/alpha/customers?grade=A&amp;sort=name"' in html
    assert 'href="/alpha/customers?status=potential&amp;sort=name"' in html
    assert '<input type="hidden" form="find" name="status" value="potential">' in html


def test_names_of_people_stand_on_chips(client_of: ClientOf, bob: Actor) -> None:
    html = client_of("alice").get(f"customers?owner={bob.id}&owner=none&next=overdue&idle=7").text
    for said in ("Account owner Bob", "Account owner Nobody", "Next contact Overdue", "Not contacted for 7 days"):
        assert said in html


def test_an_order_is_told_to_screen_readers_and_turns(client_of: ClientOf) -> None:
    html = client_of("alice").get("customers?sort=name").text
    assert 'aria-sort="ascending"' in html and "sort=-name" in html
    assert 'aria-sort="descending"' in client_of("alice").get("customers").text


def test_pages_by_key(client_of: ClientOf, inside_alpha: Session, alice: Actor) -> None:
    for number in range(60):
        make_customer(inside_alpha, alice, f"Row {number:02d}")
    inside_alpha.commit()
    client = client_of("alice")
    first = client.get("customers?sort=name").text
    assert "1–50 of 62" in first and 'rel="prev"' not in first
    following = re.search(r'href="(/alpha/customers\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "51–62 of 62" in second and len({*shown(first), *shown(second)}) == 62
    back = re.search(r'href="(/alpha/customers\?[^"]*cursor=[^"]*)" rel="prev"', second)
    assert back
    assert shown(client.get(back[1].replace("&amp;", "&")).text) == shown(first)


@pytest.mark.parametrize("cursor", ["x", "%00", "W10", "WzAsMCwxLDJd", "a" * 3000, "bnVsbA"])
def test_a_damaged_page_is_400(client_of: ClientOf, cursor: str) -> None:
    assert client_of("alice").get(f"customers?cursor={cursor}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["status=x", "owner=1", "owner=none&owner=x", "team=%27", "tag=" + "0" * 36, "next=never", "idle=-1", "idle=99999999999999999999", "idle=１",
     "from=2026-13-40", "from=0001-01-01",
     "until=9999-12-31", "sort=password", "columns=x,y", "scene=secret", "region=%25%25",
      "q=" + "%F0%9F%98%80" * 30, "industry=%27", "open=2", "source=zz&" * 40 + "grade=A",
     "cursor=", "q=%ff%fe"],
)  # fmt: skip
def test_a_damaged_filter_is_as_if_it_were_not_there(client_of: ClientOf, query: str) -> None:
    answer = client_of("alice").get(f"customers?{query}", **ROWS)
    assert answer.status_code == 200


def test_empty_fields_of_a_plain_form_leave_the_address(client_of: ClientOf) -> None:
    answer = client_of("alice").get("customers?q=&status=vip&region=&from=")
    assert (answer.status_code, answer.location) == (303, "/alpha/customers?status=vip")


def test_wrong_method(client_of: ClientOf) -> None:
    assert client_of("alice").delete("customers").status_code == 405


def test_script_in_a_name_is_text(client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
    make_customer(inside_alpha, bob, "<script>alert(1)</script>", region='"><b>')
    inside_alpha.commit()
    html = client_of("bob").get("customers?columns=grade,tags,number,phone,industry,source,size,created&q=script").text
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_a_new_company_is_told_what_belongs_here(client_of: ClientOf, inside_alpha: Session, alice: Actor) -> None:
    from sqlalchemy import text

    inside_alpha.execute(text("UPDATE customers SET deleted_at = now()"))
    inside_alpha.commit()
    html = client_of("alice").get("customers").text
    assert "Here are your customers" in html and "/customers/new" in html


def test_the_whole_request_takes_at_most_eight_statements(client_of: ClientOf, engine: Engine) -> None:
    said: list[str] = []
    alice = client_of("alice")
    alice.get("customers")
    with alice.application.app_context():
        from web.database import db

        asked = db.engine
    listen = lambda _c, _u, statement, _p, _x, _m: said.append(statement)  # noqa: E731
    event.listen(asked, "before_cursor_execute", listen)
    try:
        alice.get("customers")
    finally:
        event.remove(asked, "before_cursor_execute", listen)
    queries = [one for one in said if not one.startswith("BEGIN")]
    assert len(queries) <= 5, queries
    assert len(said) <= 8


def test_prop_is_there(client_of: ClientOf) -> None:
    assert f"/alpha/customers/{prop('customer', 'Bob')}" in client_of("bob").get("customers").text


def test_sorted_by_owner_status_and_amount_page_by_page(
    client_of: ClientOf, inside_alpha: Session, alice: Actor, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.customers.listing.PAGE", 2)
    make_customer(inside_alpha, mei, "Mei's", status="vip")
    make_customer(inside_alpha, alice, "Lapsed", status="lapsed")
    inside_alpha.commit()
    client = client_of("alice")

    def walked(address: str) -> list[str]:
        found: list[str] = []
        while address:
            html = client.get(address).text
            found += shown(html)
            following = re.search(r'href="(/alpha/customers\?[^"]*cursor=[^"]*)" rel="next"', html)
            address = following[1].replace("&amp;", "&") if following else ""
        return found

    assert walked("customers?sort=owner")[2:] == ["Bob&#39;s customer", "Mei&#39;s"]
    assert walked("customers?sort=-status")[:2] == ["Lapsed", "Mei&#39;s"]
    assert walked("customers?sort=-amount")[2:] in (["Mei&#39;s", "Lapsed"], ["Lapsed", "Mei&#39;s"])
    assert client.get("customers?sort=amount&cursor=WzAsMSwiYSIsImIiXQ").status_code == 400


def test_a_phone_has_a_menu_to_sort_by(client_of: ClientOf) -> None:
    """It shows no heads of columns."""
    html = client_of("alice").get("customers?sort=-amount&columns=grade&status=potential").text
    menu = html.partition('class="menu phone sorting"')[2].partition("</details>")[0]
    offered = re.findall(r' href="[^"]*sort=([-\w]+)"', menu)
    assert offered == ["name", "grade", "-score", "status", "owner", "next", "-last", "amount", "-created"] and "status=potential" in menu
    assert "Sort: Open amount" in re.sub(r"<[^>]*>", "", menu)
