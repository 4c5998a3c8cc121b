"""Imports in a heavy worker: what becomes of rows, once, all or nothing, and back again."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.search import matches
from tenants.customers.tag import CustomerTag, Tag
from tenants.followups.models import Followup, reckon_contacts
from tenants.imports import asking, running
from tenants.imports.choices import choices
from tenants.imports.models import Import, ImportRow
from tenants.imports.options import Options
from tenants.imports.undo import TooLateToUndo
from tenants.jobs import asking as jobs
from tenants.jobs.models import Job
from tenants.pipeline.models import Opportunity, StageMove
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.sheets import sheet
from tests.world.stage import prop
from workers import heavy
from workers.tenancy import House, now
from workers.work import Cancelled

BOBS = prop("customer", "Bob")
CHINESE = {"Exhibition": "展会"}
TABLE = [
    ["客户名称", "联系人", "手机", "来源", "标签", "备注"],
    ["杭州青禾环保设备有限公司", "王建国", "13857182046", "展会", "重点、华东", "第一批"],
    ["Green Grain Ltd", "", "", "referral", "", ""],
    ["", "无名", "", "", "", ""],
    ["宁波海潮有限公司", "", "", "天上", "", ""],
]
Importing = Callable[..., uuid.UUID]


@pytest.fixture
def importing(house: House, alpha: Tenant, engine: Engine, alice: Actor) -> Importing:
    """Begins an import, has it tried and run; returns its id."""

    def do(rows: Sequence[Sequence[str]], kind: Any = "customer", *, by: Actor = alice, until: str = "run", **options: Any) -> uuid.UUID:
        with inside(alpha, engine) as session:
            one = asking.begin(session, kind, "kunden.xlsx", sheet(rows), by=by, at=now())
            told: dict[str, Any] = {
                "policy": "skip",
                "owner_id": by.id,
                "choices": choices(kind, lambda label: [label, CHINESE.get(label, "")]),
                "offered": dict.fromkeys(["source", "means"], "…"),
            }
            told["words"] = {"author": "Originally by %(name)s", "contact": "Contact: %(name)s"}
            asking.match(session, one, rows[0], one.fields, Options(**told | options), at=now())
            job = asking.ask_check(session, one, by=by, at=now()).id
        heavy.run(house, alpha, job)
        if until == "run":
            with inside(alpha, engine) as session:
                job = asking.ask_run(session, session.get_one(Import, one.id), by=by, at=now()).id
            heavy.run(house, alpha, job)
        return one.id

    return do


@pytest.fixture
def look(alpha: Tenant, engine: Engine) -> Callable[[Callable[[Session], Any]], Any]:
    def ask(question: Callable[[Session], Any]) -> Any:
        with inside(alpha, engine) as session:
            return question(session)

    return ask


def counts(session: Session, key: uuid.UUID) -> dict[str, int]:
    one = session.get_one(Import, key)
    job = session.get_one(Job, one.job_id)
    assert job.state == "done", job.failure
    return {name: number for name, number in one.counts.items() if number}


def errors(session: Session, key: uuid.UUID) -> dict[int, list[str]]:
    rows = session.scalars(select(ImportRow).where(ImportRow.import_id == key, ImportRow.state == "failed"))
    return {row.number: [told["field"] for told in (row.data or {})["errors"]] for row in rows}


def named(session: Session, name: str) -> Customer:
    return session.scalars(select(Customer).where(Customer.name == name)).one()


def back(house: House, alpha: Tenant, engine: Engine, by: Actor, key: uuid.UUID) -> None:
    with inside(alpha, engine) as session:
        job = asking.ask_undo(session, session.get_one(Import, key), by=by, at=now()).id
    heavy.run(house, alpha, job)


def test_a_dry_run_changes_nothing_and_tells_all(importing: Importing, look: Any) -> None:
    key = importing(TABLE, until="check")
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 2, "those of the stage"
    assert look(lambda session: counts(session, key)) == {"created": 2, "failed": 2}
    assert look(lambda session: errors(session, key)) == {4: ["name"], 5: ["source"]}


def test_customers_with_all_that_belongs_to_them(importing: Importing, look: Any, alice: Actor) -> None:
    key = importing(TABLE)
    assert look(lambda session: counts(session, key)) == {"created": 2, "failed": 2}

    def see(session: Session) -> None:
        one = named(session, "杭州青禾环保设备有限公司")
        assert (one.source, one.remark, one.owner_id, one.number, one.status, one.version) == (
            "exhibition",
            "第一批",
            alice.id,
            "C000001",
            "target",
            1,
        )
        contact = session.scalars(select(Contact).where(Contact.customer_id == one.id)).one()
        assert (contact.name, contact.mobile) == ("王建国", "+8613857182046")
        kinds = session.scalars(select(Event.kind).where(Event.customer_id == one.id).order_by(Event.kind)).all()
        assert kinds == ["contact.created", "customer.created"]
        told = session.scalars(select(Event).where(Event.kind == "customer.created", Event.customer_id == one.id)).one()
        assert told.data == {"name": one.name, "number": "C000001", "import": "kunden.xlsx"}
        for words in ("青禾", "qinghe", "王建国", "2046", "C000001"):
            found = matches(Customer.search, words)
            assert found is not None and session.scalars(select(Customer.id).where(found)).all() == [one.id], words

    look(see)


def test_what_forms_write_and_imports_write_is_the_same(importing: Importing, look: Any) -> None:
    """Column by column of what they are found by."""
    importing(TABLE)

    def see(session: Session) -> None:
        for one in session.scalars(select(Customer).where(Customer.created_at > dt.datetime(2026, 2, 1, tzinfo=dt.UTC))).all():
            before = (one.name_key, one.core_name, sorted(set(one.search.replace("'", "").split())))  # type: ignore[attr-defined]
            from tenants.customers.search import lexemes_of_contacts

            one.refresh_search(lexemes_of_contacts(session, one.id))
            assert before == (one.name_key, one.core_name, sorted(one.search))

    look(see)


def test_twice_is_once(importing: Importing, look: Any, house: House, alpha: Tenant) -> None:
    key = importing(TABLE)
    job = look(lambda session: session.get_one(Import, key).job_id)
    for _ in range(2):
        heavy.run(house, alpha, job)
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 4


def test_duplicates_are_skipped_filled_or_made_again(importing: Importing, look: Any) -> None:
    importing(TABLE[:2])
    again = [["客户名称", "电话", "备注"], ["青禾环保设备", "0571-88123456", "neu"], ["杭州 青禾环保设备有限公司", "", "newer"]]
    assert look(lambda session: counts(session, importing(again))) == {"skipped": 2}
    assert look(lambda session: named(session, TABLE[1][0])).remark == "第一批"
    assert look(lambda session: counts(session, importing(again, policy="update"))) == {"updated": 2}
    one = look(lambda session: named(session, "杭州 青禾环保设备有限公司"))
    assert (one.phone, one.remark, one.source, one.version) == ("+8657188123456", "newer", "exhibition", 2)
    changes = look(
        lambda session: session.scalars(select(Event).where(Event.kind == "customer.edited", Event.customer_id == one.id)).one().data["changes"]
    )
    assert changes["remark"] == ["第一批", "newer"]
    assert look(lambda session: counts(session, importing(again, policy="create"))) == {"created": 2}


def test_tags_are_added_and_taken_back(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    importing(TABLE[:2])
    again = [["客户名称", "标签"], ["杭州青禾环保设备有限公司", "重点、老客户"], ["青禾环保设备", "老客户、vip"], ["宁波海潮有限公司", "vip"]]
    key = importing(again, policy="update")

    def borne(session: Session) -> set[str]:
        query = select(Tag.name).join(CustomerTag, CustomerTag.tag_id == Tag.id).join(Customer, Customer.id == CustomerTag.customer_id)
        return set(session.scalars(query.where(Customer.name.in_(["杭州青禾环保设备有限公司", "青禾环保设备"]))))

    assert look(borne) == {"重点", "华东", "老客户", "vip"}
    back(house, alpha, engine, alice, key)
    assert look(borne) == {"重点", "华东"}, "what it bore before, and no other"


def test_known_again_by_number_code_and_phone(importing: Importing, look: Any) -> None:
    heads = ["客户名称", "客户编号", "统一社会信用代码", "电话"]
    importing([heads, ["甲", "K-1", "91330106MA27XW1L43", ""], ["乙", "K-2", "", "0571-88123456"], ["丙丁", "", "", "13857182046"]])
    look(lambda session: [named(session, name) for name in ("甲", "乙", "丙丁")])
    other = [
        heads,
        ["一二", "K-1", "", ""],
        ["三四", "", "91330106MA27XW1L43", ""],
        ["五六", "", "", "057188123456"],
        ["七八", "", "", "+86 138 5718 2046"],
        ["九十", "", "", "13857182047"],
    ]
    assert look(lambda session: counts(session, importing(other))) == {"skipped": 4, "created": 1}


def test_numbers_are_nobodys_twice(importing: Importing, look: Any) -> None:
    heads = ["客户名称", "客户编号"]
    key = importing([heads, ["甲一", "K-1"], ["乙一", "K-1"], ["丙一", "C000077"], ["丁一", "C-Bob"]], policy="create")
    assert look(lambda session: errors(session, key)) == {3: ["number"], 5: ["number"]}
    assert look(lambda session: named(session, "丙一")).number == "C000001", "ours are given by the counter"


def test_one_whom_bob_may_not_change_is_not_changed(importing: Importing, look: Any, mei: Actor) -> None:
    rows = [["客户名称", "备注"], ["Alice's customer", "x"], ["Bob's customer", "y"]]
    key = importing(rows, by=mei, policy="update")
    assert look(lambda session: counts(session, key)) == {"updated": 1, "failed": 1}
    assert look(lambda session: errors(session, key)) == {2: ["name"]}
    assert look(lambda session: named(session, "Alice's customer")).remark is None


def test_a_table_is_one_company_once(importing: Importing, look: Any) -> None:
    rows = [["客户名称", "备注"], ["甲乙公司", ""], ["甲乙有限公司", "second"]]
    assert look(lambda session: counts(session, importing(rows, until="check"))) == {"created": 1, "skipped": 1}
    key = importing(rows, policy="update")
    assert look(lambda session: counts(session, key)) == {"created": 1, "updated": 1}
    assert look(lambda session: named(session, "甲乙有限公司")).remark == "second"


def test_cancelled_in_the_middle_leaves_nothing(
    importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor, monkeypatch: Any
) -> None:
    key = importing(TABLE, until="check")
    job = look(lambda session: asking.ask_run(session, session.get_one(Import, key), by=alice, at=now()).id)
    keep = running._keep

    def is_called_off(*args: Any) -> None:
        keep(*args)
        with inside(alpha, engine) as other:
            jobs.cancel(other, other.get_one(Job, job), at=now())
        raise Cancelled

    monkeypatch.setattr(running, "_keep", is_called_off)
    heavy.run(house, alpha, job)
    assert look(lambda session: session.get_one(Job, job).state) == "cancelled"
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 2
    assert look(lambda session: session.get_one(Import, key).state) == "checked"


def test_killed_in_the_middle_it_is_done_once(importing: Importing, look: Any, house: House, alpha: Tenant, alice: Actor, monkeypatch: Any) -> None:
    key = importing(TABLE, until="check")
    job = look(lambda session: asking.ask_run(session, session.get_one(Import, key), by=alice, at=now()).id)
    with monkeypatch.context() as patched:
        patched.setattr(running, "_keep", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        heavy.run(house, alpha, job)
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 2
    look(lambda session: setattr(session.get_one(Job, job), "due_at", now()))
    heavy.run(house, alpha, job)
    assert look(lambda session: counts(session, key)) == {"created": 2, "failed": 2}
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 4


def test_who_has_lost_the_right_imports_nothing(importing: Importing, look: Any, bob: Actor) -> None:
    with pytest.raises(AssertionError):
        look(lambda session: counts(session, importing(TABLE, by=bob, until="check")))
    assert look(lambda session: session.scalar(select(func.count()).select_from(Customer))) == 2


def test_undone_nothing_is_left(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    key = importing([["客户名称", "备注", "标签", "联系人"], ["甲乙", "x", "neu", "王"], ["Bob's customer", "changed", "neu", ""]], policy="update")
    assert look(lambda session: named(session, "Bob's customer")).remark == "changed"
    back(house, alpha, engine, alice, key)
    assert look(lambda session: counts(session, key)) == {"created": 1, "updated": 1, "removed": 1, "put_back": 1}
    assert look(lambda session: named(session, "Bob's customer")).remark is None
    assert look(lambda session: session.scalars(select(Customer.name).order_by(Customer.name)).all()) == ["Alice's customer", "Bob's customer"]
    assert look(lambda session: session.scalar(select(func.count()).select_from(Contact))) == 2
    back_again = look(lambda session: session.get_one(Import, key).job_id)
    heavy.run(house, alpha, back_again)
    assert look(lambda session: session.get_one(Import, key).state) == "undone"


def test_what_was_touched_since_stays(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    key = importing(
        [["客户名称", "备注"], ["甲乙", "x"], ["丙丁", "x"], ["Bob's customer", "changed"], ["Alice's customer", "changed"]], policy="update"
    )

    def touch(session: Session) -> None:
        named(session, "甲乙").edit(session, {"grade": "A"}, by=alice, at=now())
        named(session, "Bob's customer").edit(session, {"remark": "mine"}, by=alice, at=now())

    look(touch)
    back(house, alpha, engine, alice, key)
    told = look(lambda session: counts(session, key))
    assert (told["removed"], told["put_back"], told["kept"]) == (1, 1, 2)
    assert look(lambda session: named(session, "Bob's customer")).remark == "mine"
    why = look(
        lambda session: session.scalars(
            select(ImportRow.data).where(ImportRow.import_id == key, ImportRow.state == "kept").order_by(ImportRow.number)
        ).all()
    )
    assert [one["why"] for one in why] == ["Somebody has worked with it since.", "It has been changed since."]


def test_after_seven_days_it_stays_and_the_file_is_forgotten(importing: Importing, look: Any, alice: Actor) -> None:
    key = importing(TABLE)
    later = now() + dt.timedelta(days=8)
    with pytest.raises(TooLateToUndo):
        look(lambda session: asking.ask_undo(session, session.get_one(Import, key), by=alice, at=later))
    look(lambda session: asking.forget(session, now=now()))
    assert look(lambda session: session.get_one(Import, key).content)
    look(lambda session: asking.forget(session, now=later))
    assert look(lambda session: session.get_one(Import, key).content) is None
    assert look(lambda session: session.scalar(select(func.count()).select_from(ImportRow))) == 0
    look(lambda session: asking.forget(session, now=later + dt.timedelta(days=90)))
    assert look(lambda session: session.get(Import, key)) is None


def test_contacts_join_their_customers(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    rows = [
        ["姓名", "公司", "手机号", "决策人"],
        ["李四", "Bob's customer", "13900139000", "是"],
        ["王五", "新公司", "13900139001", ""],
        ["赵六", "新公司", "13900139002", ""],
        ["x", "", "", ""],
    ]
    key = importing(rows, "contact")
    assert look(lambda session: errors(session, key)) == {3: ["customer"], 4: ["customer"], 5: ["customer"]}
    key = importing(rows, "contact", makes_customers=True)
    assert look(lambda session: counts(session, key)) == {"created": 2, "skipped": 1, "failed": 1}
    found = matches(Customer.search, "13900139000")
    assert found is not None
    assert look(lambda session: session.scalars(select(Customer.id).where(found)).all()) == [BOBS]
    new = look(lambda session: named(session, "新公司"))
    assert new.number == "C000001" and look(lambda session: session.scalar(select(func.count()).where(Contact.customer_id == new.id))) == 2
    back(house, alpha, engine, alice, key)
    assert look(lambda session: session.scalar(select(func.count()).where(Customer.name == "新公司"))) == 0
    assert look(lambda session: session.scalar(select(func.count()).select_from(Contact))) == 3, "those of the stage, and the first import's"


def test_a_contact_is_known_again_and_filled(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    rows = [["姓名", "公司", "手机号", "职务"], ["Bob's contact", "Bob's customer", "13900139000", "Boss"]]
    key = importing(rows, "contact", policy="update")
    one = look(lambda session: session.get_one(Contact, prop("contact", "Bob")))
    assert (one.mobile, one.post) == ("+8613900139000", "Boss")
    back(house, alpha, engine, alice, key)
    one = look(lambda session: session.get_one(Contact, prop("contact", "Bob")))
    assert (one.mobile, one.post) == ("13800138000", None)


FOLLOWUPS = [
    ["客户名称", "跟进时间", "跟进人", "跟进方式", "跟进内容", "下次联系时间", "联系人"],
    ["Bob's customer", "2025-03-18 10:30", "Mei", "visit", "看了样机", "", "Bob's contact"],
    ["Bob's customer", "2026-02-01 9:00", "已离职", "phone", "报价", "2026-12-31 09:00", "老王"],
    ["Bob's customer", "2999-01-01", "", "", "future", "", ""],
    ["Nobody", "2025-01-01", "", "", "x", "", ""],
]


def test_followups_keep_author_and_date(
    importing: Importing, look: Any, mei: Actor, house: House, alpha: Tenant, engine: Engine, alice: Actor
) -> None:
    before = look(lambda session: session.get_one(Customer, BOBS)).last_followup_at
    key = importing(FOLLOWUPS, "followup")
    assert look(lambda session: counts(session, key)) == {"created": 2, "failed": 2}
    assert look(lambda session: errors(session, key)) == {4: ["at"], 5: ["customer"]}

    def see(session: Session) -> None:
        first, second = session.scalars(
            select(Followup).where(Followup.created_at > dt.datetime(2026, 2, 1, tzinfo=dt.UTC)).order_by(Followup.at)
        ).all()
        assert (first.at, first.member_id, first.means, first.contact_id) == (
            dt.datetime(2025, 3, 18, 2, 30, tzinfo=dt.UTC),
            mei.id,
            "visit",
            prop("contact", "Bob"),
        )
        assert (second.member_id, second.content) == (None, "报价\nOriginally by 已离职\nContact: 老王")
        customer = session.get_one(Customer, BOBS)
        reckoned = (customer.last_followup_at, customer.next_contact_at)
        assert reckoned[0] == second.at and reckoned[1] == dt.datetime(2026, 12, 31, 1, tzinfo=dt.UTC)
        reckon_contacts(session, BOBS)
        session.refresh(customer)
        assert reckoned == (customer.last_followup_at, customer.next_contact_at), "one by one comes to the same"

    look(see)
    assert look(lambda session: counts(session, importing(FOLLOWUPS, "followup"))) == {"skipped": 2, "failed": 2}
    back(house, alpha, engine, alice, key)
    assert look(lambda session: session.scalar(select(func.count()).select_from(Followup))) == 2
    assert look(lambda session: session.get_one(Customer, BOBS)).last_followup_at in (before, dt.datetime(2026, 1, 6, 2, tzinfo=dt.UTC))


def test_opportunities_in_their_stages(importing: Importing, look: Any, house: House, alpha: Tenant, engine: Engine, alice: Actor) -> None:
    rows = [
        ["商机名称", "客户名称", "金额", "销售阶段", "预计成交日期", "成交日期", "输单原因"],
        ["设备", "Bob's customer", "¥12.8万", "", "2026-12-31", "", ""],
        ["旧单", "Bob's customer", "5000", "Won", "", "2025-06-30", ""],
        ["丢单", "Bob's customer", "5000", "Lost", "", "", ""],
        ["错", "Bob's customer", "many", "Nowhere", "", "", ""],
        ["Bob's opportunity", "Bob's customer", "20000", "", "", "", ""],
    ]
    key = importing(rows, "opportunity", policy="update")
    assert look(lambda session: counts(session, key)) == {"created": 2, "updated": 1, "failed": 2}
    assert look(lambda session: errors(session, key)) == {4: ["lost_reason"], 5: ["amount", "stage"]}

    def see(session: Session) -> None:
        one = session.scalars(select(Opportunity).where(Opportunity.name == "设备")).one()
        assert (int(one.amount), one.outcome, one.probability, one.owner_id) == (128000, "open", 10, alice.id)
        won = session.scalars(select(Opportunity).where(Opportunity.name == "旧单")).one()
        assert (won.outcome, won.probability, won.closed_at) == ("won", 100, dt.datetime(2025, 6, 30, 4, tzinfo=dt.UTC))
        assert session.scalar(select(func.count()).select_from(StageMove)) == 4
        assert session.get_one(Opportunity, prop("opportunity", "Bob")).amount == 20000
        assert session.get_one(Customer, BOBS).status == "regular"

    look(see)
    back(house, alpha, engine, alice, key)
    assert look(lambda session: session.scalar(select(func.count()).select_from(Opportunity))) == 2
    assert look(lambda session: session.get_one(Opportunity, prop("opportunity", "Bob"))).amount == 10000


def test_a_run_needs_a_dry_run_and_happens_once(importing: Importing, look: Any, alice: Actor) -> None:
    key = importing(TABLE)

    def again(session: Session) -> None:
        asking.ask_run(session, session.get_one(Import, key), by=alice, at=now())

    with pytest.raises(asking.IsOver):
        look(again)
