"""A hand at mouse and keyboard, which counts what it does: a click, a field filled, a key pressed is one action each."""

from playwright.sync_api import Locator, Page


class Hand:
    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, what: str | Locator) -> None:
        self.actions += 1
        self._at(what).click()

    def type(self, what: str | Locator, text: str) -> None:
        self.actions += 1
        self._at(what).fill(text)

    def press(self, keys: str) -> None:
        self.actions += 1
        self.page.keyboard.press(keys)

    def _at(self, what: str | Locator) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what


def drag(page: Page, what: str, where: str) -> None:
    """As a person does it: press, move a little, carry, let go."""
    a, b = page.locator(what).bounding_box(), page.locator(where).first.bounding_box()
    assert a is not None and b is not None
    page.mouse.move(a["x"] + 60, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(a["x"] + 90, a["y"] + a["height"] / 2, steps=4)
    page.mouse.move(b["x"] + 60, b["y"] + b["height"] / 2, steps=12)
    page.wait_for_timeout(150)  # Sortable watches the pointer by a timer
    page.mouse.up()
