"""设置 · 评分: rules are tried out, looked at and saved; six questions, and that two who edit at once hear of each other."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.options import SOURCES
from tenants.jobs.models import Job
from tenants.pipeline.models import Stage
from tenants.scoring import keeping
from tenants.scoring.rules import Scheme
from tenants.scoring.schemes import scheme_of
from tenants.scoring.sources import Day
from tenants.team.models import Member, Role
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.stage import prop

RULES = "settings/scoring/customer"
NEW = f"{RULES}/rules/new"
Clients = Callable[..., Guest]


@pytest.fixture
def alice(client_of: Clients) -> Guest:
    return client_of("alice")


@pytest.fixture
def scheme(engine: Engine, alpha: Tenant) -> Callable[[], Scheme]:
    def saved() -> Scheme:
        with inside(alpha, engine) as session:
            return scheme_of(session, "customer")

    return saved


@pytest.fixture
def mei_too(engine: Engine, alpha: Tenant) -> None:
    """Mei administers as well."""
    with inside(alpha, engine) as session:
        admin = session.scalars(select(Role.id).where(Role.key == "admin")).one()
        session.scalars(select(Member).where(Member.name == "Mei")).one().role_id = admin


def test_a_rule_is_tried_out_and_saved(alice: Guest, scheme: Callable[[], Scheme], engine: Engine, alpha: Tenant) -> None:
    before = scheme()
    assert alice.post(f"{NEW}?kind=silent", data={"points": "−12", "days": "45"}).status_code == 303
    assert scheme() == before, "a draft holds for nobody"
    page = alice.get(RULES).text
    assert "You are trying out changes" in page and "Nobody has spoken to them for 45 days" in page
    assert alice.post(f"{RULES}/saving").status_code == 303
    now = scheme()
    assert now.version == before.version + 1
    assert [(rule.points, dict(rule.values)) for rule in now.rules if rule.kind == "silent"][-1] == (-12, {"days": 45})
    assert "You are trying out changes" not in alice.get(RULES).text
    with inside(alpha, engine) as session:
        assert session.scalars(select(Job.kind)).all() == ["rescoring"]
        assert session.scalars(select(Event.kind).where(Event.kind == "scoring.changed")).all() == ["scoring.changed"]
    assert "Changed the rules that score customers" in alice.get("settings/log").text


@pytest.mark.parametrize(
    ("query", "data", "says"),
    [
        ("kind=silent", {"points": "0", "days": "45"}, "not 0"),
        ("kind=silent", {"points": "101", "days": "45"}, "from −100 to 100"),
        ("kind=silent", {"points": "5", "days": "0"}, "from 1 to 3650"),
        ("kind=silent", {"points": "5", "days": "soon"}, "from 1 to 3650"),
        ("kind=talks", {"points": "40", "days": "30", "most": "5"}, "must not be more than 100"),
        ("kind=open_amount", {"points": "5", "amount_from": "much"}, "An amount in yuan"),
        ("kind=open_amount", {"points": "5", "amount_from": "9", "amount_below": "9"}, "must be above the lower"),
        ("kind=is_one_of&field=status", {"points": "5"}, "Choose one value"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(alice: Guest, query: str, data: dict[str, str], says: str) -> None:
    answer = alice.post(f"{NEW}?{query}", data=data)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{data["points"]}"' in answer.text, "nothing typed is lost"


@pytest.mark.parametrize("query", ["kind=moon", "kind=is_one_of&field=secret", "kind=is_one_of"])
def test_there_is_no_such_rule(alice: Guest, query: str) -> None:
    assert alice.get(f"{NEW}?{query}").status_code == 404


@pytest.mark.parametrize("subject", ["customer", "opportunity"])
def test_every_kind_has_its_form(alice: Guest, subject: str) -> None:
    menu = alice.get(f"settings/scoring/{subject}/rules/new").text
    addresses = re.findall(rf'href="[^"]*/settings/scoring/{subject}/rules/new\?([^"]+)"', menu)
    assert len(addresses) > 10
    for query in dict.fromkeys(addresses):
        assert alice.get(f"settings/scoring/{subject}/rules/new?{query.replace('&amp;', '&')}").status_code == 200


def test_every_rule_can_be_edited_switched_off_removed_and_taken_back(alice: Guest) -> None:
    assert alice.get(f"{RULES}/rules/d1").status_code == 200
    alice.post(f"{RULES}/rules/d1", data={"points": "33", "values": ["vip", "lapsed"]})
    alice.post(f"{RULES}/rules/d5/switch")
    alice.post(f"{RULES}/rules/d6/removal")
    page = alice.get(RULES).text
    assert "+33" in page and "Status is VIP, Lapsed" in page
    assert page.count(">changed<") == 2 and page.count(">removed<") == 1 and page.count(">off<") == 1
    for rule in ("d1", "d5", "d6"):
        alice.post(f"{RULES}/rules/{rule}/return")
    assert "You are trying out changes" not in alice.get(RULES).text, "all is as before"


def test_where_everybody_starts_and_how_grades_follow(alice: Guest, scheme: Callable[[], Scheme]) -> None:
    measure = {"base": "35", "mode": "shares", "a": "70", "b": "40", "share_a": "10", "share_b": "30"}
    assert alice.post(f"{RULES}/measure", data=measure | {"base": "101"}).status_code == 422
    assert alice.post(f"{RULES}/measure", data=measure | {"a": "30"}).status_code == 422
    assert alice.post(f"{RULES}/measure", data=measure | {"share_b": "95"}).status_code == 422
    assert alice.post(f"{RULES}/measure", data=measure).status_code == 303
    alice.post(f"{RULES}/saving")
    saved = scheme()
    assert (saved.base, saved.grading.mode, saved.grading.share_a) == (35, "shares", 10)


def test_the_effect_is_shown_before(alice: Guest, engine: Engine, alpha: Tenant) -> None:
    with inside(alpha, engine) as session:
        reckon(session)
    alice.post(f"{RULES}/measure", data={"base": "100", "mode": "thresholds", "a": "70", "b": "40", "share_a": "20", "share_b": "30"})
    text = alice.get(f"{RULES}/effect").text
    assert "2 customers would have another score</b>, 2 another grade" in text
    assert f"customers/{prop('customer', 'Bob')}" in text
    with inside(alpha, engine) as session:
        assert session.get_one(Customer, prop("customer", "Bob")).grade == "C", "nothing is written"


def test_no_effect_is_said_to_be_none(alice: Guest, engine: Engine, alpha: Tenant) -> None:
    with inside(alpha, engine) as session:
        reckon(session)
    alice.post(NEW + "?kind=is_one_of&field=tag", data={"points": "9", "values": ["0190a000-0000-7000-8000-0000000000aa"]})
    alice.post(f"{RULES}/rules/d6/removal")
    alice.post(f"{RULES}/rules/d6/return")
    text = alice.get(f"{RULES}/effect").text
    assert "Nothing would change." in text and "0 customers" not in text and "<table" not in text


def test_a_rule_with_many_values_names_a_few(alice: Guest) -> None:
    known = list(SOURCES)[:9]
    alice.post(NEW + "?kind=is_one_of&field=source", data={"points": "9", "values": known})
    text = alice.get(RULES).text
    assert f"{SOURCES[known[3]]} and 5 more" in text and SOURCES[known[4]] not in text.partition("and 5 more")[2][:200]


def test_an_effect_names_only_whom_one_may_see(client_of: Clients, engine: Engine, alpha: Tenant) -> None:
    with inside(alpha, engine) as session:
        role = session.scalars(select(Role).where(Role.key == "sales")).one()
        role.grants = role.grants | {"settings": {"scope": "all", "verbs": ["scoring"]}}
    bob = client_of("bob")
    bob.post(f"{RULES}/measure", data={"base": "100", "mode": "thresholds", "a": "70", "b": "40", "share_a": "20", "share_b": "30"})
    text = bob.get(f"{RULES}/effect").text
    assert "2 customers would have another score" in text
    assert "Bob" in text and "Alice&#39;s customer" not in text


@pytest.mark.usefixtures("mei_too")
def test_of_two_who_edit_at_once_the_second_sees_both(alice: Guest, client_of: Clients, scheme: Callable[[], Scheme]) -> None:
    mei = client_of("mei")
    for one, days in ((alice, "45"), (mei, "90")):
        one.post(f"{RULES}/rules/d8", data={"points": "-20", "days": days})
    assert alice.post(f"{RULES}/saving").status_code == 303
    answer = mei.post(f"{RULES}/saving")
    assert answer.status_code == 409
    assert "for 45 days" in answer.text and "for 90 days" in answer.text
    silent = [rule.values["days"] for rule in scheme().rules if rule.kind == "silent"]
    assert silent == [45]
    assert mei.post(f"{RULES}/saving", data={"over": str(scheme().version)}).status_code == 303
    assert [rule.values["days"] for rule in scheme().rules if rule.kind == "silent"] == [90]


def test_the_rules_before_can_be_taken_back(alice: Guest, scheme: Callable[[], Scheme]) -> None:
    before = scheme()
    alice.post(f"{RULES}/rules/d1/removal")
    alice.post(f"{RULES}/saving")
    changed = scheme()
    assert len(changed.rules) == len(before.rules) - 1
    assert alice.post(f"{RULES}/former", data={"version": str(before.version)}).status_code == 303
    assert scheme() == changed, "they are not the rules that she saw"
    alice.post(f"{RULES}/former", data={"version": str(changed.version)})
    assert scheme().same_as(before) and scheme().version == changed.version + 1


def test_a_draft_is_thrown_away(alice: Guest, scheme: Callable[[], Scheme]) -> None:
    before = scheme()
    alice.post(f"{RULES}/rules/d1/removal")
    assert alice.post(f"{RULES}/discarding").status_code == 303
    alice.post(f"{RULES}/saving")
    assert scheme() == before


@pytest.mark.parametrize("who", ["mei", "bob", "rhea"])
@pytest.mark.parametrize("page", [RULES, NEW, f"{RULES}/effect", f"{RULES}/measure", f"{RULES}/rules/d1"])
def test_who_may_not_arrange_sees_nothing(client_of: Clients, who: str, page: str) -> None:
    assert client_of(who).get(page).status_code == 403


def test_what_does_not_exist(alice: Guest, client_of: Clients) -> None:
    assert alice.get("settings/scoring/moon").status_code == 404
    assert alice.get(f"{RULES}/rules/nobody").status_code == 404
    assert alice.get(f"{RULES}/saving").status_code == 405


def test_a_piece_of_the_effect_is_no_page(alice: Guest) -> None:
    alice.post(f"{RULES}/rules/d1/removal")
    assert "<html" not in alice.get(f"{RULES}/effect", htmx=True).text


def reckon(session: Session) -> None:
    at = dt.datetime.now(dt.UTC)
    keeping.rescore_all(session, Day.of(at, zoneinfo.ZoneInfo("Asia/Shanghai")), at=at)


def test_a_stage_in_a_rule_has_its_name(alice: Guest, engine: Engine, alpha: Tenant) -> None:
    with inside(alpha, engine) as session:
        key = session.scalars(select(Stage.id).where(Stage.name == "Prospecting")).one()
    alice.post("settings/scoring/opportunity/rules/new?kind=is_one_of&field=stage", data={"points": "5", "values": str(key)})
    assert "Stage is Prospecting" in alice.get("settings/scoring/opportunity").text
