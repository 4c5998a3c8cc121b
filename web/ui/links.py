"""Addresses that depend on where one is."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for


def here_with(**changes: Any) -> str:
    """This page with some of its query changed; None takes a parameter away. A list view's whole state is in its address."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    for key, value in changes.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        kept += [(key, str(one)) for one in values if one is not None and one != ""]
    return request.path + ("?" + urlencode(kept) if kept else "")


def here_without(key: str, value: str) -> str:
    """This page with one value of a repeated parameter taken away, and back on its first page."""
    kept = [pair for pair in request.args.items(multi=True) if pair != (key, value) and pair[0] != "cursor"]
    return request.path + ("?" + urlencode(kept) if kept else "")


def way(endpoint: str, **values: Any) -> str | None:
    """The address of a view, or None while that room is not built in: the frame shows no door without a room."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
