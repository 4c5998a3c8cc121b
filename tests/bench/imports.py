"""An import of 50,000 customers with duplicate check and search index, over COPY of the same rows into the same tables."""

import datetime as dt
import json
import resource
import uuid
import zlib
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.imports import asking, running
from tenants.imports.choices import choices
from tenants.imports.models import Import, ImportRow
from tenants.imports.options import Options
from tenants.imports.reading import Sheet
from tenants.team.actor import Actor, find_actor
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.wall.pour import pour
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace.numbers import next_numbers
from tests.bench.house import House
from tests.bench.interleave import Figure, clocked, middle
from tests.bench.say import say

GOAL = 10.0
ROWS = 50_000
HEADINGS = ["客户名称", "电话", "来源", "规模", "地区", "行业", "标签", "备注"]
PLACES = (("浙江省杭州市余杭区", "杭州"), ("上海市浦东新区", "上海"), ("江苏省苏州市", "苏州"), ("广东省深圳市南山区", "深圳"))
TRADES = ("环保设备", "精密机械", "电子科技", "建材贸易", "食品", "服装", "物流", "软件")
FIRST = "青云海天金华安泰恒瑞明德博远鑫达嘉宏盛"


def measure(house: House, *, rounds: int) -> list[Figure]:
    tenant = next(one for slug, one in house.tenants.items() if one is not house.large)
    imports: list[float] = []
    copies: list[float] = []
    with inside(tenant, house.engine) as session:
        actor = find_actor(session, house.person.id)
    assert actor is not None
    for _ in range(max(1, min(3, rounds // 30))):
        with inside(tenant, house.engine, timeout=600_000) as session:
            key = begun(session, actor)
        imports.append(clocked(partial(imported, house, tenant, actor, key)))
        with inside(tenant, house.engine, timeout=600_000) as session:
            rows = taken_out(session)
        copies.append(clocked(partial(copied, house, tenant, rows)))
        with inside(tenant, house.engine, timeout=600_000) as session:
            taken_out(session)
        del rows
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"imports {imports}, copies {copies}, at most {memory} MB in this process, which holds the rows for COPY as well")
    ratios = [one / other for one, other in zip(imports, copies, strict=True)]
    return [Figure("import of 50,000 rows", median(imports), median(copies), middle(ratios), GOAL, len(imports), "over COPY of the same rows")]


def table() -> list[list[str]]:
    made = [HEADINGS]
    for number in range(ROWS):
        region, place = PLACES[number % 4]
        name = f"{place}{FIRST[number % 19]}{FIRST[number // 19 % 19]}{FIRST[number // 361 % 19]}{number % 97}{TRADES[number % 8]}有限公司"
        made.append([name, f"0571{80000000 + number * 13}", "展会", "20-99", region, "环保", "", f"第 {number} 行"])
    return made


def begun(session: Session, actor: Actor) -> uuid.UUID:
    rows = table()
    packed = zlib.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    sheet = Sheet("xlsx", "数据", len(rows), rows[:60], packed)
    at = dt.datetime.now(dt.UTC)
    one = asking.begin(session, "customer", "bench.xlsx", sheet, by=actor, at=at)
    known = choices("customer", lambda label: [label, {"Exhibition": "展会"}.get(label, label)])
    one.options = Options(owner_id=actor.id, choices=known, offered=dict.fromkeys(known, "")).kept()
    return one.id


def imported(house: House, tenant: Tenant, actor: Actor, key: uuid.UUID) -> None:
    with inside(tenant, house.engine, timeout=600_000) as session:
        one = session.get_one(Import, key)
        numbers = lambda count: next_numbers(session, "customer", count, prefix="C")  # noqa: E731
        setting = asking.setting_of(session, one, actor=actor, at=dt.datetime.now(dt.UTC), zone=tenant.zone, numbers=numbers)
        counts = running.run(setting, one, lambda *_: None)
    assert counts["created"] > ROWS * 0.9, counts


def taken_out(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What stands in the tables, which are empty afterwards."""
    columns = [column for column in Customer.__table__.columns if column.key != "search"]
    rows = [dict(row._mapping) for row in session.execute(select(*columns))]
    words: dict[uuid.UUID, str] = dict(session.execute(text("SELECT id, search::text FROM customers")).all())
    customers = [row | {"search": words[row["id"]]} for row in rows]
    events = [
        dict(row._mapping) | {"id": new_id()} for row in session.execute(select(*Event.__table__.columns).where(Event.kind == "customer.created"))
    ]
    for model in (Event, Customer, ImportRow):
        session.execute(delete(model))
    return customers, events


def copied(house: House, tenant: Tenant, rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    with inside(tenant, house.engine, timeout=600_000) as session:
        pour(session, Customer, rows[0])
        pour(session, Event, rows[1])
