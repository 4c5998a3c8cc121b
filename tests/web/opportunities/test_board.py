"""The board, the list and the forecast: what they show, whose, and how many statements they take."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tenants.pipeline.models import Opportunity
from tenants.pipeline.queries import CARDS, ROWS
from tenants.team.actor import Actor
from tests.database.pipeline.play import customer_of, opened
from tests.web.opportunities.play import ALICES, BOBS, stage_id, text
from tests.world.door import Guest

Door = Callable[[str], Guest]
PAGES = ["opportunities", "opportunities/list", "opportunities/forecast"]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            said.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", listen)
    yield said
    event.remove(Engine, "before_cursor_execute", listen)


def test_the_board_shows_every_stage_with_count_and_sum(client_of: Door, inside_alpha: Session) -> None:
    said = text(client_of("alice").get("opportunities"))
    for stage in ("Prospecting", "Needs clear", "Proposal", "Negotiation", "Contract approval", "Won", "Lost", "Invalid"):
        assert f'data-stage-name="{stage}"' in said
    assert "10% · 2" in said and "¥20,000" in said and "¥2,000" in said, "two cards, their sum, and the weighted forecast"
    assert f'id="card-{ALICES}"' in said and f'id="card-{BOBS}"' in said


@pytest.mark.parametrize("page", PAGES)
def test_bob_sees_his_own_rhea_everything_and_a_stranger_nothing(client_of: Door, page: str) -> None:
    assert "¥10,000" in text(client_of("bob").get(page)) and "¥20,000" in text(client_of("rhea").get(page))
    assert "¥20,000" not in text(client_of("bob").get(page))
    assert client_of("charlie").get(f"/alpha/{page}").status_code == 404


def test_rhea_is_offered_nothing_that_she_may_not(client_of: Door) -> None:
    said = text(client_of("rhea").get("opportunities"))
    assert "data-move-url" not in said and "New opportunity" not in said


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_at_most_eight_statements(client_of: Door, engine: Engine, page: str) -> None:
    client = client_of("alice")
    client.get(page)
    with counted(engine) as said:
        assert client.get(page).status_code == 200
    assert len(said) <= 8, "\n\n".join(said)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query", ["pipeline=x", "owner=1", "who=everybody", "close=soon", "from=2026-13-01", "outcome=maybe", "stage=%00", "customer=é"]
)
def test_a_damaged_address_is_refused(client_of: Door, page: str, query: str) -> None:
    assert client_of("alice").get(f"{page}?{query}").status_code == 400


def test_an_unknown_pipeline_is_not_found(client_of: Door) -> None:
    assert client_of("alice").get("opportunities?pipeline=01890000-0000-7000-8000-000000000000").status_code == 404


def test_an_amount_that_was_mistyped_is_told_and_left_out(client_of: Door) -> None:
    said = text(client_of("alice").get("opportunities?min=lots"))
    assert "“lots” is not an amount" in said and f'id="card-{BOBS}"' in said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Bob", {BOBS}),
        ("who=mine", {ALICES}),
        ("min=1万&max=1万", {ALICES, BOBS}),
        ("min=10000.01", set()),
        ("close=none", {ALICES, BOBS}),
        ("close=year", set()),
    ],
)
@pytest.mark.parametrize("page", PAGES[:2])
def test_filters_narrow_what_is_shown(client_of: Door, page: str, query: str, found: set[object]) -> None:
    said = text(client_of("alice").get(f"{page}?{query}"))
    assert {key for key in (ALICES, BOBS) if f"/alpha/opportunities/{key}" in said} == found
    assert ("Nothing matches" in said) == (not found)


def test_a_column_is_loaded_to_its_end_each_card_once(client_of: Door, inside_alpha: Session, alice: Actor) -> None:
    made = {str(opened(inside_alpha, alice, name=f"No. {number}").id) for number in range(CARDS * 2 + 5)} | {str(ALICES), str(BOBS)}
    inside_alpha.commit()
    client, seen = client_of("alice"), []
    said = text(client.get("opportunities"))
    assert f"10% · {len(made)}" in said, "the head counts the whole column, not what is loaded"
    while True:
        seen += re.findall(r'data-card="([^"]+)"', said)
        more = re.search(r'hx-get="([^"]+/columns/[^"]+)"', said)
        if more is None:
            break
        said = text(client.get(unescape(more[1]), htmx=True))
        assert "<html" not in said
    assert len(seen) == len(made) and set(seen) == made


def test_without_scripts_the_rest_of_a_column_is_a_page(client_of: Door, inside_alpha: Session) -> None:
    page = client_of("alice").get(f"opportunities/columns/{stage_id(inside_alpha, 'Prospecting')}")
    assert page.status_code == 200 and "<html" in text(page) and "Back to the board" in text(page)
    assert client_of("alice").get(f"opportunities/columns/{stage_id(inside_alpha, 'Prospecting')}?cursor=damaged").status_code == 400
    assert client_of("alice").get(f"opportunities/columns/{BOBS}").status_code == 404


def test_the_list_turns_its_pages(client_of: Door, inside_alpha: Session, alice: Actor) -> None:
    for number in range(ROWS + 10):
        opened(inside_alpha, alice, name=f"No. {number}", amount=Decimal(number))
    inside_alpha.commit()
    client = client_of("alice")
    first = text(client.get("opportunities/list?sort=amount"))
    assert f"1–{ROWS} of {ROWS + 12}" in first and 'aria-sort="ascending"' in first
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = text(client.get(unescape(following[1])))
    assert f"{ROWS + 1}–{ROWS + 12} of {ROWS + 12}" in second
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back is not None
    rows: Callable[[str], list[str]] = lambda said: re.findall(r'class="cover" href="([^"]+)"', said)  # noqa: E731
    assert rows(text(client.get(unescape(back[1])))) == rows(first)
    assert not set(rows(first)) & set(rows(second))
    assert client.get("opportunities/list?sort=colour").status_code == 400


def amounts(said: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in re.findall(r"¥([\d,]+\.\d\d)", said)]


@pytest.mark.parametrize("by", ["month", "owner", "team"])
@pytest.mark.parametrize("query", ["", "&close=quarter", "&min=500", "&who=mine"])
def test_each_figure_of_the_forecast_is_the_sum_of_the_list_behind_it(
    client_of: Door, inside_alpha: Session, alice: Actor, bob: Actor, by: str, query: str
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    for number, ahead in enumerate((-70, -3, 0, 12, 40, 41, 200, 800, None)):
        when = today + dt.timedelta(days=ahead) if ahead is not None else None
        seller, whose = (bob, "Bob") if number % 2 else (alice, "Alice")
        one = opened(inside_alpha, seller, customer=whose, amount=Decimal(f"{number}33.33"), expected_close_on=when, name=f"No. {number}")
        if number in (1, 4):
            one.win(inside_alpha, by=seller, at=dt.datetime.now(dt.UTC), closed_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=number * 20))
    inside_alpha.get_one(Opportunity, BOBS).owner_id = None
    inside_alpha.commit()
    client = client_of("alice")
    said = text(client.get(f"opportunities/forecast?by={by}{query}"))
    rows = re.findall(r"<tr( class=\"sum\")?><td class=\"name\">(.*?)</tr>", said)
    assert rows and rows[-1][0], "the last row is the total"
    for _, row in rows:
        opens = re.search(r'href="([^"]+)">([\d,]+)</a></td> <td class="num wide">¥([\d,.]+)</td><td class="num amount"><b>¥([\d,.]+)', row)
        if opens:
            behind = text(client.get(unescape(opens[1])))
            assert f'Sum <b class="num">¥{opens[3]}</b>' in behind and f'weighted <b class="num">¥{opens[4]}</b>' in behind
            assert f"of {opens[2]}<" in behind
        won = re.search(r'href="([^"]+)">([\d,]+)</a></td><td class="num when"><span class="phone quiet">Won </span>¥([\d,.]+)', row)
        if won:
            assert f'Sum <b class="num">¥{won[3]}</b>' in text(client.get(unescape(won[1])))


def test_empty_pages_say_what_belongs_there(client_of: Door, inside_alpha: Session) -> None:
    for key in (ALICES, BOBS):
        inside_alpha.get_one(Opportunity, key).deleted_at = dt.datetime.now(dt.UTC)
    inside_alpha.commit()
    for page in PAGES[:2]:
        said = text(client_of("alice").get(page))
        assert "No opportunities yet" in said and "opportunities/new" in said
        assert "No opportunities yet" in text(client_of("rhea").get(page))
    assert "Nothing to forecast yet" in text(client_of("alice").get(PAGES[2]))
    assert customer_of(inside_alpha, "Alice").deleted_at is None


def test_the_filter_form_goes_back_where_it_came_from(client_of: Door) -> None:
    said = text(client_of("alice").get("opportunities/filter?page=index&min=5万&who=mine"))
    assert 'action="/alpha/opportunities/list"' in said and 'value="5万"' in said and 'name="who" value="mine"' in said
    assert client_of("alice").get("opportunities/filter?page=elsewhere").status_code == 400


def test_who_sees_only_the_own_ones_is_not_asked_whose(client_of: Callable[[str], Guest]) -> None:
    assert 'aria-label="Whose"' in text(client_of("alice").get("opportunities"))
    assert 'aria-label="Whose"' not in text(client_of("bob").get("opportunities"))
