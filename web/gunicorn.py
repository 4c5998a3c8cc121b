"""gunicorn's settings; the address and the numbers come from the environment."""

import os
import threading
from typing import Any

bind = os.environ.get("ZUKE_BIND", "127.0.0.1:8600")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 75
max_requests = 20_000  # a worker is renewed now and then: memory stays bounded
max_requests_jitter = 2_000
accesslog = None
control_socket_disable = True  # it would lie in the home folder, which the image lacks and two checkouts share
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker has a place of its own, which the next one takes over with its counts (web.metrics)."""
    taken = {getattr(other, "slot", None) for other in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_worker_init(worker: Any) -> None:
    """The dictionary of pinyin takes a second to read: not while the first one who signs up or searches waits for it."""
    threading.Thread(target=_know_pinyin, name="pinyin", daemon=True).start()


def _know_pinyin() -> None:
    from tenants.values.names import pinyin  # in the worker, not in the master

    pinyin("租客")


def post_fork(server: Any, worker: Any) -> None:
    os.environ["METRICS_SLOT"] = f"web-{worker.slot}"
