"""An identity provider for tests: discovery, authorization, token and keys over real HTTP, with PKCE and signed tokens; a liar when asked."""

import base64
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "zuke", "the client's secret"


@cache
def made_key() -> RSAKey:
    """Made once: it takes a while."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@dataclass
class Issuer:
    """`claims` are the person's, `lies` replace claims of the token, `answer` changes the parameters of the callback (None drops one)."""

    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "1001", "name": "Dora", "email": "dora@delta.example", "email_verified": True})
    lies: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str | None] = field(default_factory=dict)
    promises_iss: bool = True
    key: RSAKey = field(default_factory=made_key)
    signs_with: RSAKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    server: BaseWSGIServer | None = None

    def start(self) -> None:
        self.server = make_server("127.0.0.1", 0, Request.application(self.answered), threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True, name="issuer").start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.port}"

    def answered(self, request: Request) -> Response:
        room = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": lambda _: _json({"keys": [self.key.as_dict(private=False)]}),
            "/authorize": self._authorize,
            "/token": self._token,
        }[request.path]
        return room(request)

    def _discovery(self, _: Request) -> Response:
        return _json(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "authorization_response_iss_parameter_supported": self.promises_iss,
            }
        )

    def _authorize(self, request: Request) -> Response:
        """Everybody agrees at once."""
        asked = dict(request.args)
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        said: dict[str, str | None] = {"code": code, "state": asked["state"], "iss": self.url if self.promises_iss else None} | self.answer
        from urllib.parse import urlencode

        return redirect(f"{asked['redirect_uri']}?{urlencode({key: value for key, value in said.items() if value is not None})}")

    def _token(self, request: Request) -> Response:
        asked = self.codes.pop(request.form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        is_client = request.authorization is not None and (request.authorization.username, request.authorization.password) == (CLIENT, SECRET)
        if asked is None or not is_client or asked["code_challenge_method"] != "S256" or asked["code_challenge"] != proof:
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]} | self.claims | self.lies
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, {k: v for k, v in claims.items() if v is not None}, self.signs_with or self.key)
        return _json({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": signed})


def _json(content: Any, status: int = 200) -> Response:
    import json

    return Response(json.dumps(content), status, content_type="application/json")
