"""The pictures of the product on the landing page and in the README, taken from the running demo companies: `python -m sandbox.shots [address]`."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from sandbox.machine.bare import ROOT
from web.demo import PASSWORD

PLACE = Path(ROOT) / "web" / "static" / "shots"
SIZE = {"width": 1280, "height": 800}
# the words of the picture's name, who signs in, the company, the browser's language
FIRMS = (("zh", "wangfang@qinghe.example", "qinghe", "zh-CN"), ("en", "maya@fernhill.example", "fernhill", "en"))


def main(base: str) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        for word, mail, slug, language in FIRMS:
            page = browser.new_context(viewport=SIZE, locale=language, color_scheme="light").new_page()  # type: ignore[arg-type]
            _sign_in(page, base, mail)
            _shoot(page, f"{base}/{slug}/", f"workbench-{word}")
            _shoot(page, f"{base}/{slug}/customers", f"customers-{word}")
            _shoot(page, f"{base}/{slug}/opportunities", f"board-{word}")
            _shoot(page, _busy_customer(page, f"{base}/{slug}/customers?sort=-amount&open=1"), f"customer-{word}")
        browser.close()


def _sign_in(page: Page, base: str, mail: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("input[name=mail]", mail)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _busy_customer(page: Page, address: str) -> str:
    """Of the first customers in a list, the one of which most is to be told."""
    page.goto(address)
    found = page.eval_on_selector_all("a[data-row]", "links => links.map(link => link.href)")
    told: dict[str, int] = {}
    for customer in found[:12]:
        page.goto(customer)
        told[customer] = page.locator("main .event").count()
    return max(told, key=lambda customer: told[customer])


def _shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)  # charts draw themselves
    page.screenshot(path=PLACE / f"{name}.png")
    print(PLACE / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8600")
