"""Every setting, from the environment. The README's table lists them; an unknown or missing one stops the start with a sentence."""

from email.utils import parseaddr
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class OidcProvider(BaseModel):
    """One identity provider: `issuer` is the base of its discovery document."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str


class StripeSettings(BaseSettings):
    """How rent is paid; a command that speaks to Stripe needs no more than these."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    stripe_secret_key: str | None = Field(default=None, description="Without it nothing can be rented")
    stripe_webhook_secrets: Annotated[list[str], NoDecode] = Field(default_factory=list, description="Commas between; two while one is rolled")
    stripe_api_base: str | None = Field(default=None, description="The sandbox's address; Stripe's own without it")

    @field_validator("stripe_webhook_secrets", mode="before")
    @classmethod
    def _apart(cls, said: object) -> object:
        return [one.strip() for one in said.split(",") if one.strip()] if isinstance(said, str) else said


class Settings(StripeSettings):
    model_config = SettingsConfigDict(extra="ignore")

    zuke_env: Literal["development", "test", "production"] = "production"
    database_url: str = Field(description="The landlord's database and the first cell; login of zuke_app")
    owner_database_url: str | None = Field(default=None, description="The same database as zuke_owner: migrations, and making vacant schemas")
    cells: dict[str, str] = Field(default_factory=dict, description='More databases that tenants live in, as JSON: {"name": "url"}')
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret_key: str = Field(min_length=32)
    public_url: str = "http://127.0.0.1:8600"
    smtp_url: str = "smtp://127.0.0.1:25"
    mail_from: str = "Zuke 租客 <no-reply@localhost>"
    operator_name: str | None = Field(default=None, description="The firm that runs this installation, as it stands in terms and privacy notice")
    operator_mail: str | None = Field(default=None, description="Where people write to the operator; the address of MAIL_FROM without it")
    mail_inbox_url: str | None = Field(default=None, description="Development: the page that shows all sent mail")
    bot_sandbox_url: str | None = Field(default=None, description="Development: what stands in for the bots of WeCom, DingTalk and Feishu")
    oidc_providers: list[OidcProvider] = Field(default_factory=list, description="JSON list of {name, label, issuer, client_id, client_secret}")
    trusted_proxies: int = Field(default=0, ge=0, description="How many proxies in front set X-Forwarded-*")
    metrics_bind: str | None = Field(
        default=None, description="Where workers.metrics answers Prometheus, as 127.0.0.1:9600; nobody answers without it"
    )
    metrics_folder: str | None = Field(default=None, description="A folder in which web processes and workers leave their counts for it")
    pool_size: int = Field(default=8, ge=1, description="Database connections that a process keeps")

    @model_validator(mode="after")
    def _no_sandbox_in_production(self) -> Self:
        """It is an address on this machine that members of a firm could have asked."""
        if self.bot_sandbox_url and self.zuke_env == "production":
            raise ValueError("BOT_SANDBOX_URL is for development only")
        return self

    @property
    def contact(self) -> str:
        """Where people write to the operator."""
        return self.operator_mail or parseaddr(self.mail_from)[1]

    @property
    def is_development(self) -> bool:
        return self.zuke_env == "development"

    @property
    def uses_https(self) -> bool:
        return self.public_url.startswith("https://")
