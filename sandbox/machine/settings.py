"""What `bin/up` tells the processes that it starts, by their environment, and the secrets it made up for this checkout."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from sandbox.machine.bare import Refused
from sandbox.machine.ports import is_free

KINDS = ("secret_key", "superuser_password", "owner_password", "app_password", "stripe_webhook_secret")
DATABASE = "zuke"


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports; those of the stand-ins follow the first unless they are named."""

    web: int
    mail: int
    smtp: int
    metrics: int
    stripe: int | None
    """None when the real Stripe is used."""

    @classmethod
    def chosen(cls, environ: Mapping[str, str]) -> "Ports":
        web = _port(environ, "ZUKE_PORT", 8600)
        return cls(
            web,
            _port(environ, "ZUKE_MAIL_PORT", web + 1),
            _port(environ, "ZUKE_SMTP_PORT", web + 2),
            _port(environ, "ZUKE_METRICS_PORT", web + 3),
            _stripe(environ, web + 4),
        )

    def require_free(self) -> None:
        for port, name, what in (
            (self.web, "ZUKE_PORT", "Zuke"),
            (self.mail, "ZUKE_MAIL_PORT", "the mail inbox"),
            (self.smtp, "ZUKE_SMTP_PORT", "incoming mail"),
            (self.metrics, "ZUKE_METRICS_PORT", "metrics"),
            (self.stripe, "ZUKE_STRIPE_PORT", "the Stripe sandbox"),
        ):
            if port is not None and not is_free(port):
                raise Refused(f"port {port} for {what} is in use. Stop who uses it, or choose another one: {name}={port + 100} bin/up")


def _stripe(environ: Mapping[str, str], otherwise: int) -> int | None:
    return None if environ.get("STRIPE_SECRET_KEY") else _port(environ, "ZUKE_STRIPE_PORT", otherwise)


def _port(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    said = environ.get(name) or str(otherwise)
    if not said.isdecimal() or not 0 < int(said) < 65536:
        raise Refused(f"{name} is {said!r}, which is not a port between 1 and 65535.")
    return int(said)


def kept_secrets(file: Path) -> dict[str, str]:
    """Made once, readable by nobody else, the same at every start."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = {kind: secrets.token_hex(32) for kind in KINDS if kind not in known}
    if missing:
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(known | missing, out, indent=2)
        fresh.rename(file)
    return known | missing


def as_login(admin_url: str, user: str, password: str, database: str) -> str:
    """The administrator's URL with another login and database, everything else kept."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}", path=f"/{quote(database, safe='')}"))


def database_of(admin_url: str) -> str:
    """The database that an administrator's URL means; `postgres` is where administrators enter, not where data live."""
    named = unquote(urlsplit(admin_url).path).lstrip("/")
    return DATABASE if named in {"", "postgres", "template1", "defaultdb"} else named


def settings(environ: Mapping[str, str], ports: Ports, kept: Mapping[str, str], *, admin_url: str, redis_url: str, metrics: str) -> dict[str, str]:
    """The environment of web, workers, sweeper, migrations and the mail stand-in."""
    database = database_of(admin_url)
    ours = {
        "DATABASE_URL": as_login(admin_url, "zuke_app", kept["app_password"], database),
        "OWNER_DATABASE_URL": as_login(admin_url, "zuke_owner", kept["owner_password"], database),
        "REDIS_URL": redis_url,
        "SECRET_KEY": kept["secret_key"],
        "ZUKE_ENV": "development",
        "ZUKE_BIND": f"127.0.0.1:{ports.web}",
        "ZUKE_MAIL_PORT": str(ports.mail),
        "ZUKE_SMTP_PORT": str(ports.smtp),
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "METRICS_BIND": f"127.0.0.1:{ports.metrics}",
        "METRICS_FOLDER": metrics,
        "MAIL_INBOX_URL": f"http://127.0.0.1:{ports.mail}",
        "BOT_SANDBOX_URL": f"http://127.0.0.1:{ports.mail}",
        "PUBLIC_URL": environ.get("PUBLIC_URL") or f"http://127.0.0.1:{ports.web}",
        "MAIL_FROM": environ.get("MAIL_FROM") or "Zuke 租客 <zuke@example.com>",
        "PYTHONUNBUFFERED": "1",
    }
    return {**environ, **ours, **_sandbox(ports, kept)}


def _sandbox(ports: Ports, kept: Mapping[str, str]) -> dict[str, str]:
    """Where Zuke finds the stand-in for Stripe, and the stand-in finds Zuke."""
    if ports.stripe is None:
        return {}
    return {
        "ZUKE_STRIPE_PORT": str(ports.stripe),
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.stripe}",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRETS": f"whsec_{kept['stripe_webhook_secret']}",
        "STRIPE_SANDBOX_ENDPOINT": f"http://127.0.0.1:{ports.web}/webhooks/stripe",
    }
