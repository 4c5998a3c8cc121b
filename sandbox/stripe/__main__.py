"""`python -m sandbox.stripe`: the stand-in on one loopback port."""

import os
import signal
import sys
import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.stripe import settings
from sandbox.stripe.app import Sandbox, make_app
from sandbox.stripe.postman import Postman
from sandbox.stripe.store import Store

HERE = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Who asks is no news."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main() -> None:
    if os.environ.get("ZUKE_ENV") == "production":
        sys.exit("sandbox.stripe: this stand-in moves no money, so it does not start in production. Set STRIPE_SECRET_KEY to a real key.")
    port = int(os.environ.get("ZUKE_STRIPE_PORT") or 8604)
    folder = Path(os.environ.get("ZUKE_VAR") or "var").absolute() / "stripe"
    sandbox = Sandbox(Store(folder / "sandbox.sqlite"), f"http://{HERE}:{port}", os.environ.get("STRIPE_SECRET_KEY") or settings.KEY)
    settings.register_endpoint(sandbox, os.environ.get("STRIPE_SANDBOX_ENDPOINT", ""), os.environ.get("STRIPE_WEBHOOK_SECRETS", ""))
    server = make_server(HERE, port, make_app(sandbox), threaded=True, request_handler=Quiet)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    postman = threading.Thread(target=Postman(sandbox).work, args=(stop,), daemon=True)
    postman.start()
    print(f"Plays Stripe on http://{HERE}:{server.port}", flush=True)
    try:
        server.serve_forever()
    finally:
        stop.set()
        postman.join(2)


if __name__ == "__main__":
    main()
