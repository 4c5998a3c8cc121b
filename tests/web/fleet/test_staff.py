"""python -m web.cli operator add and remove."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.operator.models import Operator, OperatorDeed
from tests.world.cast import fixed_id
from tests.world.database import Database
from tests.world.door import SECRET
from web.cli import cli


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    return CliRunner()


def test_a_person_becomes_an_operator_and_is_none_again(run: CliRunner, landlord: Session) -> None:
    assert run.invoke(cli, ["operator", "add", "Bob@alpha.example"]).exit_code == 0
    bob = landlord.get_one(Operator, fixed_id("bob"))
    assert bob.role == "operator"
    assert run.invoke(cli, ["operator", "add", "bob@alpha.example", "--role", "viewer"]).exit_code == 0
    landlord.refresh(bob)
    assert bob.role == "viewer"
    assert "no operator any longer" in run.invoke(cli, ["operator", "remove", "bob@alpha.example"]).output
    assert "was none" in run.invoke(cli, ["operator", "remove", "bob@alpha.example"]).output
    landlord.expire_all()
    assert landlord.scalar(select(Operator).where(Operator.person_id == fixed_id("bob"))) is None
    assert landlord.scalars(select(OperatorDeed.what).order_by(OperatorDeed.id)).all() == ["operator.added", "operator.added", "operator.removed"]


@pytest.mark.parametrize(
    "words", [["add", "nobody@nowhere.example"], ["add", "bob@alpha.example", "--role", "king"], ["remove", "nobody@nowhere.example"]]
)
def test_what_cannot_be_is_told(run: CliRunner, landlord: Session, words: list[str]) -> None:
    answer = run.invoke(cli, ["operator", *words])
    assert answer.exit_code == 1 and answer.output.startswith("Error: ")
