"""Tells the workers that something is due, after the commit. Only a doorbell: when nobody hears it, the sweeper finds the bell in the database."""

from collections.abc import Sequence

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from web.config import Settings

log = structlog.get_logger()


def init_app(app: Flask, settings: Settings) -> None:
    redis = Redis.from_url(settings.redis_url, socket_timeout=0.25, socket_connect_timeout=0.25, retry=Retry(NoBackoff(), 0))
    app.extensions["doorbell"] = Queue("short", connection=redis, serializer=JSONSerializer)


def tell(tenant_key: str, kinds: Sequence[str]) -> None:
    """`tenant_key` is a tenant's, or "saas"; `kinds` of bells that have rung. Never fails the request."""
    if not kinds:
        return
    queue: Queue = current_app.extensions["doorbell"]
    try:
        queue.enqueue("workers.jobs.doorbell.answer", tenant_key, list(kinds), result_ttl=0)
    except RedisError as error:
        log.warning("doorbell unheard", tenant=tenant_key, error=str(error))
