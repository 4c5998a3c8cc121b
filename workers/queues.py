"""Two queues: "short" for what takes milliseconds a tenant, on workers that do not fork; "heavy" for what may take minutes, on ones that do."""

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from web.config import Settings

SHORT, HEAVY = "short", "heavy"
JOB_SECONDS = {SHORT: 180, HEAVY: 900}
KEEP_FAILED = 24 * 3600  # seconds


def connect(settings: Settings) -> Redis:
    """For workers and the sweeper: patient, for they have nothing else to do."""
    patience = Retry(ExponentialBackoff(cap=1.0, base=0.05), 3)
    return Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=3,
        socket_timeout=10,
        retry=patience,
        retry_on_error=[ConnectionError, TimeoutError],
        health_check_interval=15,
    )


def queue(name: str, connection: Redis) -> Queue:
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=JOB_SECONDS[name])
