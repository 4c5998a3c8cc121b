"""Every job, for a tenant, for nobody, twice: it touches its own tenant's tables and no other's, and doing it again changes nothing."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tenants.wall import outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.engine_room import Inbox
from tests.world.snapshot import Snapshot
from workers import answers, jobs
from workers.tenancy import LANDLORD, House, now

# Of the landlord, not of a tenant.
LANDLORDS = {"housekeeping", "vacancies", "rent", "rent.night"}
KINDS = sorted(set(answers.ANSWERS) - LANDLORDS)
# job -> its arguments; KEY stands for a tenant's key
KEY = "<key>"
JOBS: dict[str, list[Any]] = {
    "doorbell.answer": [KEY, ["outbox"]],
    "heavy.run": [KEY, "0190a000-0000-7000-8000-0000000000aa"],
    **{f"bells.answer {kind}": ["main", [[KEY, kind]]] for kind in KINDS},
}


def run(name: str, key: str) -> None:
    job(name)(*_with_key(JOBS[name], key))


def _with_key(arguments: Any, key: str) -> Any:
    if isinstance(arguments, list):
        return [_with_key(one, key) for one in arguments]
    return key if arguments == KEY else arguments


def job(name: str) -> Callable[..., None]:
    module, _, function = name.partition(" ")[0].partition(".")
    found: Callable[..., None] = getattr(importlib.import_module(f"workers.jobs.{module}"), function)
    return found


def test_every_job_is_listed() -> None:
    there = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(jobs.__path__)
        for name, thing in vars(importlib.import_module(f"workers.jobs.{module.name}")).items()
        if inspect.isfunction(thing) and thing.__module__ == f"workers.jobs.{module.name}"
    }
    assert {name.partition(" ")[0] for name in JOBS} == there, "give each job its line in JOBS"


@pytest.fixture
def promised(house: House, companies: dict[str, Tenant], engine: Engine) -> None:
    for tenant in companies.values():
        with inside(tenant, engine) as session:
            outbox.promise(session, "mail", {"to": f"boss@{tenant.slug}.example", "subject": "s", "text": "t"}, at=now())


@pytest.fixture
def touched(_snapshot: Snapshot) -> Callable[[], set[str]]:
    return lambda: {table.partition(".")[0] for table in _snapshot.touched()}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_stays_in_its_tenant(house: House, alpha: Tenant, beta: Tenant, touched: Callable[[], set[str]], inbox: Inbox, name: str) -> None:
    run(name, alpha.key)
    assert beta.key not in touched()


@pytest.mark.parametrize("name", JOBS)
@pytest.mark.usefixtures("promised")
def test_twice_is_once(alpha: Tenant, inbox: Inbox, name: str) -> None:
    for _ in range(2):
        run(name, alpha.key)
    assert [mail["To"] for mail in inbox.mails] in ([], ["boss@alpha.example"])


@pytest.mark.parametrize("key", ["t_nobodyhere", "t_'; DROP SCHEMA saas", "", LANDLORD])
@pytest.mark.parametrize("name", JOBS)
def test_a_job_for_nobody_does_nothing_to_anybody(
    house: House, companies: dict[str, Tenant], touched: Callable[[], set[str]], name: str, key: str
) -> None:
    run(name, key)
    assert touched() & {tenant.key for tenant in companies.values()} == set()
