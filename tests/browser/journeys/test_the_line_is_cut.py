"""The server goes away in the middle of a sentence. Nothing that was typed is lost."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.world.stage import prop
from tests.world.windows import Window

BOBS = f"customers/{prop('customer', 'Bob')}"
SENTENCE = "They sign on Friday, if the pump comes in blue"
KEPT = "Object.keys(localStorage).some(key => key.startsWith('draft:') && localStorage[key].includes('blue'))"


def test_a_toast_says_so_and_the_follow_up_is_still_there(browse: Callable[..., Window]) -> None:
    window = browse("bob")
    page = window.goto(BOBS)
    page.locator("#write-content").fill(SENTENCE)
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("No connection")
    expect(page.locator("#write-content")).to_have_value(SENTENCE)
    page.wait_for_timeout(400)  # a draft is kept a moment after the last key
    assert page.evaluate(KEPT)
    page.context.set_offline(False)
    window.complaints.clear()  # the browser's own word about the cut line
    page.reload()
    expect(page.locator("#write-content")).to_have_value(SENTENCE)
    page.locator("#write-content").press("Control+Enter")
    expect(page.locator("#history")).to_contain_text(SENTENCE)
    expect(page.locator("#write-content")).to_have_value("")
    assert not page.evaluate(KEPT)


def test_an_answer_of_nobodys_is_not_shown(browse: Callable[..., Window]) -> None:
    """A proxy's page in place of ours: a toast, and the page stays."""
    page = browse("bob").goto(BOBS)
    page.route("**/followups", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>"))
    page.locator("#write-content").fill(SENTENCE)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_be_visible()
    expect(page.get_by_text("Bad gateway")).to_have_count(0)
    expect(page.locator("#write-content")).to_have_value(SENTENCE)
