"""Windows that are lent to tests and taken back. A new window is a new process of Chromium, which takes over a second to get going:
so a page that a test left as anybody finds it is wiped and lent again. Whatever lasts beyond a page's address throws the window away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Error, Page

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SETTLED = "document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity).forEach(one => one.finish())"
# WCAG 2.2 AA, and what axe calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

KEPT = 6  # windows that wait to be lent again
LISTENING = ("on", "once", "route", "add_init_script", "expose_function", "expose_binding", "set_extra_http_headers")
# What a test can do to a window that no new address undoes.
LASTING: dict[type, tuple[str, ...]] = {
    Page: (*LISTENING, "emulate_media"),
    BrowserContext: (*LISTENING, "set_offline", "grant_permissions", "set_geolocation", "new_page", "new_cdp_session"),
}


class Window:
    """A page of one of the cast's. `goto` takes a path as Guest does and keeps the `status`; `complaints` is what the browser found wrong."""

    def __init__(self, page: Page, address: str, company: str | None, *, scripts: bool = True) -> None:
        self.page, self.address, self.company, self.scripts = page, address, company, scripts
        self.complaints: list[str] = []
        self.status = 0
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._listen)

    def goto(self, path: str) -> Page:
        inside = "" if path.startswith("/") else f"/{self.company}/"
        answer = self.page.goto(f"{self.address}{inside}{path}")
        self.status = answer.status if answer else 0
        if self.scripts:
            self.page.evaluate("() => new Promise(done => setTimeout(done))")  # htmx begins by a timer, on a busy machine after the load
        return self.page

    def axe(self) -> list[str]:
        """What axe finds: one line a violation and element. What is fading in is looked at as it will be."""
        self.page.evaluate(SETTLED)
        self.page.evaluate(AXE.read_text())
        options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        return [f"{v['id']}: {v['help']}: {' '.join(map(str, node['target']))}" for v in found["violations"] for node in v["nodes"]]

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused form (422) and the like is an answer, which the browser logs as a failed resource.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")


@dataclass(frozen=True, slots=True)
class Make:
    """What cannot be changed in a window once it is there."""

    address: str
    locale: str
    touch: bool
    scripts: bool


@dataclass(slots=True)
class Lent:
    make: Make
    context: BrowserContext
    wire: CDPSession
    window: Window


class Windows:
    """All windows of one Chromium."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Lent] = []
        self._lent: list[Lent] = []
        self._worn = False

    def lend(self, make: Make, *, width: int, theme: str) -> tuple[BrowserContext, Window]:
        with self._by_ourselves():
            lent = next((free for free in reversed(self._free) if free.make == make), None)
            if lent is None:
                lent = self._new(make)
            else:
                self._free.remove(lent)
            self._lent.append(lent)
            lent.window.page.set_viewport_size({"width": width, "height": 800})
            lent.window.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        return lent.context, lent.window

    def take_back(self) -> list[str]:
        """At the end of a test; returns what its windows complained about."""
        complaints: list[str] = []
        for lent in self._lent:
            is_clean = not self._worn and self._wiped(lent, complaints)
            complaints += lent.window.complaints
            lent.window.complaints.clear()
            if is_clean:
                self._free.append(lent)
            else:
                lent.context.close()
        self._lent.clear()
        self._worn = False
        while len(self._free) > KEPT:
            self._free.pop(0).context.close()
        return complaints

    def close(self) -> None:
        for lent in self._free:
            lent.context.close()

    def _new(self, make: Make) -> Lent:
        context = self._browser.new_context(locale=make.locale, has_touch=make.touch, java_script_enabled=make.scripts, base_url=make.address)
        context.set_default_timeout(15_000)
        page = context.new_page()
        return Lent(make, context, context.new_cdp_session(page), Window(page, make.address, None, scripts=make.scripts))

    def _wiped(self, lent: Lent, complaints: list[str]) -> bool:
        """No page, no cookie, nothing kept for later; False when the window does not obey."""
        try:
            lent.window.page.evaluate("0")  # what it still has to say arrives before the answer
            complaints += lent.window.complaints
            lent.window.page.goto("about:blank")
            lent.context.clear_cookies()
            lent.wire.send("Storage.clearDataForOrigin", {"origin": lent.make.address, "storageTypes": "local_storage,indexeddb,cache_storage"})
        except Error:
            return False
        lent.window.complaints.clear()  # a request that was cut by our going away
        return len(lent.context.pages) == 1

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes for the block that somebody does what lasts."""
        with pytest.MonkeyPatch.context() as patch:
            for kind, names in LASTING.items():
                for name in names:
                    patch.setattr(kind, name, self._noting(getattr(kind, name)))
            patch.setattr(Page, "clock", property(self._noting(vars(Page)["clock"].fget)))
            yield

    def _noting(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(deed)
        def noted(*args: Any, **kwargs: Any) -> Any:
            self._worn = True
            return deed(*args, **kwargs)

        return noted

    @contextmanager
    def _by_ourselves(self) -> Iterator[None]:
        worn = self._worn
        yield
        self._worn = worn
