"""An export in Chromium: asked for over the list, watched in the dialog, fetched when it is there."""

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.jobs.models import Job
from tenants.wall.tenant import Tenant
from tests.world.windows import Window
from workers import heavy
from workers.tenancy import House

Browse = Callable[..., Window]


def test_the_dialog_becomes_progress_and_then_the_file(browse: Browse, house: House, alpha: Tenant, inside_alpha: Session) -> None:
    page = browse("alice").goto("customers?scene=mine")
    page.get_by_role("link", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Customers: 1 row")
    dialog.get_by_label("Text (.csv)").check()
    dialog.get_by_role("button", name="Export").click()
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    heavy.run(house, alpha, inside_alpha.scalars(select(Job.id)).one())
    with page.expect_download() as download:
        dialog.get_by_role("link", name=".csv").click(timeout=20_000)
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert content.startswith("Customer name,") and "Alice's customer" in content and "Bob" not in content
