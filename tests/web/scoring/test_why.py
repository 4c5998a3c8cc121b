"""Why a record has its score, and who decides the grade: six questions, and that what the page says adds up."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.scoring import keeping
from tenants.scoring.models import Score
from tenants.scoring.sources import Day
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.stage import prop

BOBS, DEAL = prop("customer", "Bob"), prop("opportunity", "Bob")
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.fixture
def scored(engine: Engine, alpha: Tenant) -> None:
    with inside(alpha, engine) as session:
        reckon(session)


def reckon(session: Session) -> None:
    at = dt.datetime.now(dt.UTC)
    keeping.rescore_all(session, Day.of(at, ZONE), at=at)


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(("page", "key"), [(f"customers/{BOBS}", BOBS), (f"opportunities/{DEAL}", DEAL)])
def test_the_points_add_up_to_the_score(client_of: Callable[..., Guest], engine: Engine, alpha: Tenant, page: str, key: object) -> None:
    bob = client_of("bob")
    assert f"/{page}/score" in bob.get(page).text
    text = bob.get(f"{page}/score").text
    with inside(alpha, engine) as session:
        score = session.get_one(Score, key).score
    told = [int(number.replace("−", "-")) for number in re.findall(r'<td class="num[^"]*">([+−\d]+)</td>', text)]
    assert min(100, max(0, sum(told))) == score
    assert f"<b>{score}</b></td>" in text


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(
    ("page", "mark"),
    [
        ("customers", r'class="score">.*?<b>{}</b>'),
        ("opportunities", r'title="Score">.*? {}</span>'),
        ("opportunities/list", r'<td class="num wide">{}</td>'),
    ],
)
def test_lists_and_boards_show_it(client_of: Callable[..., Guest], engine: Engine, alpha: Tenant, page: str, mark: str) -> None:
    with inside(alpha, engine) as session:
        score = session.get_one(Score, BOBS if page == "customers" else DEAL).score
    assert re.search(mark.format(score), client_of("bob").get(page).text, re.DOTALL)


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("page", ["customers?sort=-score", "customers?sort=score", "customers?score=1", "opportunities/list?sort=-score"])
def test_lists_are_sorted_and_filtered_by_it(client_of: Callable[..., Guest], page: str) -> None:
    assert "Bob" in client_of("bob").get(page).text


@pytest.mark.parametrize("who", ["alice", "mei", "rhea"])
def test_colleagues_who_see_the_record_see_why(client_of: Callable[..., Guest], who: str) -> None:
    assert client_of(who).get(f"customers/{BOBS}/score").status_code == 200
    assert client_of(who).get(f"opportunities/{DEAL}/score").status_code == 200


def test_nobody_else_does(client_of: Callable[..., Guest]) -> None:
    assert client_of("bob").get(f"customers/{prop('customer', 'Alice')}/score").status_code == 404
    assert client_of("bob").get(f"opportunities/{prop('opportunity', 'Alice')}/score").status_code == 404
    assert client_of("charlie").get(f"customers/{BOBS}/score").status_code == 404


@pytest.mark.usefixtures("scored")
def test_a_grade_is_kept_by_hand_and_given_back_to_the_rules(client_of: Callable[..., Guest], engine: Engine, alpha: Tenant) -> None:
    bob = client_of("bob")
    with inside(alpha, engine) as session:
        grade = session.get_one(Customer, BOBS).grade
    assert grade in ("A", "B", "C")
    assert "The grade follows the score" in bob.get(f"customers/{BOBS}/score").text
    assert bob.post(f"customers/{BOBS}/grade/pin").status_code == 303
    assert "given by hand" in bob.get(f"customers/{BOBS}/score").text
    assert bob.post(f"customers/{BOBS}/grade/release").status_code == 303
    assert "The grade follows the score" in bob.get(f"customers/{BOBS}/score").text


@pytest.mark.parametrize("verb", ["pin", "release"])
def test_who_may_only_read_decides_no_grade(client_of: Callable[..., Guest], verb: str) -> None:
    assert client_of("rhea").post(f"customers/{BOBS}/grade/{verb}").status_code == 403
    assert client_of("bob").get(f"customers/{BOBS}/grade/{verb}").status_code == 405
