"""Asks an address that somebody chose, without being led astray: the host is one of a few, resolved once, and only its checked address is spoken to.

No redirects, no proxies from the environment, five seconds in all, 64 KB of answer at most.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tenants.values.words import N_

PATIENCE = 5.0  # seconds, for everything together
LARGEST = 64 * 1024  # bytes of an answer
CHUNK = 4096

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What counts as global for Python, or did once, and still leads inside: carriers' and clouds' own networks, IPv4 dressed up as IPv6, tunnels.
INSIDE = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("100.64.0.0/10", "100.100.100.200/32", "192.0.0.0/24", "64:ff9b::/96", "64:ff9b:1::/48"),
        *("2002::/16", "2001::/32", "::ffff:0:0/96", "fec0::/10"),
    )
)


class Unreachable(Exception):
    """There was no answer that could be understood, or we do not ask there. Says why, by a message id."""


def is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in net for net in INSIDE if net.version == address.version)


def post_json(url: str, body: Mapping[str, Any], *, sandbox: str | None = None) -> dict[str, Any]:
    """The JSON object that `url` answers with status 200. `sandbox`: a base address on this machine that may be asked too. Raises `Unreachable`."""
    parts, ends_at = urlsplit(url), time.monotonic() + PATIENCE
    try:
        with _connect(_where(parts, sandbox)) as raw:
            with _dressed(raw, parts) as line:
                connection = http.client.HTTPConnection(parts.hostname or "")
                connection.sock = line
                target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
                headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Zuke", "Connection": "close", "Host": parts.netloc}
                connection.request("POST", target, json.dumps(body, ensure_ascii=False).encode(), headers)
                return _read(connection.getresponse(), line, ends_at)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(_why(error)) from error


def _why(error: Exception) -> str:
    """For who looks after the bot: what the machine says is in English, and rarely of use."""
    if isinstance(error, socket.gaierror):
        return N_("the address cannot be found")
    if isinstance(error, TimeoutError):
        return N_("there was no answer in time")
    if isinstance(error, ssl.SSLError):
        return N_("its certificate is not valid")
    return N_("no connection could be made") if isinstance(error, OSError) else N_("the answer cannot be understood")


def _where(parts: SplitResult, sandbox: str | None) -> tuple[str, int]:
    """An address that has been looked at. A name that means several must mean nothing private at all."""
    if parts.username is not None or parts.hostname is None:
        raise Unreachable(N_("this is no address of a bot"))
    if is_sandbox(parts, sandbox):
        return parts.hostname, parts.port or 80
    if parts.scheme != "https":
        raise Unreachable(N_("only https is spoken"))
    addresses = [ipaddress.ip_address(answer) for answer in _resolve(parts.hostname)]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Unreachable(N_("the name leads to an address that is not public"))
    return str(addresses[0]), parts.port or 443


def _resolve(name: str) -> list[str]:
    return [str(place[0]) for *_, place in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


def _connect(where: tuple[str, int]) -> socket.socket:
    return socket.create_connection(where, timeout=PATIENCE)


def is_sandbox(parts: SplitResult, sandbox: str | None) -> bool:
    base = urlsplit(sandbox or "")
    return sandbox is not None and (parts.scheme, parts.netloc) == (base.scheme, base.netloc)


def _dressed(raw: socket.socket, parts: SplitResult) -> socket.socket:
    """The certificate must be the name's, whichever address it has."""
    if parts.scheme != "https":
        return raw
    return ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)


def _read(answer: http.client.HTTPResponse, line: socket.socket, ends_at: float) -> dict[str, Any]:
    content = b""
    while chunk := answer.read1(CHUNK):
        content += chunk
        left = ends_at - time.monotonic()
        if len(content) > LARGEST or left <= 0:
            raise Unreachable(N_("the answer is too long") if left > 0 else N_("there was no answer in time"))
        line.settimeout(left)
    if answer.status != http.client.OK:
        raise Unreachable(f"status {answer.status}")
    said = json.loads(content)
    if not isinstance(said, dict):
        raise Unreachable(N_("the answer is no object"))
    return said
