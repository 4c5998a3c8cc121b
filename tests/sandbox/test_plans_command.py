"""`stripe-plans`: shows the difference, does it when asked, and then has nothing to do."""

import pytest
from click.testing import CliRunner

from tests.world.stripe import KEY, Stripe
from web.cli import cli


@pytest.fixture
def told(stripe_sandbox: Stripe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
    monkeypatch.setenv("STRIPE_API_BASE", stripe_sandbox.sandbox.address)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["stripe-plans", *arguments], catch_exceptions=False)
    return result.output


@pytest.mark.usefixtures("told")
def test_the_difference_comes_first(stripe_sandbox: Stripe) -> None:
    shown = run()
    assert "standard: no price -> 29.00 CNY a seat and month" in shown
    assert "Nothing was changed" in shown
    assert stripe_sandbox.v1.products.list().data == []

    assert "professional: no product -> Zuke Professional" in run("--apply")
    assert len(stripe_sandbox.v1.prices.list().data) == 2
    assert run() == "Stripe sells what the catalogue says.\n"


def test_without_a_key_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "")
    result = CliRunner().invoke(cli, ["stripe-plans"])
    assert result.exit_code == 1
    assert "STRIPE_SECRET_KEY is not set" in str(result.exception)
