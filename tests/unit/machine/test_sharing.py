"""Databases that several test processes use at once."""

import re
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from sandbox.machine.postgres import Cluster, DatabaseFailed, shared_postgres
from sandbox.machine.valkey import shared_valkey
from tests.unit.machine.running import is_alive, is_gone, running

pytestmark = pytest.mark.enable_socket

USER = """
import time
from pathlib import Path
from sandbox.machine.postgres import shared_postgres
with shared_postgres(Path({place!r})) as cluster:
    print("inside", cluster.pid(), cluster.admin_url(), flush=True)
    time.sleep({seconds})
"""


def user(place: Path, seconds: float) -> str:
    return USER.format(place=str(place), seconds=seconds)


def test_the_first_starts_it_and_the_last_stops_it(tmp_path: Path) -> None:
    with shared_postgres(tmp_path) as mine:
        pid = mine.pid() or 0
        with running(user(tmp_path, 0), tmp_path) as other:
            assert int(other.wait_for(r"inside (\d+)")[1]) == pid
            other.process.wait(20)
        assert is_alive(pid)
    assert is_gone(pid)


def test_it_stays_while_somebody_is_inside(tmp_path: Path) -> None:
    with running(user(tmp_path, 60), tmp_path) as other:
        pid = int(other.wait_for(r"inside (\d+)")[1])
        with shared_postgres(tmp_path) as mine:
            assert mine.pid() == pid
        assert is_alive(pid)
        other.end(signal.SIGINT)  # a signal that lets it clear up behind itself
    assert is_gone(pid)


def test_a_killed_user_does_not_keep_it_for_ever(tmp_path: Path) -> None:
    with running(user(tmp_path, 60), tmp_path) as other:
        pid = int(other.wait_for(r"inside (\d+)")[1])
        with shared_postgres(tmp_path) as mine:
            assert mine.pid() == pid
            sockets = Path(re.search(r"host=(\S+)", other.said())[1])  # type: ignore[index]
            other.end(signal.SIGKILL)
        assert is_gone(pid)
        assert not sockets.exists()


def test_what_a_killed_run_left_is_gone_at_the_next(tmp_path: Path) -> None:
    with running(user(tmp_path, 60), tmp_path) as other:
        url = other.wait_for(r"inside \d+ (\S+)")[1]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE left_over")
        other.end(signal.SIGKILL)

    with shared_postgres(tmp_path) as mine, psycopg.connect(mine.admin_url()) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate").fetchall()
    assert names == [("postgres",)]


def test_it_has_no_port_and_its_socket_is_short_and_closed(tmp_path: Path) -> None:
    deep = tmp_path / ("a long name " * 8)
    with shared_postgres(deep) as mine, psycopg.connect(mine.admin_url()) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses'), current_setting('max_connections')").fetchone()
        assert row == ("", "300")
        assert len(str(mine.sockets)) < 60
        assert mine.sockets.stat().st_mode & 0o077 == 0


def test_new_databases_sort_by_code_point_and_know_letters(tmp_path: Path) -> None:
    with shared_postgres(tmp_path) as mine, psycopg.connect(mine.admin_url()) as connection:
        row = connection.execute("SELECT 'Z' < 'a', lower('ÄÉ'), '中' ~ '[[:alpha:]]'").fetchone()
    assert row == (True, "äé", True)


def test_a_cluster_of_which_initdb_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "data"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    cluster = Cluster(half)
    cluster.make()
    assert (half / "global" / "pg_control").exists()


def test_valkey_is_shared_too_and_forgets(tmp_path: Path) -> None:
    with shared_valkey(tmp_path) as mine:
        with redis.Redis.from_url(mine.url(200)) as store:
            store.set("left", "over")
        with shared_valkey(tmp_path) as same:
            assert same.url(200) == mine.url(200)
    assert mine.pid() is None

    with shared_valkey(tmp_path) as fresh, redis.Redis.from_url(fresh.url(200)) as store:
        assert store.get("left") is None


def test_valkey_wants_its_password(tmp_path: Path) -> None:
    with shared_valkey(tmp_path) as mine, redis.Redis(port=int(mine.url().rpartition(":")[2].split("/")[0])) as stranger:
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_data_of_another_user_get_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(tmp_path / "data")
    cluster.make()
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(DatabaseFailed, match=r"data was made by \w+\. Start as"):
        cluster.make()
