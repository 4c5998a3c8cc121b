"""Every component, in both languages, light and dark, at both widths: nothing for axe, nothing refused by the CSP, no sideways scroll."""

from collections.abc import Callable

import pytest

from tests.browser.looking import SETTLED
from tests.world.windows import Window

Open = Callable[..., Window]
SMALLER_THAN = """least => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")].filter(one => {
    const box = (one.closest("label") ?? one).getBoundingClientRect();
    const inText = one.matches(".cover, [data-row], .link, .task a, .brief a");
    const exempt = inText || one.matches(".unseen, .skip, .ts-control input, .ts-control a, .segments input, .ts-hidden-accessible");
    const hidden = !box.width || !box.height || one.closest("dialog:not([open]), [hidden], .menu-list");
    return !exempt && !hidden && (box.width < least - .5 || box.height < least - .5) && !(one.closest(".chip, .chart-table") && least > 24);
}).map(one => one.outerHTML.slice(0, 120) + " " + JSON.stringify(one.getBoundingClientRect()))"""
# The ring is round the element, or round the box that stands for it.
FOCUS_RING = """() => {
    const one = document.activeElement, box = one.closest(".card-o, .write, .segments label") ?? one;
    const look = getComputedStyle(one), around = getComputedStyle(box);
    return [one.outerHTML.slice(0, 100), (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || around.outlineStyle !== "none"];
}"""


@pytest.mark.parametrize(
    ("language", "theme", "widths"), [("zh-CN", "light", (1280, 800, 375)), ("en", "dark", (375, 800, 1280)), ("zh-CN", "dark", (800,))]
)
def test_every_component_is_accessible(style: Open, language: str, theme: str, widths: tuple[int, ...]) -> None:
    """Loaded at the first width, then drawn to the others."""
    window = style(language=language, theme=theme, width=widths[0])
    window.page.locator("[data-chart]").first.scroll_into_view_if_needed()
    window.page.locator("[data-chart] canvas").first.wait_for()
    for width in widths:
        window.page.set_viewport_size({"width": width, "height": 800})
        window.page.evaluate(SETTLED)
        complaints, window.complaints = window.complaints, []
        assert complaints == [], width  # asked before axe, whose own styles the CSP refuses
        assert not window.scrolls_sideways(), width
        assert window.axe() == [], width
        window.complaints.clear()


@pytest.mark.parametrize("path", ["/_style/plain", "/_style/public", "/_style/dialog", "/_style/fault/404", "/_style/fault/500"])
@pytest.mark.parametrize("width", [1280, 375])
def test_other_layouts_are_accessible(style: Open, path: str, width: int) -> None:
    window = style(path, language="zh-CN", width=width)
    assert not window.scrolls_sideways()
    assert window.axe() == []
    window.complaints.clear()


@pytest.mark.parametrize(("width", "least"), [(1280, 24), (375, 44)])
def test_what_is_pressed_is_large_enough(style: Open, width: int, least: int) -> None:
    """24 px everywhere, 44 px for thumbs. A link inside running text and what covers a whole row are exempt."""
    window = style(width=width)
    assert window.page.evaluate(SMALLER_THAN, least) == []


def test_keyboard_focus_is_seen_everywhere(style: Open) -> None:
    page = style().page
    page.locator("body").focus()
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUS_RING)
        if not told[1]:
            unseen.append(told[0])
    assert unseen == []


def test_without_scripts_the_page_is_whole(style: Open) -> None:
    page = style(scripts=False).page
    page.locator("details.menu summary[aria-label=More]").first.click()
    assert page.get_by_role("link", name="Hand over").first.is_visible()
    page.get_by_role("link", name="New customer").first.click()
    page.wait_for_url("**/_style/dialog")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_text("Please fill this in.").is_visible()


def test_print_leaves_the_frame_away(style: Open) -> None:
    page = style().page
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert not page.locator(".top-tools").is_visible()
    assert page.locator(".sheet td.name").first.is_visible()
    assert page.locator(".event time").first.is_visible()
