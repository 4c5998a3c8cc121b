"""The two logins and the database: the one thing that an administrator does before migrations can run.

`python -m migrations.bootstrap` reads three URLs from the environment: ADMIN_DATABASE_URL enters, OWNER_DATABASE_URL and DATABASE_URL say the
passwords that zuke_owner and zuke_app shall have, and the database. Doing it again is harmless, and is how a password is changed.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

OWNER, APP = "zuke_owner", "zuke_app"
# CREATEROLE: the owner makes a role for each tenant. NOINHERIT: the app is nobody until it says which tenant it works for.
RIGHTS = {OWNER: SQL("LOGIN CREATEROLE INHERIT"), APP: SQL("LOGIN NOINHERIT NOCREATEROLE NOCREATEDB")}
ALREADY_THERE = (psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)


class NotAllowed(RuntimeError):
    """The administrator may not do what has to be done, or the URLs do not fit together; the message says which."""


def bootstrap(admin_url: str, *, owner_password: str, app_password: str, database: str) -> None:
    """Make what is missing, and set what is there as it should be. Two at the same time do not disturb each other."""
    try:
        with _administrator(admin_url) as connection:
            # Held until the connection ends: two who change one row of the catalogue at once fail with "tuple concurrently updated".
            connection.execute("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext('zuke bootstrap'))")
            _login(connection, OWNER, owner_password)
            _login(connection, APP, app_password)
            _be_able_to_give_to_owner(connection)
            _make_database(connection, database)
            with _administrator(admin_url, dbname=database) as inside:
                _close_database(inside, database)
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotAllowed(f"the administrator's login may not prepare the database: {error.diag.message_primary}") from error


def _administrator(url: str, **elsewhere: Any) -> Connection:
    return psycopg.connect(url, autocommit=True, connect_timeout=10, **elsewhere)


def _login(connection: Connection, role: str, password: str) -> None:
    # Not CREATE first and look at the error: an administrator who is no superuser may alter only what he made.
    known = connection.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [role]).fetchone()
    if not known:
        try:
            connection.execute(SQL("CREATE ROLE {} {} PASSWORD {}").format(Identifier(role), RIGHTS[role], Literal(password)))
            return
        except ALREADY_THERE:
            pass  # another bootstrap was quicker
    connection.execute(SQL("ALTER ROLE {} {} PASSWORD {}").format(Identifier(role), RIGHTS[role], Literal(password)))


def _be_able_to_give_to_owner(connection: Connection) -> None:
    """Only a member of zuke_owner may make a database that belongs to it; since PostgreSQL 16 its maker is not a member by itself."""
    row = connection.execute(
        "SELECT rolsuper, pg_catalog.pg_has_role(%s, 'MEMBER') FROM pg_catalog.pg_roles WHERE rolname = current_user", [OWNER]
    ).fetchone()
    is_superuser, is_member = row or (False, False)
    if not is_superuser and not (is_member and connection.info.server_version < 160000):
        connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(OWNER)))


def _make_database(connection: Connection, database: str) -> None:
    if connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [database]).fetchone():
        return
    create = SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' {}")
    for locale in _locales(connection):
        try:
            connection.execute(create.format(Identifier(database), Identifier(OWNER), locale))
            return
        except psycopg.errors.WrongObjectType:
            continue  # this machine does not know that locale
        except ALREADY_THERE:
            return  # made meanwhile from another database than ours


def _locales(connection: Connection) -> list[SQL]:
    """Sorted by code point, with letters of every script; where the machine has no such locale, of English only."""
    if connection.info.server_version >= 170000:
        return [SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'")]
    return [SQL("LOCALE 'C.UTF-8'"), SQL("LOCALE 'C'")]


def _close_database(connection: Connection, database: str) -> None:
    """Outside the wall there is no table: nobody but our two logins enters, and an unqualified name finds nothing."""
    name, owner, app = Identifier(database), Identifier(OWNER), Identifier(APP)
    with connection.transaction():
        connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(name, owner))
        connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app))
        connection.execute(SQL("ALTER DATABASE {} SET search_path TO ''").format(name))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


def from_environment(environ: Mapping[str, str]) -> None:
    """Bootstrap as the three URLs say."""
    missing = [name for name in ("ADMIN_DATABASE_URL", "OWNER_DATABASE_URL", "DATABASE_URL") if not environ.get(name)]
    if missing:
        raise NotAllowed(f"{' and '.join(missing)} must be set")
    owner, app = urlsplit(environ["OWNER_DATABASE_URL"]), urlsplit(environ["DATABASE_URL"])
    if (owner.username, app.username, app.path) != (OWNER, APP, owner.path):
        raise NotAllowed(f"OWNER_DATABASE_URL must be of {OWNER}, DATABASE_URL of {APP}, and both of the same database")
    bootstrap(
        environ["ADMIN_DATABASE_URL"],
        owner_password=unquote(owner.password or ""),
        app_password=unquote(app.password or ""),
        database=unquote(app.path).lstrip("/"),
    )


if __name__ == "__main__":
    try:
        from_environment(os.environ)
    except (NotAllowed, psycopg.OperationalError) as reason:
        sys.exit(f"migrations.bootstrap: {reason}")
