"""An operator stands before a company with a visit that runs, or before nothing: whatever is granted, begun, withdrawn, ended, in any order."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from saas.identity.sessions import Visitor
from saas.operator import consents, visits
from saas.operator.models import Operator, SupportConsent, SupportVisit
from saas.operator.rules import LONGEST
from saas.registry.models import Tenant as TenantRow
from tenants.values.words import Refusal
from tenants.wall.tenant import Tenant
from tests.world.cast import fixed_id

START = dt.datetime(2026, 11, 27, 6, 0, tzinfo=dt.UTC)
WHY = "A payment failed, and we look for the cause."
STEPS = ("grant", "withdraw", "visit", "visit with a reason", "end", "wait", "close", "open", "dismiss", "appoint")
PLAY = some.lists(some.tuples(some.sampled_from(STEPS), some.sampled_from(["alpha", "beta"]), some.sampled_from([0, 1])), max_size=14)


@dataclass
class Company:
    """What a company with an operator before it should be, reckoned by hand. `inside`: browser -> until when, and on which consent."""

    consent: int | None = None
    consent_until: dt.datetime = START
    inside: dict[int, tuple[dt.datetime, int | None]] = field(default_factory=dict)
    is_open: bool = True


@dataclass
class Play:
    session: Session
    ids: dict[str, uuid.UUID]
    companies: dict[str, Company] = field(default_factory=lambda: {"alpha": Company(), "beta": Company()})
    at: dt.datetime = START
    is_staff: bool = True
    count: int = 0

    def visitor(self, browser: int) -> Visitor:
        return Visitor(fixed_id(f"browser {browser}"), fixed_id("olga"), "Olga", "olga@zuke.example", None, "auto", True, True, self.at)

    def row(self, slug: str) -> TenantRow:
        return self.session.get_one(TenantRow, self.ids[slug])

    def consent_of(self, slug: str) -> int | None:
        company = self.companies[slug]
        return company.consent if company.consent is not None and self.at < company.consent_until else None

    def step(self, what: str, slug: str, browser: int) -> None:
        company, row = self.companies[slug], self.row(slug)
        if what == "grant" and self.consent_of(slug) is None:
            self.count += 1
            company.consent, company.consent_until = self.count, self.at + dt.timedelta(days=1)
            consents.grant(self.session, row, days=1, what_for="The import", name="Alice", by=fixed_id("alice"), at=self.at)
        elif what == "withdraw":
            consents.withdraw(self.session, row, name="Alice", by=fixed_id("alice"), at=self.at)
            taken = self.consent_of(slug)
            company.inside = {key: stay for key, stay in company.inside.items() if taken is None or stay[1] != taken}
            company.consent = None
        elif what.startswith("visit"):
            self._visit(slug, browser, WHY if "reason" in what else None)
        elif what == "end":
            visit = visits.at_door(self.session, self.visitor(browser), slug, now=self.at)
            if visit is not None and visit.over is None:
                visits.end(self.session, visit.id, by=fixed_id("olga"), at=self.at)
            if self._expects(slug, browser):
                company.inside.pop(browser)
        elif what == "wait":
            self.at += dt.timedelta(minutes=25) * (1 + browser * 60)
        elif what in ("close", "open"):
            row.state, company.is_open = ("active", True) if what == "open" else ("closed", False)
        else:
            self._appoint(is_staff=what == "appoint")
        self.session.flush()

    def _visit(self, slug: str, browser: int, reason: str | None) -> None:
        """Pages for operators ask who it is before; here the domain is asked whoever it is."""
        company, consent = self.companies[slug], self.consent_of(slug)
        stay = company.inside.get(browser)
        try:
            visits.begin(self.session, self.row(slug), visitor=self.visitor(browser), reason=reason, at=self.at)
        except Refusal:
            assert not company.is_open or (consent is None and reason is None)
            return
        if stay is None or self.at >= stay[0]:
            until = self.at + LONGEST if consent is None else min(self.at + LONGEST, company.consent_until)
            company.inside[browser] = until, consent

    def _appoint(self, *, is_staff: bool) -> None:
        self.session.execute(delete(Operator).where(Operator.person_id == fixed_id("olga")))
        if is_staff:
            self.session.add(Operator(person_id=fixed_id("olga"), role="operator", added_at=self.at))
        self.is_staff = is_staff

    def _expects(self, slug: str, browser: int) -> bool:
        stay, company = self.companies[slug].inside.get(browser), self.companies[slug]
        return stay is not None and self.at < stay[0] and company.is_open and self.is_staff

    def check(self) -> None:
        for slug in self.companies:
            for browser in (0, 1):
                found = visits.at_door(self.session, self.visitor(browser), slug, now=self.at)
                is_in = found is not None and found.over is None
                assert is_in == self._expects(slug, browser), (slug, browser, found and found.over)
                assert found is None or found.tenant.id == self.ids[slug], "a visit opens the company that it was begun in"
            assert visits.at_door(self.session, _bob(self.at), slug, now=self.at) is None


def _bob(at: dt.datetime) -> Visitor:
    return Visitor(fixed_id("browser 0"), fixed_id("bob"), "Bob", "bob@alpha.example", None, "auto", True, True, at)


@pytest.fixture
def ids(alpha: Tenant, beta: Tenant) -> dict[str, uuid.UUID]:
    return {"alpha": alpha.id, "beta": beta.id}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLAY)
def test_whatever_happens_only_a_running_visit_opens_a_door(landlord: Session, ids: dict[str, uuid.UUID], play: list[tuple[str, str, int]]) -> None:
    stage = Play(landlord, ids)
    try:
        for step in play:
            stage.step(*step)
            stage.check()
        assert len(landlord.scalars(select(SupportVisit.id)).all()) <= len(play)
        assert all(one.tenant_id in ids.values() for one in landlord.scalars(select(SupportConsent)))
    finally:
        landlord.rollback()
