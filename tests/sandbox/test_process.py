"""The stand-in as a process of its own: it keeps everything, is killed without loss, and refuses production."""

import os
import signal
from pathlib import Path

import pytest
import stripe

from sandbox.machine.ports import free_port
from sandbox.stripe.settings import KEY
from tests.unit.machine.running import running

START = "import runpy; runpy.run_module('sandbox.stripe', run_name='__main__')"


def client(port: int) -> stripe.StripeClient:
    return stripe.StripeClient(KEY, base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0)


@pytest.mark.usefixtures("loopback")
def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    port = free_port()
    environ = {"ZUKE_VAR": str(tmp_path), "ZUKE_STRIPE_PORT": str(port), "ZUKE_ENV": "development"}
    environ |= {"STRIPE_SANDBOX_ENDPOINT": "http://127.0.0.1:9/webhooks/stripe", "STRIPE_WEBHOOK_SECRETS": "whsec_one,whsec_two"}
    with running(START, tmp_path, **environ) as stand_in:
        stand_in.wait_for("Plays Stripe on")
        made = client(port).v1.customers.create({"name": "杭州青禾"}, {"idempotency_key": "once"})
        os.kill(stand_in.process.pid, signal.SIGKILL)
        stand_in.process.wait(10)
    with running(START, tmp_path, **environ) as stand_in:
        stand_in.wait_for("Plays Stripe on")
        again = client(port).v1.customers.create({"name": "杭州青禾"}, {"idempotency_key": "once"})
        endpoints = client(port).v1.webhook_endpoints.list().data
        assert stand_in.end() == 0
    assert again.id == made.id
    assert [one.url for one in endpoints] == ["http://127.0.0.1:9/webhooks/stripe"]


def test_it_refuses_production(tmp_path: Path) -> None:
    with running(START, tmp_path, ZUKE_ENV="production") as stand_in:
        assert stand_in.process.wait(20) == 1
    assert "does not start in production" in stand_in.said()
