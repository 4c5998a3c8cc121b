"""The machine, the people who work with it, and what they were told."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from sandbox.machine.processes import until
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.faults.books import Books
from tests.faults.machine import Machine
from tests.faults.person import Person


def new_mark() -> str:
    return f"m{secrets.token_hex(6)}"


@dataclass(slots=True)
class Scene:
    """`people`: everybody who has a company by now, works in it, and is signed in; `renters` have one to rent for."""

    machine: Machine
    books: Books = field(default_factory=Books)
    people: list[Person] = field(default_factory=list)
    renters: list[Person] = field(default_factory=list)
    tenants: dict[str, Tenant] = field(default_factory=dict)

    def settle(self, count: int) -> None:
        self.people += self._settled(count)

    def open_shop(self, count: int) -> None:
        """So many companies that are there to rent, with their trial behind them: what they rent is paid at once."""
        self.renters += self._settled(count)
        with self.machine.admin() as admin:
            query = "UPDATE saas.tenants SET trial_ends_at = now() - interval '1 hour', created_at = now() - interval '31 days' WHERE slug = ANY(%s)"
            admin.execute(query, ([one.slug for one in self.renters],))

    def _settled(self, count: int) -> Iterator[Person]:
        """So many companies sign up, each with one person, who confirms their address, and one customer."""
        for _ in range(count):
            person = Person(self.machine.address)
            with self.books.deed("sign-up", person.name, person.name) as deed:
                answer = person.sign_up()
                deed.status = answer.status_code if answer is not None else None
            assert deed.said_yes, f"no company could sign up: {deed.status}"
            self.tenant(person.slug)
            assert until(lambda person=person: self.machine.mail.to(person.mail), 60), "no letter came"  # type: ignore[misc]
            person.confirm(self.machine.mail.to(person.mail)[0].text)
            person.find_customer()
            yield person

    def tenant(self, slug: str) -> Tenant:
        if slug not in self.tenants:
            with self.machine.admin() as admin:
                row = admin.execute("SELECT key FROM saas.tenants WHERE slug = %s", (slug,)).fetchone()
            assert row is not None, slug
            self.tenants[slug] = self.machine.house.tenants([row[0]])[row[0]]
        return self.tenants[slug]

    @contextmanager
    def inside(self, slug: str) -> Iterator[Any]:
        """As a worker opens it: for what no page offers."""
        with inside(self.tenant(slug), self.machine.house.landlord) as session:
            yield session


def count(admin: psycopg.Connection, key: str, table: str, column: str, value: str) -> int:
    """How many rows of a tenant's table have this value."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(sql.Identifier(key, table), sql.Identifier(column))
    row = admin.execute(query, (value,)).fetchone()
    return int(row[0]) if row else 0
