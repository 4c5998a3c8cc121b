"""Sample data: one click in, one click out, and what people made stays."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]


def customers(session: Session, *, sample: bool) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Customer).where(Customer.sample.is_(sample))) or 0


def test_furnished_and_cleared_again(client_of: ClientOf, inside_alpha: Session) -> None:
    own = customers(inside_alpha, sample=False)
    alice = client_of("alice")
    assert alice.post("sample").status_code == 303
    assert customers(inside_alpha, sample=True) == 300
    assert alice.get("").status_code == 200
    assert alice.post("sample").status_code == 303  # a second click furnishes nothing more
    assert customers(inside_alpha, sample=True) == 300
    assert alice.post("sample/removal").status_code == 303
    assert customers(inside_alpha, sample=True) == 0
    assert customers(inside_alpha, sample=False) == own


def test_only_who_arranges_the_company_may(client_of: ClientOf, inside_alpha: Session) -> None:
    for name in ("mei", "bob", "rhea"):
        assert client_of(name).post("sample").status_code == 403
        assert client_of(name).post("sample/removal").status_code == 403
    assert customers(inside_alpha, sample=True) == 0
