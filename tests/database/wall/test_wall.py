"""No tenant, no data: the wall in the code and in the database."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer


def test_each_company_sees_its_own_customers(inside_alpha: Session) -> None:
    assert set(inside_alpha.scalars(select(Customer.name))) == {"Alice's customer", "Bob's customer"}


def test_what_a_test_writes_is_gone_for_the_next_a(inside_alpha: Session) -> None:
    assert inside_alpha.scalar(text("SELECT count(*) FROM customers")) == 2
    inside_alpha.execute(text("DELETE FROM customers"))


def test_what_a_test_writes_is_gone_for_the_next_b(inside_alpha: Session) -> None:
    assert inside_alpha.scalar(text("SELECT count(*) FROM customers")) == 2
    inside_alpha.execute(text("DELETE FROM customers"))
