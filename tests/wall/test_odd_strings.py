"""Whatever stands in a parameter: an answer, never an error of ours."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

from tests.wall.asking import Asker
from tests.wall.routes import every_route

ROUTES = every_route()
WEB = Path(__file__).parents[2] / "web"
# Every parameter that any view asks for by name, and those that lists share.
NAMES = sorted(
    {name for path in WEB.rglob("*.py") for name in re.findall(r"""args\.(?:get|getlist|pop)\(\s*["']([\w-]+)["']""", path.read_text())}
    | {"q", "sort", "after", "before", "scene", "filter", "columns", "page", "period", "owner", "tag", "lang", "next", "view"}
)
ODD = [
    "",
    " ",
    "'",
    '"><script>alert(1)</script>',
    "%",
    "%s%n",
    "\\",
    "{{7*7}}",
    "-1",
    "1e309",
    "NaN",
    "9" * 400,
    "0000-00-00",
    "99999-12-31",
    "../../../etc/passwd",
    "a\r\nSet-Cookie: a=b",
    "\x00",
    "\ufffe\u202e\u200b",
    "𠮷🙂" * 50,
    "A" * 5000,
    "() { :; }; echo",
    "null",
    "[]",
    "W10=",
]
ANSWERS = range(200, 500)


def pages(method: str) -> list[str]:
    return [key for key in ROUTES if key.startswith(f"{method} ")]


def who(key: str) -> str:
    return {"operator": "olga", "public": "anonymous"}.get(ROUTES[key].kind, "alice")


EVERYWHERE = {"lang"}  # what every page asks for
NOTED = ("get", "getlist", "__getitem__", "__contains__", "pop")
WHOLE = ("__iter__", "keys", "values", "items", "lists", "listvalues", "to_dict", "deepcopy", "copy")


@pytest.fixture
def read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the parameters that the app has looked at; "*" when at all of them."""
    names: set[str] = set()

    def noting(method: str, what: str | None) -> Any:
        def noted(self: Any, *args: Any, **kwargs: Any) -> Any:
            names.add(what or args[0])
            return getattr(super(Noting, self), method)(*args, **kwargs)

        return noted

    methods = {name: noting(name, None) for name in NOTED} | {name: noting(name, "*") for name in WHOLE}
    Noting: Any = type("Noting", (ImmutableMultiDict,), methods)
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Noting)
    return names


@pytest.mark.parametrize("key", pages("GET"))
def test_in_the_query(asker: Asker, read: set[str], key: str) -> None:
    """What asks for nothing is asked three times only."""
    odd: dict[str, int] = {}
    with asker.often(key, who(key)) as ask:
        for text in ODD:
            if len(odd) == 3 and read <= EVERYWHERE:
                break
            odd[text] = ask(query_string=dict.fromkeys(NAMES, text)).status_code
    assert {text: status for text, status in odd.items() if status not in ANSWERS} == {}


@pytest.mark.parametrize("key", [key for key in pages("POST") if ROUTES[key].data])
def test_in_a_form(asker: Asker, key: str) -> None:
    with asker.often(key, who(key)) as ask:
        odd = {text: ask(data=dict.fromkeys(ROUTES[key].data, text)).status_code for text in ODD}
    assert {text: status for text, status in odd.items() if status not in ANSWERS} == {}
