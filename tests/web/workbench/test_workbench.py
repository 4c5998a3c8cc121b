"""The home page: a boss sees the company, a leader the team, a salesman himself."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.intake import add_contact, create_customer
from tenants.followups.models import Plan
from tenants.pipeline.models import Opportunity
from tenants.team.actor import Actor
from tests.world.cast import Player
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]


def todo(html: str, label: str) -> int:
    """The number on a to-do link."""
    found = re.search(rf"<b>([\d,]+)</b>{label}", html)
    assert found, f"no to-do {label!r}"
    return int(found[1].replace(",", ""))


def due(session: Session, when: dt.datetime) -> None:
    session.execute(update(Customer).values(next_contact_at=when, version=Customer.version + 1))
    session.commit()


@pytest.mark.parametrize(("name", "count"), [("alice", 2), ("mei", 1), ("bob", 1)])
def test_each_counts_what_is_theirs(client_of: ClientOf, inside_alpha: Session, name: str, count: int) -> None:
    due(inside_alpha, dt.datetime.now(dt.UTC) - dt.timedelta(days=3))
    assert todo(client_of(name).get("").text, "contacts overdue") == count


def test_a_count_leads_to_a_list_of_as_many(client_of: ClientOf, inside_alpha: Session) -> None:
    due(inside_alpha, dt.datetime.now(dt.UTC) - dt.timedelta(days=3))
    html = client_of("alice").get("").text
    link = re.search(r'<a href="([^"]+)"[^>]*><b>2</b>contacts overdue', html)
    assert link
    assert client_of("alice").get(link[1].replace("&amp;", "&")).text.count("data-row") == 2


@pytest.mark.parametrize("period", ["today", "week", "month", "year", "nonsense"])
def test_every_period_answers(client_of: ClientOf, period: str) -> None:
    assert client_of("bob").get(f"?period={period}").status_code == 200


def test_a_plan_that_is_due_can_be_ticked_off_here(client_of: ClientOf, inside_alpha: Session, players: dict[str, Player]) -> None:
    plan = inside_alpha.scalars(select(Plan).where(Plan.member_id == players["bob"].member_id)).first()
    assert plan is not None
    plan.due_at, plan.done_at = dt.datetime.now(dt.UTC) - dt.timedelta(hours=30), None
    inside_alpha.commit()
    bob = client_of("bob")
    assert plan.content in bob.get("").text
    answer = bob.post(f"plans/{plan.id}/completion?at=workbench", htmx=True)
    assert answer.status_code == 200
    inside_alpha.refresh(plan)
    assert plan.done_at is not None


def test_whoever_may_read_no_opportunities_sees_no_funnel(client_of: ClientOf, inside_alpha: Session) -> None:
    from tenants.team.models import Role

    role = inside_alpha.scalars(select(Role).where(Role.key == "sales")).one()
    role.grants = {"customer": {"scope": "own", "verbs": ["read"]}}
    inside_alpha.commit()
    html = client_of("bob").get("").text
    assert "Sales funnel" not in html
    assert "Sales funnel" in client_of("alice").get("").text


def test_first_steps_tick_themselves_and_can_be_put_away(client_of: ClientOf) -> None:
    alice = client_of("alice")
    html = alice.get("").text
    assert "First steps" in html
    assert "Complete the company&#39;s profile</a>" in html
    alice.post("settings/company", data={"name": "Alpha", "timezone": "Asia/Shanghai", "locale": "en"})
    assert "Complete the company&#39;s profile</a>" not in alice.get("").text
    alice.post("first-steps/dismissal")
    assert "First steps" not in alice.get("").text


def test_first_steps_are_for_who_arranges_the_company(client_of: ClientOf) -> None:
    assert "First steps" not in client_of("bob").get("").text
    assert client_of("bob").post("first-steps/dismissal").status_code == 403


class TestPalette:
    def test_finds_by_name_and_leads_there(self, client_of: ClientOf, inside_alpha: Session, players: dict[str, Player]) -> None:
        his = inside_alpha.scalars(select(Customer).where(Customer.owner_id == players["bob"].member_id)).first()
        assert his is not None
        html = client_of("bob").get(f"palette?q={his.name[:6]}").text
        assert f"/alpha/customers/{his.id}" in html

    def test_finds_nothing_of_a_colleague(self, client_of: ClientOf, inside_alpha: Session, players: dict[str, Player]) -> None:
        hers = inside_alpha.scalars(select(Customer).where(Customer.owner_id == players["alice"].member_id)).first()
        assert hers is not None
        assert str(hers.id) not in client_of("bob").get(f"palette?q={hers.name}").text

    def test_whose_name_begins_with_it_comes_before_who_is_found_by_a_person_there(
        self, client_of: ClientOf, inside_alpha: Session, bob: Actor
    ) -> None:
        at = dt.datetime(2026, 1, 6, 2, tzinfo=dt.UTC)
        known = create_customer(inside_alpha, {"name": "Abc", "status": "target", "owner_id": bob.id}, by=bob, at=at)
        add_contact(inside_alpha, known, {"name": "Naomi Dixon"}, by=bob, at=at)
        for name in ("Carmen Dixon Bikes", "Dixon & Maplewick Bakery of Joliet"):
            create_customer(inside_alpha, {"name": name, "status": "target", "owner_id": bob.id}, by=bob, at=at)
        inside_alpha.commit()
        html = client_of("bob").get("palette?q=dix").text
        assert html.index("Maplewick") < html.index("Carmen") < html.index("Abc")

    def test_goes_to_pages_by_a_part_of_their_name(self, client_of: ClientOf) -> None:
        assert "/alpha/opportunities" in client_of("bob").get("palette?q=oppor").text
        assert "/alpha/settings" not in client_of("bob").get("palette?q=settings").text

    @pytest.mark.parametrize("q", ["'", "\\", "a:*", "!(", "&|", "\u0000", "🦊", "%", "x" * 500, "<script>alert(1)</script>"])
    def test_hostile_words_find_nothing_and_break_nothing(self, client_of: ClientOf, q: str) -> None:
        answer = client_of("bob").get("palette", query_string={"q": q})
        assert answer.status_code in {200, 400}
        assert "<script>alert" not in answer.text


def test_a_chart_with_nothing_in_it_says_so_in_words(client_of: ClientOf, inside_alpha: Session) -> None:
    empty = "Nothing was won in the last twelve months."
    html = client_of("alice").get("").text
    assert empty in html and "data-chart" not in html
    now = dt.datetime.now(dt.UTC)
    inside_alpha.execute(update(Opportunity).values(outcome="won", closed_at=now, amount=5, version=Opportunity.version + 1))
    inside_alpha.commit()
    html = client_of("alice").get("").text
    assert empty not in html and "data-chart" in html
