"""Numbers that people read out: without gaps, without doubles, also when many create at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.intake import create_customer
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace.numbers import next_number, next_numbers
from tests.world.customers import NOON


def test_numbers_follow_each_other(inside_alpha: Session) -> None:
    assert [next_number(inside_alpha, "contract", prefix="HT", width=4) for _ in range(3)] == ["HT0001", "HT0002", "HT0003"]
    assert next_numbers(inside_alpha, "contract", 3, prefix="HT", width=4) == ["HT0004", "HT0005", "HT0006"]
    assert next_number(inside_alpha, "order", prefix="D") == "D000001"


def test_a_million_goes_on(inside_alpha: Session) -> None:
    next_numbers(inside_alpha, "customer", 999_999, prefix="C")
    assert next_number(inside_alpha, "customer", prefix="C") == "C1000000"


def test_forty_at_once_get_forty_numbers_without_a_gap(alpha: Tenant, engine: Engine, bob: Actor) -> None:
    """Every fourth is rolled back: its number is given again."""

    def create(number: int) -> None:
        try:
            with inside(alpha, engine) as session:
                create_customer(session, {"name": f"Race {number}"}, by=bob, at=NOON)
                if number % 4 == 3:
                    raise KeyError(number)
        except KeyError:
            pass

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(create, range(40)))
    with inside(alpha, engine) as session:
        numbers = sorted(session.scalars(select(Customer.number).where(Customer.name.startswith("Race"))))
    assert numbers == [f"C{number:06d}" for number in range(1, 31)]
