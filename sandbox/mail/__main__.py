"""`python -m sandbox.mail`: take mail on one loopback port, show it on another."""

import os
import signal
import sys
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.mail.box import Box
from sandbox.mail.page import make_app

HERE = "127.0.0.1"
LARGEST = 25_000_000  # bytes of one mail


class Taker:
    """What aiosmtpd calls for each mail."""

    def __init__(self, box: Box) -> None:
        self.box = box

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.box.put(raw, list(envelope.rcpt_tos))
        subject = message_from_bytes(raw, policy=policy.default)["Subject"]
        print(f"to {', '.join(envelope.rcpt_tos)}: {subject or ''}", flush=True)
        return "250 kept"


class Quiet(WSGIRequestHandler):
    """Who reads the inbox is no news."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main() -> None:
    if os.environ.get("ZUKE_ENV") == "production":
        sys.exit("sandbox.mail: this stand-in throws mails away, so it does not start in production. Set SMTP_URL to a real server.")
    box = Box(Path(os.environ.get("ZUKE_VAR") or "var").absolute() / "mail")
    smtp = Controller(Taker(box), hostname=HERE, port=int(os.environ.get("ZUKE_SMTP_PORT") or 8602), data_size_limit=LARGEST, enable_SMTPUTF8=True)
    page = make_server(HERE, int(os.environ.get("ZUKE_MAIL_PORT") or 8601), make_app(box), threaded=True, request_handler=Quiet)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    smtp.start()
    print(f"Takes mail on {HERE}:{smtp.port}, shows it on http://{HERE}:{page.port}", flush=True)
    try:
        page.serve_forever()
    finally:
        smtp.stop()


if __name__ == "__main__":
    main()
