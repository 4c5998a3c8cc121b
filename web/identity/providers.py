"""The identity providers that the settings name. Without any, nobody sees a button."""

from typing import Any

from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app

from web.config import OidcProvider, Settings

TIMEOUT = 5  # seconds for each question to a provider
KEY = "identity_providers"


def connect(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    oauth = OAuth(app)
    for provider in settings.oidc_providers:
        oauth.register(  # type: ignore[no-untyped-call]
            name=provider.name,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
        )
    app.extensions[KEY] = oauth


def providers() -> list[OidcProvider]:
    settings: Settings = current_app.extensions["settings"]
    return settings.oidc_providers


def client_of(name: str) -> Any:
    """Authlib's client for a provider; 404 for one that is not configured."""
    if name not in {provider.name for provider in providers()}:
        abort(404)
    return current_app.extensions[KEY].create_client(name)


def label_of_issuer(issuer: str) -> str:
    """What people call the provider behind an issuer; the issuer itself when it is configured no longer."""
    return next((one.label for one in providers() if one.issuer.rstrip("/") == issuer.rstrip("/")), issuer)
