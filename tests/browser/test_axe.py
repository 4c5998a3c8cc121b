"""Every page of the matrix in both languages and widths, light and dark: axe finds nothing, nothing scrolls sideways, the console is silent."""

from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from sqlalchemy import Engine

from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.browser.looking import faults
from tests.browser.pages import PageOf, pages_of, rooms
from tests.world.browser import Window

Browse = Callable[..., Window]
LANGUAGES = ("zh_Hans_CN", "en")
WIDTHS = (1280, 375)


def look_at(browse: Browse, pages: Iterable[PageOf], language: str, width: int) -> list[str]:
    """What is wrong with them; one window for each who looks."""
    windows: dict[str, Window] = {}
    found = []
    for one in pages:
        if one.player not in windows:
            windows[one.player] = browse(one.player, language=language, width=width)
        window = windows[one.player]
        window.goto(one.address)
        if not window.page.evaluate("document.doctype !== null && document.title !== ''"):
            found.append(f"{one.name}: a bare piece, not a page")
        found += [f"{one.name}: {fault}" for fault in faults(window)]
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", rooms())
def test_nothing_is_wrong(browse: Browse, app: Flask, alpha: Tenant, engine: Engine, room: str, language: str, width: int) -> None:
    with inside(alpha, engine) as session:
        pages = pages_of(room, app, session)
    found = look_at(browse, pages, language, width)
    assert not found, "\n".join(found)
