"""Every page of the matrix in both languages and widths, light and dark: axe finds nothing, nothing scrolls sideways, the console is silent."""

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import Engine, text

from tenants.demo.furnish import furnish
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.browser.looking import faults, faults_when_it_is
from tests.browser.pages import PageOf, pages_of, rooms, unanswered
from tests.wall.rooms.identity import NEWCOMER
from tests.world.door import Guest
from tests.world.letters import letters
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]
# Each page is loaded in each language and at each width once; then the window is drawn to the other width.
LOOKS = (("zh_Hans_CN", 1280, 375), ("en", 375, 1280))


def look_at(browse: Browse, pages: Iterable[PageOf], language: str, width: int, other: int | None = None) -> list[str]:
    """What is wrong with them, also at the `other` width; one window for each who looks."""
    windows: dict[str, Window] = {}
    found = []
    for one in pages:
        if one.player not in windows:
            windows[one.player] = browse(one.player, language=language, width=width)
        window = windows[one.player]
        window.page.set_viewport_size({"width": width, "height": 800})
        window.goto(one.address)
        if not window.page.evaluate("document.doctype !== null && document.title !== ''"):
            found.append(f"{one.name}: a bare piece, not a page")
        found += [f"{one.name}: {fault}" for fault in [*unanswered(one, window), *faults(window)]]
        if other:
            found += [f"{one.name}: {fault}" for fault in faults_when_it_is(other, window)]
    return found


@pytest.mark.parametrize(("language", "width", "other"), LOOKS)
@pytest.mark.parametrize("room", rooms())
def test_nothing_is_wrong(browse: Browse, app: Flask, alpha: Tenant, engine: Engine, room: str, language: str, width: int, other: int) -> None:
    found = look_at(browse, pages_of(room, app, engine, alpha), language, width, other)
    assert not found, "\n".join(found)


EMPTY = [
    "",
    "customers",
    "customers?q=nobody",
    "contacts",
    "contacts?q=nobody",
    "plans",
    "opportunities",
    "opportunities?q=nothing",
    "opportunities/list",
]
EMPTY += ["opportunities/forecast", "customers/bin", "opportunities/bin", "customers/duplicates?q=nobody", "settings/log"]


@pytest.mark.parametrize(("language", "width"), [("zh_Hans_CN", 375), ("en", 1280)])
def test_nothing_is_wrong_where_nothing_is_yet(browse: Browse, alpha: Tenant, engine: Engine, language: str, width: int) -> None:
    with inside(alpha, engine) as session:
        for table in ("customers", "events"):
            session.execute(text(f"DELETE FROM {table}"))
    pages = [PageOf(path or "workbench", f"/alpha/{path}", "alice") for path in EMPTY]
    found = look_at(browse, [*pages, PageOf("no-such-room", "/alpha/no-such-room", "alice", is_there=False)], language, width)
    assert not found, "\n".join(found)


FULL = [
    "",
    "customers?scene=all",
    "contacts",
    "plans",
    "opportunities",
    "opportunities/list",
    "opportunities/forecast",
    "settings/members",
    "settings/teams",
]
FULL += ["customers?status=vip&grade=A&idle=3", "customers/filter?status=vip", "customers/duplicates?q=%E6%9C%BA%E6%A2%B0", "contacts?decides=1"]
MOST_TALKED_TO = "SELECT customer_id FROM followups GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
LAST_LOST = "SELECT id FROM opportunities WHERE outcome = 'lost' ORDER BY closed_at DESC, id LIMIT 1"


@pytest.mark.parametrize(("language", "width"), [("zh_Hans_CN", 1280), ("zh_Hans_CN", 375), ("en", 375)])
def test_nothing_is_wrong_where_much_is(browse: Browse, alpha: Tenant, alice: Actor, engine: Engine, language: str, width: int) -> None:
    with inside(alpha, engine) as session:
        furnish(session, locale=language, zone=ZoneInfo("Asia/Shanghai"), by=alice, at=dt.datetime.now(dt.UTC), count=80)
        paths = [*FULL, f"customers/{session.scalar(text(MOST_TALKED_TO))}", f"opportunities/{session.scalar(text(LAST_LOST))}"]
    found = look_at(browse, [PageOf(path or "workbench", f"/alpha/{path}", "alice") for path in paths], language, width)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "width"), [("zh_Hans_CN", 1280), ("en", 375)])
@pytest.mark.parametrize("path", ["/sign-up", "/sign-in", "/alpha/customers/new", "/alpha/opportunities/new", "/alpha/settings/teams/new"])
def test_nothing_is_wrong_with_what_went_wrong(browse: Browse, path: str, language: str, width: int) -> None:
    """A form that was sent empty."""
    window = browse("alice" if path.startswith("/alpha") else "anonymous", language=language, width=width)
    page = window.goto(path)
    page.locator("main form button.primary, form button.primary").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    found = faults(window)
    assert not found, "\n".join(found)


BOBS = f"customers/{prop('customer', 'Bob')}"
OPENERS = [
    ("customers", "[data-create]", "#dialog form"),
    (BOBS, ".head .acts summary", ".head .menu-list"),
    (BOBS, "#top ol.line button, #head ol.line button", "[data-toast]"),
    ("opportunities", "[data-move-menu]", "dialog[open] .entry"),
    ("", "[data-palette-open]", "#palette-list [role=option]"),
    ("", ".bottom [data-opens=me], .top-tools summary", "dialog#me .entry, .top-tools .menu-list .entry"),
    (f"opportunities/{prop('opportunity', 'Bob')}", "#top a.primary", "#dialog form"),
]


@pytest.mark.parametrize(("language", "width"), [("zh_Hans_CN", 375), ("en", 1280)])
def test_nothing_is_wrong_with_what_opens(browse: Browse, language: str, width: int) -> None:
    """Dialogs, menus, the palette, the sheet of shortcuts, the bar for many, a toast."""
    window = browse("alice", language=language, width=width)
    found = []
    for path, opener, opened in OPENERS:
        page = window.goto(path)
        page.locator(opener).filter(visible=True).first.click()
        expect(page.locator(opened).filter(visible=True).first).to_be_visible()
        found += [f"{opened}: {fault}" for fault in faults(window)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "width"), [("zh_Hans_CN", 375), ("en", 1280)])
def test_nothing_is_wrong_behind_the_links_in_letters(
    browse: Browse, client_of: Callable[[str], Guest], alpha: Tenant, engine: Engine, language: str, width: int
) -> None:
    with inside(alpha, engine) as session:
        role_id = session.scalar(text("SELECT id FROM roles WHERE key = 'sales'"))
    client_of("alice").post("settings/invitations/new", data={"mail": "dora@alpha.example", "role_id": role_id, "team_id": ""})
    client_of("anonymous").post("/forgotten-password", data={"mail": "bob@alpha.example"})
    client_of("anonymous").post("/sign-up", data=NEWCOMER)
    sent = {letter.to: letter for letter in letters(engine)}
    doors = {"dora@alpha.example": "/invitations/", "bob@alpha.example": "/reset-password/", NEWCOMER["mail"]: "/confirm/"}
    pages = [PageOf(door, sent[mail].path(door), "anonymous") for mail, door in doors.items()]
    found = look_at(browse, pages, language, width)
    assert not found, "\n".join(found)
