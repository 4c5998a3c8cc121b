"""Static files under an address that changes with their content, so that browsers may keep them for ever.

The whole folder shares one stamp: style sheets and script modules name each other by relative addresses, and so need no rewriting.
"""

import gzip
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

ROOT = Path(__file__).parents[1] / "static"
FOREVER = "public, max-age=31536000, immutable"
# One a minute at most while pages of two releases are about: an old page may ask a new server for its files.
BRIEFLY = "public, max-age=60"
TEXT = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt", ".md"}


@cache
def files() -> dict[str, Path]:
    """Every static file by its relative path. What is not in here is not served, whatever the address says."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*")) if path.is_file()}


@cache
def stamp() -> str:
    """Ten hex digits that stand for the content of every static file; reckoned once a process."""
    total = sha256()
    for name, path in files().items():
        total.update(name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:10]


@cache
def asset(path: str) -> str:
    """The address of a static file, the same for every tenant: asset("css/app.css") -> "/static/v-3f…/css/app.css"."""
    if path not in files():
        raise FileNotFoundError(f"web/static/{path}")
    return f"/static/v-{stamp()}/{path}"


@cache
def packed(name: str) -> bytes:
    return gzip.compress(files()[name].read_bytes(), 6, mtime=0)


def send_asset(version: str, name: str) -> AnyResponse:
    path = files().get(name) or abort(404)
    packs = path.suffix in TEXT and request.accept_encodings.quality("gzip") > 0
    answer = Response(packed(name) if packs else path.read_bytes(), mimetype=guess_type(name)[0] or "application/octet-stream")
    answer.headers["Cache-Control"] = FOREVER if version == stamp() else BRIEFLY
    answer.vary.add("Accept-Encoding")
    if packs:
        answer.content_encoding = "gzip"
    answer.set_etag(f"{stamp()}-{'gzip' if packs else 'plain'}")
    return answer.make_conditional(request)


def init_app(app: Flask) -> None:
    app.add_url_rule("/static/v-<version>/<path:name>", "asset", send_asset)
    app.jinja_env.globals["asset"] = asset
