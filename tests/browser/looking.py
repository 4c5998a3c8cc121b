"""What is wrong with a page as it stands in the browser: with axe, in width, under the thumb."""

from typing import Any

from playwright.sync_api import Page

from tests.world.windows import AXE, RULES, Window

# What a theme can break; everything else is the same in the light and in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
# What depends on how wide the window is.
LAYOUT = ["target-size", "scrollable-region-focusable", "color-contrast"]
SETTLED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const animation of document.getAnimations()) try { animation.finish() } catch { animation.cancel() }
}"""
ASKED = """async only => {
  const rules = {"target-size": {enabled: true}};
  const runOnly = only.rules ? {type: "rule", values: only.rules} : {type: "tag", values: only.tags};
  const found = await axe.run(document, {runOnly, rules: only.rules ? {} : rules, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap(v => v.nodes.map(node => `${v.id}: ${v.help}: ${node.target.join(" ")}: ${node.html.slice(0, 120)}`));
}"""
# Where a thumb goes: the bar at the bottom, what saves, creates and leads on, and the fields of a form.
PRIMARY = ".bottom a, .bottom button, button.primary, a.primary, [data-create], .me-ways a"
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility({visibilityProperty: true})).map(one => {
  const box = one.getBoundingClientRect();
  return [box.width, box.height, (one.textContent.trim() || one.ariaLabel || one.outerHTML).slice(0, 60)];
}).filter(([width, height]) => width && (width < least || height < least))
  .map(([width, height, name]) => `${Math.round(width)}x${Math.round(height)} ${name}`)"""
WIDER = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const beyond = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > edge + 1);
  return beyond.slice(0, 4).map(one => one.outerHTML.slice(0, 120));
}"""


def faults(window: Window) -> list[str]:
    """Everything, in both themes. What the browser complained about is asked before axe, whose own styles the CSP refuses."""
    page = window.page
    page.evaluate(SETTLED)
    found = [f"console: {complaint}" for complaint in window.complaints] + [f"wider than the page: {one}" for one in wider(page)]
    if (page.viewport_size or {"width": 0})["width"] < 600:
        found += [f"under 44 px: {one}" for one in small(page)]
    page.evaluate(AXE.read_text())
    found += ask_axe(page, {"tags": RULES})
    other = "light" if page.evaluate("document.documentElement.dataset.bsTheme") == "dark" else "dark"
    page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", other)
    page.evaluate(SETTLED)
    found += [f"{other}: {one}" for one in ask_axe(page, {"rules": COLOURS})]
    window.complaints.clear()
    return found


def faults_when_it_is(width: int, window: Window) -> list[str]:
    """What the page that was looked at gets wrong at another width. (Its theme is the other one by now.)"""
    page = window.page
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(SETTLED)
    found = [f"console: {complaint}" for complaint in window.complaints] + [f"wider than the page: {one}" for one in wider(page)]
    if width < 600:
        found += [f"under 44 px: {one}" for one in small(page)]
    found += ask_axe(page, {"rules": LAYOUT})
    window.complaints.clear()
    return [f"at {width}: {one}" for one in found]


def ask_axe(page: Page, only: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(ASKED, only)
    return found


def wider(page: Page) -> list[str]:
    """Elements that make the page scroll sideways; the page itself when none is found."""
    found: list[str] = page.evaluate(WIDER)
    return found or (["the page"] if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") else [])


def small(page: Page, selector: str = PRIMARY, least: int = 44) -> list[str]:
    found: list[str] = page.evaluate(SMALL, [selector, least])
    return found
