"""/operator/tenants: what is earned, each tenant's history, and what we do for it or to it, with a reason."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.billing.models import Subscription
from saas.identity.sessions import value_of
from saas.operator import money
from saas.operator.models import Operator, OperatorDeed
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from tenants.wall.tenant import Tenant
from tests.world.cast import fixed_id
from tests.world.door import Guest
from workers.tenancy import now

ClientOf = Callable[[str], Guest]
DAY = dt.timedelta(days=1)
WHY = {"why": "They asked on the phone."}


@pytest.fixture
def olga(client_of: ClientOf) -> Guest:
    return client_of("olga")


@pytest.fixture
def row(landlord: Session, alpha: Tenant) -> TenantRow:
    return landlord.get_one(TenantRow, alpha.id)


def rents(landlord: Session, tenant: Tenant, **more: object) -> None:
    values = {"standing": "active", "plan": "standard", "seats": 10, "price": Decimal("29.00"), "ends_at": now() + 9 * DAY}
    landlord.add(Subscription(tenant_id=tenant.id, payer=f"cus_{tenant.slug}", id=f"sub_{tenant.slug}", **(values | more)))
    landlord.commit()


def test_what_is_earned(olga: Guest, landlord: Session, alpha: Tenant, beta: Tenant) -> None:
    rents(landlord, alpha)
    rents(landlord, beta, standing="past_due", seats=2, overdue_since=now() - DAY)
    html = olga.get("/operator/tenants").text
    for words in ("¥348.00", "¥58.00 of 1 tenants", "Alpha Trading", "¥290.00", "/beta/"):
        assert words in html, words


def test_conversion_and_churn(landlord: Session, alpha: Tenant, beta: Tenant, row: TenantRow) -> None:
    at = now()
    row.trial_ends_at = at - 10 * DAY
    other = landlord.get_one(TenantRow, beta.id)
    other.trial_ends_at, other.state = at - 80 * DAY, "read_only"
    for tenant, ago, after in ((alpha, 20, "active"), (beta, 200, "trial"), (beta, 100, "active"), (beta, 5, "read_only")):
        landlord.add(TenantChange(tenant_id=tenant.id, at=at - ago * DAY, after=after, why="subscribed"))
    landlord.flush()
    found = money.figures(landlord, at)
    assert (found.tried, found.converted) == (2, 2)
    assert (found.had, found.lost) == (1, 1), "beta rented 30 days ago and does no longer; alpha came later"


def test_found_by_words_and_state(olga: Guest, landlord: Session, beta: Tenant) -> None:
    landlord.get_one(TenantRow, beta.id).state = "read_only"
    landlord.commit()
    assert "/alpha/" not in olga.get("/operator/tenants?state=read_only").text
    assert "/beta/" in olga.get("/operator/tenants?state=read_only").text
    assert "/beta/" not in olga.get("/operator/tenants?q=ALPHA").text
    assert "No tenant is like this" in olga.get("/operator/tenants?q=%25").text
    assert olga.get("/operator/tenants?state=rich").status_code == 400


def test_a_trial_grows_with_a_reason(olga: Guest, landlord: Session, row: TenantRow) -> None:
    row.state, row.trial_ends_at = "read_only", now() - 3 * DAY
    landlord.commit()
    address = f"/operator/tenants/{row.id}/trial"
    assert olga.post(address, data={"days": "10", "why": " "}).status_code == 422
    for days in ("0", "91", "9" * 400, "ten"):
        assert olga.post(address, data={"days": days} | WHY).status_code == 422
    assert olga.post(address, data={"days": "10", "once": "a"} | WHY).status_code == 303
    landlord.expire_all()
    assert row.state == "trial"
    assert row.trial_ends_at is not None
    assert dt.timedelta(days=9, hours=23) < row.trial_ends_at - now() < dt.timedelta(days=10, minutes=1)
    [deed] = landlord.scalars(select(OperatorDeed).where(OperatorDeed.tenant_id == row.id))
    assert (deed.what, deed.why, deed.data) == ("trial.extended", WHY["why"], {"days": 10, "once": "a"})
    shown = olga.get(f"/operator/tenants/{row.id}").text
    assert WHY["why"] in shown
    assert "On trial" in shown


def test_who_rents_has_no_trial(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    rents(landlord, alpha)
    answer = olga.post(f"/operator/tenants/{row.id}/trial", data={"days": "10"} | WHY)
    assert answer.status_code == 422
    assert "rents already" in answer.text


def test_closed_and_opened_again(olga: Guest, client_of: ClientOf, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    rents(landlord, alpha)
    alice = client_of("alice")
    assert alice.get("customers").status_code == 200
    assert olga.post(f"/operator/tenants/{row.id}/closing", data=WHY).status_code == 303
    assert alice.get("customers").status_code == 403
    landlord.expire_all()
    assert (row.state, row.next_step_at is not None) == ("closed", True)
    assert olga.post(f"/operator/tenants/{row.id}/reopening", data=WHY).status_code == 303
    assert alice.get("customers").status_code == 200
    changes = landlord.execute(select(TenantChange.after, TenantChange.person_id).order_by(TenantChange.id)).all()
    assert [tuple(one) for one in changes][-2:] == [("closed", fixed_id("olga")), ("active", fixed_id("olga"))]


class Till:
    """In the place of Stripe: what it was asked to credit, by key."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[str, Decimal]] = {}

    def credit(self, payer: str, amount: Decimal, why: str, *, key: str) -> str:
        self.asked[key] = payer, amount
        return "cbtxn_1"

    def now(self, at: dt.datetime) -> dt.datetime:
        return at


@pytest.fixture
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Till:
    till = Till()
    monkeypatch.setitem(app.extensions, "gateway", till)
    return till


def test_a_credit_is_granted_once(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow, gateway: Till) -> None:
    address = f"/operator/tenants/{row.id}/credit"
    assert "nothing to put a credit on" in olga.post(address, data={"amount": "29"} | WHY).text
    rents(landlord, alpha)
    for amount in ("0", "-5", "10000.01", "1.001", "NaN", "1e99"):
        assert olga.post(address, data={"amount": amount} | WHY).status_code == 422, amount
    for _ in range(2):
        assert olga.post(address, data={"amount": "29", "once": "a"} | WHY).status_code == 303
    assert list(gateway.asked.values()) == [("cus_alpha", Decimal(29))]
    assert deeds(landlord) == ["credit.granted"]


def deeds(landlord: Session) -> list[str]:
    landlord.expire_all()
    return list(landlord.scalars(select(OperatorDeed.what).order_by(OperatorDeed.id)))


def test_a_double_click_is_one_deed(olga: Guest, landlord: Session, row: TenantRow) -> None:
    row.state, row.trial_ends_at = "trial", now() + 3 * DAY
    landlord.commit()
    for what, more in (("trial", {"days": "10"}), ("closing", {}), ("reopening", {})):
        for _ in range(2):
            assert olga.post(f"/operator/tenants/{row.id}/{what}", data=more | WHY | {"once": f"form of {what}"}).status_code == 303, what
    assert deeds(landlord) == ["trial.extended", "tenant.closed", "tenant.reopened"]
    assert row.trial_ends_at is not None
    assert row.trial_ends_at - now() < 14 * DAY, "ten days more, once"
    assert "form of" not in olga.get("/operator/audit").text


def test_two_clicks_at_once_are_one_deed(client_of: ClientOf, landlord: Session, row: TenantRow, gateway: Till) -> None:
    """The second waits for the row that the first one holds."""
    rents(landlord, value_of(row))
    clicks = [client_of("olga") for _ in range(4)]
    address, form = f"/operator/tenants/{row.id}/credit", {"amount": "29", "once": "one form"} | WHY
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda olga: olga.post(address, data=form).status_code, clicks))
    assert answers == [303] * 4
    assert deeds(landlord) == ["credit.granted"]


def test_what_is_closed_is_not_closed_again_and_what_is_unpaid_is_not_opened(olga: Guest, landlord: Session, row: TenantRow) -> None:
    """Two operators with a form each; and a company that its rent has closed."""
    address = f"/operator/tenants/{row.id}"
    assert "No operator has closed it" in olga.post(f"{address}/reopening", data=WHY).text
    olga.post(f"{address}/closing", data=WHY | {"once": "a"})
    again = olga.post(f"{address}/closing", data=WHY | {"once": "b"})
    assert again.status_code == 422
    assert "closed it already" in again.text
    assert deeds(landlord) == ["tenant.closed"]
    assert "Open the company again" in olga.get(address).text


def test_a_viewer_only_looks(olga: Guest, landlord: Session, row: TenantRow) -> None:
    landlord.get_one(Operator, fixed_id("olga")).role = "viewer"
    landlord.commit()
    assert "Close the company" not in olga.get(f"/operator/tenants/{row.id}").text
    assert olga.post(f"/operator/tenants/{row.id}/closing", data=WHY).status_code == 404
    assert olga.get("/operator/tenants/0190a000-0000-7000-8000-0000000000aa").status_code == 404


@pytest.mark.parametrize(("what", "field", "figures"), [("credit", "amount", ("29", "30")), ("trial", "days", ("10", "14"))])
def test_an_old_form_with_another_figure_is_asked_about(
    olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow, gateway: Till, what: str, field: str, figures: tuple[str, str]
) -> None:
    """Back in the browser: it may correct the first figure, or add to it. To say "Done" and do nothing would be a lie."""
    rents(landlord, alpha, standing="canceled", ended_at=now() - DAY)
    row.state = "trial"
    landlord.commit()
    first, other = ({field: figure, "once": "a"} | WHY for figure in figures)
    address = f"/operator/tenants/{row.id}/{what}"
    assert [olga.post(address, data=form).status_code for form in (first, first, other)] == [303, 303, 422]
    assert "sent with another figure" in olga.post(address, data=other).text
    assert len(deeds(landlord)) == 1


def test_who_owes_has_no_trial_either(olga: Guest, landlord: Session, alpha: Tenant, row: TenantRow) -> None:
    """It would stay where it is, and "Done" would be a lie."""
    rents(landlord, alpha, standing="unpaid", overdue_since=now() - 20 * DAY)
    row.state = "read_only"
    landlord.commit()
    answer = olga.post(f"/operator/tenants/{row.id}/trial", data={"days": "10"} | WHY)
    assert answer.status_code == 422
    assert "rents already" in answer.text
