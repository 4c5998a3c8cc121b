"""Customers are found by any piece of their names, by pinyin and initials, by number and phone, and by their contacts'; by an index."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from tenants.customers.criteria import Criteria
from tenants.customers.people import Wanted, contacts, count_contacts
from tenants.customers.queries import ORDERS, count, rows
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.customers import MIDNIGHT, make_customer
from tests.world.database import Database

HOSTILE = [
    "'", '"', "\\", "' OR 1=1 --", "a & b | !c", "<->", ":*", "%", "_", "()", "((((", "\u200b", "😀", "\ud7ff", "a" * 5000, "青" * 500, "&" * 50,
    "''''", "\\'", "a:*b",
    "1" * 400, "+86", "+", "++++13800000000", "&&&", "' & '", "NULL", "\r\n\t", "ﬀ", "ΑΒΓ", "مرحبا", "١٢٣٤٥",
    "a'b\"c\\d", "*", "?", "青'禾", "!", "<script>", "$1", "%s", "{0}",
]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["青禾", "杭州青禾", "禾环", "qinghe", "hzqh", "qhhb", "QINGHE", "环保 杭州", "C000001", "c000001", "057188123456", "88123456", "0571 8812",
     "王芳", "wangfang", "wf",
     "13857182046", "2046", "138 5718 2046", "+86 138 5718 2046", "青禾环"],
)  # fmt: skip
def test_found(inside_alpha: Session, bob: Actor, query: str) -> None:
    customer = make_customer(
        inside_alpha, bob, "杭州青禾环保设备有限公司", short_name="青禾环", phone="0571-88123456", contact={"name": "王芳", "mobile": "13857182046"}
    )
    make_customer(inside_alpha, bob, "宁波恒泰精密机械有限公司", phone="0574-66667777", contact={"name": "李军", "mobile": "13900001111"})
    assert [row.id for row in rows(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT)] == [customer.id]


@pytest.mark.parametrize("query", ["苏州", "zzz", "99999", "青木"])
def test_not_found(inside_alpha: Session, bob: Actor, query: str) -> None:
    make_customer(inside_alpha, bob, "杭州青禾环保设备有限公司")
    assert rows(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT) == []


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_typed_is_no_error(inside_alpha: Session, bob: Actor, query: str) -> None:
    make_customer(inside_alpha, bob, f"x{query}", contact={"name": f"x{query}"})
    found = rows(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT)
    assert count(inside_alpha, bob, Criteria(q=query), today=MIDNIGHT)[0] == len(found)
    people = contacts(inside_alpha, bob, Wanted(q=query), today=MIDNIGHT.date())
    assert count_contacts(inside_alpha, bob, Wanted(q=query), today=MIDNIGHT.date())[0] == len(people)


ROWS = """
    INSERT INTO customers (id, name, number, kind, status, status_since, name_key, core_name, search, created_at, updated_at)
    SELECT gen_random_uuid(), 'Row ' || n, 'R' || n, 'company', 'target', now(), 'row' || n, 'row', array_to_tsvector(ARRAY['row', n::text]),
           now() - n * interval '1 minute', now()
      FROM generate_series(1, 5000) n
"""


PASSES = {"status", "owner", "amount"}  # one pass and a short sort, and no index of their own: docs/decisions.md


def test_neither_search_nor_any_order_reads_the_whole_table(database: Database, engine: Engine, alpha: Tenant, alice: Actor) -> None:
    with inside(alpha, engine) as session:
        session.execute(text(ROWS))
        make_customer(session, alice, "杭州青禾环保设备有限公司")
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(f"VACUUM ANALYZE {alpha.key}.customers".encode())
    for asked, sort in [
        (Criteria(q="青禾"), "-created"),
        (Criteria(q="qhhb"), "name"),
        *((Criteria(), sign + order) for order in ORDERS.keys() - PASSES for sign in ("", "-")),
    ]:
        with inside(alpha, engine) as session:
            plan = _explained(session, alice, asked, sort)
        assert "Seq Scan on customers" not in plan, (asked.q, sort, plan)
        assert ("ix_customers_search" in plan) is bool(asked.q), (asked.q, sort, plan)


def _explained(session: Session, actor: Actor, criteria: Criteria, sort: str) -> str:
    """The plan of the very statement that reads the rows."""
    said: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _u, statement, parameters, _x, _m: said.append((statement, parameters)))
    rows(session, actor, criteria, sort=sort, today=MIDNIGHT)
    statement, parameters = said[-1]
    return "\n".join(str(line[0]) for line in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
