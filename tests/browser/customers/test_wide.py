"""Too much data: a name of 60 characters, ¥123,456,789.00, a long address. No list cuts its last column at 1280, no page scrolls sideways at 375."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from tenants.customers.customer import Customer
from tenants.pipeline.models import Opportunity
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.customers import NOON, make_customer
from tests.world.stage import prop
from tests.world.windows import Window

Browse = Callable[..., Window]
LONG = "佛山市南海区狮山镇科技工业园恒泰精密机械制造有限公司第二分公司客户服务与售后技术支持中心华东华南联合办事处筹备组"
PAGES = ("customers", "contacts", "opportunities/list", f"customers/{prop('customer', 'Bob')}", f"opportunities/{prop('opportunity', 'Bob')}", "")
CUT = "() => [...document.querySelectorAll('.sheet-scroll')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText.slice(0, 80))"


@pytest.fixture(autouse=True)
def much(alpha: Tenant, engine: Engine, bob: Actor) -> None:
    contact = {
        "name": "欧阳建国强", "post": "华东大区副总经理兼采购总监", "is_decision_maker": True,
        "mobile": "13857182046", "wechat": "ouyangjianguoqiang2046",
        "mail": "ouyang.jianguoqiang@foshan-hengtai-precision.example", "birthday": dt.date(1971, 6, 21), "birthday_is_lunar": True,
    }  # fmt: skip
    with inside(alpha, engine) as session:
        session.get_one(Customer, prop("customer", "Bob")).edit(session, {"name": LONG, "region": "浙江 杭州 余杭区", "grade": "A"}, by=bob, at=NOON)
        make_customer(session, bob, LONG[::-1], status="prospective", contact=contact)
        for one in session.scalars(select(Opportunity)):
            one.edit(session, {"name": LONG, "amount": Decimal("123456789.00")}, by=bob, at=NOON)


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_no_list_cuts_its_last_column(browse: Browse, language: str) -> None:
    desk = browse("bob", language=language)
    for path in PAGES[:3]:
        assert desk.goto(path).evaluate(CUT) == [], path


def test_no_page_scrolls_sideways_on_a_phone(browse: Browse) -> None:
    phone = browse("bob", width=375, language="zh_Hans_CN")
    for path in PAGES:
        phone.goto(path)
        assert not phone.scrolls_sideways(), path
