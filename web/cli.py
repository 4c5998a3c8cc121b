"""Commands for operators and developers: `python -m web.cli --help`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from saas.operator import staff
from tenants.values.words import Refusal
from tenants.wall.engine import make_engine
from tenants.wall.session import landlord_plane, open_session
from web import words
from web.config import Settings


@click.group()
def cli() -> None:
    """Zuke's commands."""


@cli.command("words")
@click.option("--check", is_flag=True, help="Only say whether the catalogues are complete; change nothing.")
@click.option("--fill", type=click.Path(exists=True, file_okay=False), help="A folder of JSON files with translations to take in.")
def words_command(*, check: bool, fill: str | None) -> None:
    """Brings the catalogues in line with the code, and compiles them."""
    missing = words.check() if check else words.update(fill)
    for message in missing:
        click.echo(message)
    if missing and check:
        raise SystemExit(f"{len(missing)} messages have no translation")


@cli.command("stripe-plans")
@click.option("--apply", is_flag=True, help="Do it; without it only the difference is shown.")
def stripe_plans_command(*, apply: bool) -> None:
    """Brings Stripe's products and prices in line with the plan catalogue, showing the difference first."""
    from saas.billing.gateway import Gateway
    from saas.billing.offers import steps
    from saas.plans.catalogue import rentable
    from web.config import StripeSettings

    settings = StripeSettings()
    if not settings.stripe_secret_key:
        raise SystemExit("STRIPE_SECRET_KEY is not set; README.md says what it is.")
    gateway = Gateway(settings.stripe_secret_key, base=settings.stripe_api_base)
    for step in (found := steps(rentable(), gateway.offers())):
        click.echo(step.what)
        if apply:
            step.do(gateway)
    click.echo("Stripe sells what the catalogue says." if apply or not found else "Nothing was changed. --apply does it.")


@cli.command("demo")
def demo_command() -> None:
    """Furnishes the demo companies, if they are not there yet, and tells how to sign in."""
    from web.app import create_app
    from web.demo import furnish_demo

    app = create_app()
    if app.extensions["settings"].zuke_env == "production":
        raise SystemExit("The demo companies have a known password; they are for development only.")
    with app.app_context():
        for one in furnish_demo(dt.datetime.now(dt.UTC)):
            click.echo(f"{one.company}  /{one.slug}/  {one.name} ({one.post})  {one.mail}  {one.password}")


@cli.group("operator")
def operator_group() -> None:
    """Who of our own staff may look after the whole fleet."""


@operator_group.command("add")
@click.argument("mail")
@click.option("--role", default="operator", show_default=True, help="operator: may look and act; viewer: may look.")
def operator_add(mail: str, role: str) -> None:
    """Makes the person with this mail address an operator."""
    with _landlord() as session:
        staff.add(session, mail, role, by=None, at=dt.datetime.now(dt.UTC))
    click.echo(f"{mail} is {role} now: /operator/")


@operator_group.command("remove")
@click.argument("mail")
def operator_remove(mail: str) -> None:
    """Takes it back."""
    with _landlord() as session:
        was_there = staff.remove(session, mail, by=None, at=dt.datetime.now(dt.UTC))
    click.echo(f"{mail} is no operator any longer." if was_there else f"{mail} was none.")


@contextmanager
def _landlord() -> Iterator[Session]:
    """A unit of work of the landlord's; a refusal is told."""
    settings = Settings()  # type: ignore[call-arg]  # read from the environment
    engine = make_engine(settings.database_url)
    try:
        with open_session(engine, landlord_plane()) as session:
            yield session
            session.commit()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        engine.dispose()


if __name__ == "__main__":
    cli()
