"""Stripe's form encoding (`items[0][price]=price_1`), and parameters that must all be understood.

A parameter that nobody asked for is refused: better a clear error than a stand-in that silently does something else than Stripe.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.faults import Fault

DEEPEST = 8
MOST_FIELDS = 1000
PART = re.compile(r"\[([^\[\]]*)\]")
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(text: str) -> dict[str, Any]:
    """Nested dicts and lists of strings."""
    if text.count("&") >= MOST_FIELDS:
        raise Fault(f"A call has at most {MOST_FIELDS} parameters.", code="parameter_invalid")
    root: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        _put(root, _path(key), value)
    settled = _with_lists(root)
    return settled if isinstance(settled, dict) else {}


def _path(key: str) -> list[str]:
    found = KEY.fullmatch(key)
    path = [found[1], *PART.findall(found[2])] if found else []
    if not 0 < len(path) <= DEEPEST:
        raise Fault(f"Invalid parameter name: {key}", code="parameter_unknown", param=key)
    return path


def _put(place: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        place = place.setdefault(step or str(len(place)), {})
        if not isinstance(place, dict):
            raise Fault(f"Invalid parameter: {path[0]}", code="parameter_invalid", param=path[0])
    place[path[-1] or str(len(place))] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    settled = {key: _with_lists(one) for key, one in value.items()}
    if settled and all(key.isdecimal() for key in settled):
        return [settled[key] for key in sorted(settled, key=int)]
    return settled


class Params:
    """Parameters of one call. Who reads one has understood it; `close` refuses the rest."""

    def __init__(self, fields: dict[str, Any], path: str = "") -> None:
        self._fields = fields
        self._path = path
        self._read: set[str] = set()
        self._parts: list[Params] = []

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str) -> str | None:
        """None when it is not there or empty, which is how the API unsets a field."""
        value = self._take(name)
        if isinstance(value, dict | list):
            raise self.wrong(name, "a string")
        return value or None

    def need(self, name: str) -> str:
        found = self.text(name)
        if found is None:
            raise Fault(f"Missing required param: {self.place(name)}.", code="parameter_missing", param=self.place(name))
        return found

    def whole(self, name: str) -> int | None:
        said = self.text(name)
        if said is not None and not re.fullmatch(r"-?\d{1,15}", said):
            raise Fault(f"Invalid integer: {said}", code="parameter_invalid_integer", param=self.place(name))
        return None if said is None else int(said)

    def count(self, name: str, *, least: int = 0) -> int | None:
        found = self.whole(name)
        if found is not None and found < least:
            raise Fault(f"This value must be greater than or equal to {least}.", code="parameter_invalid_integer", param=self.place(name))
        return found

    def truth(self, name: str) -> bool | None:
        said = self.text(name)
        if said not in {None, "true", "false"}:
            raise self.wrong(name, "a boolean")
        return None if said is None else said == "true"

    def choice(self, name: str, *options: str) -> str | None:
        said = self.text(name)
        if said is not None and said not in options:
            raise Fault(f"Invalid {self.place(name)}: must be one of {', '.join(options)}", code="parameter_invalid", param=self.place(name))
        return said

    def texts(self, name: str) -> list[str]:
        value = self._take(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(name, "an array")
        return value

    def part(self, name: str) -> "Params":
        """What lies under `name[…]`; empty when nothing does."""
        value = self._take(name)
        if value not in (None, "") and not isinstance(value, dict):
            raise self.wrong(name, "an object")
        return self._inner(value or {}, self.place(name))

    def parts(self, name: str) -> list["Params"]:
        value = self._take(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(name, "an array of objects")
        return [self._inner(one, f"{self.place(name)}[{number}]") for number, one in enumerate(value)]

    def map(self, name: str, known: dict[str, str] | None = None) -> dict[str, str]:
        """Free keys and values (metadata) over those known: an empty value takes a key away, an empty map all of them."""
        value = self._take(name)
        if value is None:
            return dict(known or {})
        if isinstance(value, dict):
            return {key: str(one) for key, one in ((known or {}) | value).items() if one != ""}
        if value == "":
            return {}
        raise self.wrong(name, "an object")

    @property
    def plain(self) -> dict[str, Any]:
        """What was said, to be read again later."""
        return self._fields

    def change(self, thing: dict[str, Any], *names: str) -> None:
        """Sets texts that are said; an empty one unsets."""
        for name in names:
            if name in self:
                thing[name] = self.text(name)

    def close(self) -> None:
        for name in self._fields:
            if name not in self._read:
                place = self.place(name)
                raise Fault(f"Received unknown parameter: {place} (or this sandbox does not play it)", code="parameter_unknown", param=place)
        for part in self._parts:
            part.close()

    def place(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name

    def wrong(self, name: str, what: str) -> Fault:
        return Fault(f"Invalid {self.place(name)}: must be {what}", code="parameter_invalid", param=self.place(name))

    def _take(self, name: str) -> Any:
        self._read.add(name)
        return self._fields.get(name)

    def _inner(self, fields: dict[str, Any], path: str) -> "Params":
        part = Params(fields, path)
        self._parts.append(part)
        return part
