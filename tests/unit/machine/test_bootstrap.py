"""What an administrator does once: two logins and a database with nothing open in it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from migrations.bootstrap import NotAllowed, bootstrap, from_environment
from sandbox.machine.postgres import Cluster, shared_postgres


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with shared_postgres(tmp_path_factory.mktemp("bootstrap")) as cluster:
        yield cluster


def prepare(cluster: Cluster, database: str = "zuke") -> None:
    bootstrap(cluster.admin_url(), owner_password="it's secret", app_password="hush", database=database)


def as_(cluster: Cluster, user: str, database: str = "zuke") -> psycopg.Connection:
    return psycopg.connect(cluster.url(user, None, database), autocommit=True)


def test_doing_it_again_changes_nothing(cluster: Cluster) -> None:
    prepare(cluster)
    with as_(cluster, "zuke_owner") as owner:
        owner.execute("CREATE SCHEMA kept")
    prepare(cluster)
    with as_(cluster, "zuke_owner") as owner:
        assert owner.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'kept'").fetchone()
        owner.execute("DROP SCHEMA kept")


def test_the_owner_makes_schemas_and_roles_and_gives_them_to_the_app(cluster: Cluster) -> None:
    prepare(cluster)
    with as_(cluster, "zuke_owner") as owner, as_(cluster, "zuke_app") as app:
        owner.execute("CREATE SCHEMA t_a; CREATE TABLE t_a.customers (id int); CREATE ROLE t_a; GRANT t_a TO zuke_app")
        owner.execute("GRANT USAGE ON SCHEMA t_a TO t_a; GRANT SELECT ON t_a.customers TO t_a")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM t_a.customers")
        app.execute("SET ROLE t_a")
        assert app.execute("SELECT * FROM t_a.customers").fetchall() == []


@pytest.mark.parametrize(
    "deed", ["CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine (id int)", "CREATE TABLE public.mine (id int)", "CREATE ROLE mine"]
)
def test_the_app_makes_nothing(cluster: Cluster, deed: str) -> None:
    prepare(cluster)
    with as_(cluster, "zuke_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(deed)


def test_nobody_else_comes_in_and_no_name_is_found_without_its_schema(cluster: Cluster) -> None:
    prepare(cluster)
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        as_(cluster, "stranger")
    with as_(cluster, "zuke_app") as app:
        assert app.execute("SELECT current_setting('search_path'), current_schemas(false)").fetchone() == ('""', [])


def test_two_at_once_do_not_disturb_each_other(cluster: Cluster) -> None:
    troubles: list[Exception] = []

    def one() -> None:
        try:
            prepare(cluster, "at_once")
        except Exception as trouble:
            troubles.append(trouble)

    both = [threading.Thread(target=one) for _ in range(4)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert troubles == []


def test_an_administrator_who_is_no_superuser_will_do(tmp_path: Path) -> None:
    with shared_postgres(tmp_path) as cluster:
        with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
            admin.execute("CREATE ROLE boss LOGIN CREATEROLE CREATEDB")
        for _ in range(2):
            bootstrap(cluster.url("boss", None, "postgres"), owner_password="o", app_password="a", database="zuke")
        with as_(cluster, "zuke_owner") as owner:
            owner.execute("CREATE SCHEMA saas")


def test_one_who_may_not_is_told(tmp_path: Path) -> None:
    with shared_postgres(tmp_path) as cluster:
        with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
            admin.execute("CREATE ROLE nobody_special LOGIN")
        with pytest.raises(NotAllowed, match="may not prepare the database: permission denied to create role"):
            bootstrap(cluster.url("nobody_special", None, "postgres"), owner_password="o", app_password="a", database="zuke")


def test_the_urls_say_the_passwords_and_the_database(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "data", password="super secret")
    cluster.make()
    cluster.start_detached(tmp_path / "log")
    try:
        owner, app = cluster.url("zuke_owner", "o%o/o", "zuke"), cluster.url("zuke_app", "a@a", "zuke")
        from_environment({"ADMIN_DATABASE_URL": cluster.admin_url(), "OWNER_DATABASE_URL": owner, "DATABASE_URL": app})
        for url in (owner, app):
            psycopg.connect(url).close()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(cluster.url("zuke_app", "wrong", "zuke"))
    finally:
        cluster.stop()


def test_urls_that_do_not_fit_are_told() -> None:
    url = "postgresql://{}:x@localhost/{}"
    good = {"ADMIN_DATABASE_URL": "a", "OWNER_DATABASE_URL": url.format("zuke_owner", "zuke"), "DATABASE_URL": url.format("zuke_app", "zuke")}
    with pytest.raises(NotAllowed, match="DATABASE_URL must be set"):
        from_environment(good | {"DATABASE_URL": ""})
    with pytest.raises(NotAllowed, match="of the same database"):
        from_environment(good | {"DATABASE_URL": url.format("zuke_app", "other")})
    with pytest.raises(NotAllowed, match="must be of zuke_owner"):
        from_environment(good | {"OWNER_DATABASE_URL": good["DATABASE_URL"]})
