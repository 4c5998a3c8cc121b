"""Commands for operators and developers: `python -m web.cli --help`."""

import datetime as dt

import click

from web import words


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


if __name__ == "__main__":
    cli()
