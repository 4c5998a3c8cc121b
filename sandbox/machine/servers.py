"""Servers that somebody else runs: are they there, and new enough?"""

from urllib.parse import urlsplit

import psycopg
import redis

from sandbox.machine.bare import Refused

OLDEST_POSTGRES = 15
OLDEST_REDIS = 7


def require_postgres(admin_url: str) -> None:
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except (psycopg.Error, ValueError) as error:
        raise Refused(f"the PostgreSQL of DATABASE_URL ({place(admin_url)}) does not let us in: {_line(error)}") from None
    if version < OLDEST_POSTGRES:
        raise Refused(f"the PostgreSQL of DATABASE_URL is version {version}; Zuke needs {OLDEST_POSTGRES} or newer.")


def require_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10) as store:
            version = str(store.info("server")["redis_version"])
    except (redis.RedisError, OSError, ValueError) as error:
        raise Refused(f"the Redis of REDIS_URL ({place(url)}) does not let us in: {_line(error)}") from None
    if int(version.partition(".")[0]) < OLDEST_REDIS:
        raise Refused(f"the Redis of REDIS_URL is version {version}; Zuke needs Redis {OLDEST_REDIS} or newer, or Valkey.")


def place(url: str) -> str:
    """Host and port of a URL: what may be shown, without the password."""
    return urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
