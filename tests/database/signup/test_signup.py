"""One step makes a company whole, or nothing at all."""

import datetime as dt
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from saas.cells.models import Schema
from saas.cells.vacancies import NoVacancy, vacancies
from saas.identity.memberships import companies_of
from saas.identity.models import Person
from saas.identity.people import MailTaken
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from saas.registry.queries import free_slug, is_free
from saas.signup.orphans import AGE, release_orphans
from saas.signup.signup import Application, Newcomer, Signup, SlugTaken
from tenants.team.actor import find_actor
from tenants.wall.session import inside
from tests.world.cast import Player
from tests.world.database import ROOT, Database

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


def application(slug: str = "delta", mail: str = "dora@delta.example") -> Application:
    return Application("Delta Works", slug, "en", Newcomer(mail, "Dora", "a hash"))


@pytest.fixture
def signup(engine: Engine) -> Signup:
    return Signup(engine, "main", engine)


def states(landlord: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in landlord.execute(select(Schema.state, func.count()).group_by(Schema.state))}


def test_a_company_its_owner_and_a_furnished_workspace(signup: Signup, landlord: Session, engine: Engine) -> None:
    with signup.of(application(), at=NOW, say=str) as lease:
        assert lease.person.name == "Dora"
    row = landlord.scalars(select(TenantRow).where(TenantRow.slug == "delta")).one()
    assert (row.state, row.plan, row.trial_ends_at, row.key) == ("trial", "trial", NOW + dt.timedelta(days=30), lease.tenant.key)
    assert [company.slug for company in companies_of(landlord, lease.person.id)] == ["delta"]
    assert landlord.scalars(select(TenantChange.why).where(TenantChange.tenant_id == row.id)).all() == ["sign-up"]
    with inside(lease.tenant, engine) as session:
        owner = find_actor(session, lease.person.id)
        assert owner is not None
        assert (owner.role_key, owner.may("settings.members")) == ("owner", True)


def test_somebody_known_gets_another_company(signup: Signup, landlord: Session, players: dict[str, Player]) -> None:
    bob = players["bob"].person_id
    with signup.of(Application("Bob's own", "bobs-own", "en", bob), at=NOW, say=str):
        pass
    assert [company.slug for company in companies_of(landlord, bob)] == ["alpha", "bobs-own"]


def test_what_fails_leaves_nothing_behind(signup: Signup, landlord: Session) -> None:
    before = states(landlord)
    landlord.rollback()
    with pytest.raises(ZeroDivisionError), signup.of(application(), at=NOW, say=str):
        1 / 0
    assert is_free(landlord, "delta")
    assert landlord.scalars(select(Person).where(Person.mail == "dora@delta.example")).all() == []
    assert states(landlord) == before | {"vacant": before["vacant"] - 1, "leaving": 1}, "the schema was written in, so it is taken down"


def test_a_mail_or_slug_that_is_taken_costs_no_schema(signup: Signup, landlord: Session) -> None:
    before = vacancies(landlord)
    landlord.rollback()
    with pytest.raises(SlugTaken), signup.of(application(slug="alpha"), at=NOW, say=str):
        pass
    with pytest.raises(MailTaken), signup.of(application(mail="bob@alpha.example"), at=NOW, say=str):
        pass
    assert vacancies(landlord) == before


def test_without_a_vacant_schema_nothing_is_begun(signup: Signup, landlord: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas.signup.signup.PATIENCE", 0.2)
    landlord.execute(update(Schema).where(Schema.state == "vacant").values(state="leaving"))
    landlord.commit()
    with pytest.raises(NoVacancy), signup.of(application(), at=NOW, say=str):
        pass
    assert is_free(landlord, "delta")


def test_it_waits_a_moment_for_a_schema(signup: Signup, landlord: Session) -> None:
    keys = landlord.scalars(select(Schema.key).where(Schema.state == "vacant")).all()
    landlord.execute(update(Schema).where(Schema.key.in_(keys)).values(state="leaving"))
    landlord.commit()

    def make_one_vacant() -> None:
        import time

        time.sleep(0.4)
        landlord.execute(update(Schema).where(Schema.key == keys[0]).values(state="vacant"))
        landlord.commit()

    with ThreadPoolExecutor(1) as pool:
        caretaker = pool.submit(make_one_vacant)
        with signup.of(application(), at=NOW, say=str) as lease:
            assert lease.tenant.key == keys[0]
        caretaker.result()


def test_fifty_want_one_slug_and_one_gets_it(signup: Signup, landlord: Session) -> None:
    before = states(landlord)
    landlord.rollback()

    def try_it(n: int) -> str:
        try:
            with signup.of(application(mail=f"dora{n}@delta.example"), at=NOW, say=str):
                pass
        except SlugTaken as refusal:
            return str(refusal)
        return "in"

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(try_it, range(50)))
    assert answers.count("in") == 1
    assert set(answers) == {"in", str(SlugTaken())}
    assert len(landlord.scalars(select(Person.id).where(Person.mail.startswith("dora"))).all()) == 1
    assert states(landlord) == before | {"vacant": before["vacant"] - 1, "let": before["let"] + 1}, "the losers have used up no schema"


KILLED = """
import datetime as dt, os, signal, sys
from saas.signup import signup
from saas.world import LandlordBase
from tenants.wall.engine import make_engine
engine = make_engine(sys.argv[1])
at = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
application = signup.Application("Delta Works", "delta", "en", signup.Newcomer("dora@delta.example", "Dora", "a hash"))
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "claimed": signup.found = die
with signup.Signup(engine, "main", engine).of(application, at=at, say=str):
    die()
"""


@pytest.mark.parametrize("after", ["claimed", "furnished"])
def test_a_sign_up_that_is_killed_leaves_an_orphan_which_is_found(after: str, database: Database, landlord: Session, signup: Signup) -> None:
    before = states(landlord)
    landlord.rollback()
    killed = subprocess.run([sys.executable, "-c", KILLED, database.app_url, after], check=False, env=os.environ, cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert is_free(landlord, "delta")
    assert states(landlord)["let"] == before["let"] + 1, "a schema that is let to nobody"
    assert release_orphans(landlord, landlord, at=NOW + AGE) == [], "it might still be signing up"
    assert len(release_orphans(landlord, landlord, at=NOW + AGE + dt.timedelta(seconds=1))) == 1
    assert states(landlord) == before | {"vacant": before["vacant"] - 1, "leaving": 1}, "companies that live here were left alone"
    landlord.commit()
    with signup.of(application(), at=NOW, say=str) as lease:
        assert lease.tenant.slug == "delta"


def test_addresses_are_proposed_and_counted_on(landlord: Session) -> None:
    assert free_slug(landlord, "杭州青禾环保设备有限公司") == "qinghe"
    assert free_slug(landlord, "Alpha Co., Ltd.") == "alpha-2"
    assert free_slug(landlord, "公司") not in {"company", ""}
    assert not is_free(landlord, "alpha")
    assert not is_free(landlord, "sign-in")
    assert not is_free(landlord, "Ünique")
    assert is_free(landlord, "gamma")
