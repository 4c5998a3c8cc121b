"""What web processes and workers count, for Prometheus. Names no tenant and nobody; cheap: a look-up and an addition a request.

Processes that share a folder (`METRICS_FOLDER`, set before the first of them starts) are added up by `python -m workers.metrics`; without it each
counts for itself, and nobody asks.
"""

import os
import socket
import time
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram, values

FOLDER = "METRICS_FOLDER"


SLOT = "METRICS_SLOT"  # the place of a process among its kind: whoever takes it next goes on with its counts, so that files do not pile up


def share() -> None:
    """Tells prometheus_client where this machine's processes count. To be called before anything is counted."""
    if folder := os.environ.get(FOLDER):
        mine = Path(folder) / socket.gethostname()
        mine.mkdir(parents=True, exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(mine)
        slot = os.environ.get(SLOT)
        values.ValueClass = values.MultiProcessValue((lambda: slot) if slot else os.getpid)  # type: ignore[no-untyped-call]


share()
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0)  # seconds
REQUESTS = Histogram("zuke_http_request_seconds", "Time that web processes took for an answer.", ("route", "method", "status"), buckets=BUCKETS)
EFFECTS_TRIED = Counter("zuke_effects", "Promised effects (mails and the like) that workers tried.", ("kind", "outcome"))
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    """The route is the endpoint, of which there are as many as we wrote; whatever matches none is one more."""
    if "begun" in g:
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(request.endpoint or "none", method, f"{response.status_code // 100}xx").observe(time.perf_counter() - g.begun)
    return response
