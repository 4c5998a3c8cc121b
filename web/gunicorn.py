"""gunicorn's settings; the address and the numbers come from the environment."""

import os

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
