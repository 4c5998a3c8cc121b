"""The sample company is believable, and the same whenever it is made from the same seed."""

import datetime as dt
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tenants.customers.options import GRADES, SIZES, SOURCES, STATUSES, TAG_COLOURS
from tenants.customers.rules import is_credit_code
from tenants.demo.chinese import CHINESE
from tenants.demo.company import sample_customers
from tenants.demo.english import ENGLISH
from tenants.demo.sample import SampleCustomer
from tenants.demo.vocabulary import Vocabulary
from tenants.followups.options import MEANS
from tenants.team.rules import DEFAULT_ROLES
from tenants.values import regions
from tenants.values.calendars import is_working_day
from tenants.values.names import is_slug, propose_slug
from tenants.values.phones import normalise

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = dt.datetime(2026, 11, 24, 14, 20, tzinfo=SHANGHAI)
MOMENTS = [
    TUESDAY,
    dt.datetime(2026, 11, 22, 8, 0, tzinfo=SHANGHAI),
    dt.datetime(2026, 10, 1, 0, 1, tzinfo=SHANGHAI),
    dt.datetime(2027, 3, 1, 9, 2, tzinfo=SHANGHAI),
]

both = pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["chinese", "english"])


VOCABULARIES = {"zh_Hans_CN": CHINESE, "en": ENGLISH}


@cache
def _made(locale: str, now: dt.datetime, count: int) -> list[SampleCustomer]:
    return list(sample_customers(VOCABULARIES[locale], seed=7, now=now, count=count))


def made(words: Vocabulary, now: dt.datetime = TUESDAY, count: int = 300) -> list[SampleCustomer]:
    return _made(words.locale, now, count)


@both
def test_the_same_seed_makes_the_same_company(words: Vocabulary) -> None:
    assert list(sample_customers(words, seed=7, now=TUESDAY, count=300)) == made(words)
    assert made(words)[0] != next(sample_customers(words, seed=8, now=TUESDAY, count=1))


@both
def test_a_firm_of_eight_in_three_teams_with_every_role(words: Vocabulary) -> None:
    assert len(words.colleagues) == 8 and len(words.teams) == 3
    assert {colleague.role for colleague in words.colleagues} | {"owner"} == set(DEFAULT_ROLES)
    assert Counter(colleague.team for colleague in words.colleagues if colleague.leads) == dict.fromkeys(words.teams, 1)
    assert {colour for _, colour in words.tags} <= set(TAG_COLOURS)
    assert is_slug(propose_slug(words.company))


@both
def test_customers_look_like_customers(words: Vocabulary) -> None:
    customers = made(words)
    assert len({customer.name for customer in customers}) == 300
    assert {customer.status for customer in customers} == set(STATUSES)
    assert {customer.grade for customer in customers} == set(GRADES)
    assert {customer.size for customer in customers} == set(SIZES)
    assert {customer.source for customer in customers} <= set(SOURCES)
    assert {customer.kind for customer in customers} == {"company", "person"}
    assert {len(customer.contacts) for customer in customers} == {1, 2, 3, 4}
    assert len({customer.industry for customer in customers}) >= 12
    assert all(len({contact.post for contact in customer.contacts}) == len(customer.contacts) for customer in customers)


@both
def test_numbers_and_addresses_reach_nobody(words: Vocabulary) -> None:
    customers = made(words)
    mobiles = [contact.mobile for customer in customers for contact in customer.contacts]
    assert len(set(mobiles)) == len(mobiles)
    assert all(re.fullmatch(r"\+86154\d{8}|\+1\d{3}55501\d\d", mobile) and normalise(mobile) == mobile for mobile in mobiles)
    assert all(contact.mail is None or contact.mail.endswith(".example") for customer in customers for contact in customer.contacts)
    assert all(customer.website is None or customer.website.endswith(".example") for customer in customers)


def test_chinese_customers_have_right_codes_and_real_regions() -> None:
    customers = made(CHINESE)
    codes = [customer.credit_code for customer in customers if customer.credit_code]
    assert len(codes) > 150 and all(map(is_credit_code, codes))
    assert all(str(regions.normalise(place.region)) == place.region for place in CHINESE.places)


@both
def test_sixty_opportunities_stand_in_every_stage(words: Vocabulary) -> None:
    deals = [customer.opportunity for customer in made(words) if customer.opportunity]
    stages = Counter(deal.outcome if deal.closed_at else len(deal.entered) - 1 for deal in deals)
    assert len(deals) == 60
    assert stages == {0: 11, 1: 10, 2: 10, 3: 7, 4: 4, "won": 10, "lost": 6, "invalid": 2}
    assert all(deal.amount > 0 and deal.amount < 10**7 for deal in deals)
    assert all((deal.lost_reason is not None and deal.lost_remark) or deal.outcome != "lost" for deal in deals)
    assert all(deal.entered == sorted(deal.entered) and (deal.closed_at is None or deal.closed_at >= deal.entered[-1]) for deal in deals)


@both
@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_nothing_has_happened_in_the_future_or_at_night(words: Vocabulary, now: dt.datetime) -> None:
    for customer in made(words, now):
        moments = [talk.at for talk in customer.followups]
        assert moments == sorted(moments) and all(moment < now for moment in [customer.created_at, customer.status_since, *moments])
        assert all(dt.time(8, 30) <= moment.time() <= dt.time(18) for moment in moments)
        assert not moments or customer.created_at < moments[0]
        if customer.opportunity:
            assert all(moment < now for moment in [*customer.opportunity.entered, customer.opportunity.closed_at or customer.created_at])
        works = is_working_day if words is CHINESE else lambda day: day.weekday() < 5
        assert all(works(moment.date()) for moment in moments)


@both
@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_there_is_something_to_do_late_today_and_soon(words: Vocabulary, now: dt.datetime) -> None:
    days = [(customer.plan.due_at.date() - now.date()).days for customer in made(words, now) if customer.plan]
    assert sum(day < 0 for day in days) >= 5 and sum(day == 0 for day in days) >= 8 and sum(day > 0 for day in days) >= 30


@both
def test_a_year_of_talks_that_do_not_repeat_themselves(words: Vocabulary) -> None:
    customers = made(words)
    talks = [talk for customer in customers for talk in customer.followups]
    assert len(talks) > 1000 and TUESDAY - min(talk.at for talk in talks) > dt.timedelta(days=300)
    assert {talk.means for talk in talks} <= set(MEANS)
    assert Counter(talk.content for talk in talks).most_common(1)[0][1] < 40
    assert not [talk.content for talk in talks if "{" in talk.content or "None" in talk.content]
    for customer in customers:
        assert Counter(talk.content for talk in customer.followups).total() - len({talk.content for talk in customer.followups}) <= 2


@both
def test_each_talk_says_when_to_speak_again_and_so_it_happens(words: Vocabulary) -> None:
    for customer in made(words):
        for talk, following in pairwise(customer.followups):
            assert talk.next_contact_at is not None and dt.timedelta(0) <= following.at - talk.next_contact_at < dt.timedelta(minutes=30)
        if customer.plan:
            assert customer.followups[-1].next_contact_at == customer.plan.due_at == customer.next_contact_at


def test_english_has_no_chinese_in_it() -> None:
    assert not [customer.name for customer in made(ENGLISH) if re.search("[\u4e00-\u9fff]", repr(customer))]


def test_a_large_company_is_made_of_the_same_stuff() -> None:
    assert len({customer.name for customer in made(CHINESE, count=3000)}) == 3000
