"""Sample values for the style page, in both languages: little data, too much data, and none."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from web.ui.days import now
from web.ui.paging import Page


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    label: str
    icon: str
    url: str = "#"
    on: bool = False
    count: int | None = None
    children: list["Entry"] = field(default_factory=list)


def menu(*, chinese: bool) -> list[Entry]:
    say = _pick(chinese)
    return [
        Entry("workbench", say("工作台", "Workbench"), "workbench"),
        Entry("leads", say("线索", "Leads"), "lead", count=128),
        Entry(
            "customers",
            say("客户", "Customers"),
            "customer",
            on=True,
            children=[Entry("pool", say("公海", "Public pool"), "pool", count=1032), Entry("contacts", say("联系人", "Contacts"), "contact")],
        ),
        Entry("opportunities", say("商机", "Opportunities"), "opportunity", count=37),
        Entry("contracts", say("报价与合同", "Quotes and contracts"), "quote"),
        Entry("payments", say("回款", "Payments"), "payment", count=5),
        Entry("products", say("产品库存", "Products and stock"), "product"),
        Entry("service", say("服务", "Service"), "service", count=3),
        Entry("care", say("关怀与转介绍", "Care and referrals"), "care"),
        Entry("insights", say("统计", "Insights"), "insight"),
        Entry("settings", say("设置", "Settings"), "settings"),
    ]


def page(*, chinese: bool) -> Page[dict[str, Any]]:
    return Page(rows=customers(chinese=chinese), next="next", previous="previous", at=50, total=12408)


def customers(*, chinese: bool) -> list[dict[str, Any]]:
    say, moment = _pick(chinese), now()
    hours = dt.timedelta(hours=1)
    return [
        _customer(1, say("杭州青禾环保设备有限公司", "Hangzhou Qinghe Environmental Equipment Co., Ltd."), say("华东", "East"), "A", say("准客户", "Prospective"),
                  "accent", say("王芳", "Fang Wang"), moment + 2 * hours, "128000", 86),
        _customer(2, say("宁波恒泰精密机械有限公司", "Ningbo Hengtai Precision Machinery"), say("华东", "East"), "A", "VIP", "good", say("王芳", "Fang Wang"),
                  moment + 26 * hours, "460000", 93),
        _customer(3, say("广东万里行物流供应链管理股份有限公司佛山市南海区狮山镇第一分公司暨华南区域客户服务与结算中心（筹备处）二期三号仓", "A company whose name is far too long for any column of any list on any screen that we know of, Incorporated"),
                  say("华南", "South"), "B", say("潜在", "Potential"), "", say("赵敏", "Min Zhao"), moment - 75 * hours, "123456789", 58),
        _customer(4, say("成都蜀味轩食品有限公司", "Chengdu Shuweixuan Foods"), say("西南", "Southwest"), "C", say("目标", "Target"), "", say("陈立", "Li Chen"),
                  moment + 96 * hours, None, 31),
        _customer(5, say("济南鲁信包装印刷有限公司", "Jinan Luxin Packaging"), say("华东", "East"), "C", say("流失", "Lapsed"), "bad", None, None, None, None),
    ]  # fmt: skip


def _customer(number: int, name: str, region: str, grade: str, status: str, kind: str, owner: str | None, next_contact: dt.datetime | None,
              amount: str | None, score: int | None) -> dict[str, Any]:  # fmt: skip
    return {
        "id": number,
        "name": name,
        "region": region,
        "grade": grade,
        "status": status,
        "kind": kind,
        "owner": owner,
        "next_contact": next_contact,
        "amount": None if amount is None else Decimal(amount),
        "score": score,
    }


def stages(*, chinese: bool) -> list[dict[str, Any]]:
    say = _pick(chinese)
    names = [
        (say("初步接触", "Prospecting"), 10),
        (say("需求明确", "Needs clear"), 30),
        (say("方案报价", "Proposal"), 50),
        (say("商务谈判", "Negotiation"), 70),
        (say("合同审批", "Contract approval"), 90),
    ]
    titles = [
        say("除尘设备二期", "Dust removal, phase two"),
        say("仓储系统升级", "Warehouse system upgrade"),
        say("电商 ERP 对接", "ERP for the web shop"),
    ]
    rows = customers(chinese=chinese)
    return [
        {
            "id": f"s{at}",
            "name": name,
            "probability": probability,
            "cards": [
                {"id": f"{at}{n}", "title": titles[n], "customer": rows[n]["name"], "amount": rows[n]["amount"], "days": 4 + 27 * (n == 1), "slow": n == 1, "owner": rows[n]["owner"]}
                for n in range(max(0, 3 - at))
            ],
        }
        for at, (name, probability) in enumerate(names)
    ]  # fmt: skip


def palette(query: str, *, chinese: bool) -> list[dict[str, Any]]:
    say = _pick(chinese)
    found = [row for row in customers(chinese=chinese) if query.lower() in row["name"].lower()]
    go = [entry for entry in menu(chinese=chinese) if query.lower() in entry.label.lower()]
    return [
        {
            "label": say("客户", "Customers") if query else say("最近看过", "Recent"),
            "entries": [{"url": "#" + str(r["id"]), "label": r["name"], "icon": "customer", "note": r["region"]} for r in found],
        },
        {"label": say("去", "Go to"), "entries": [{"url": e.url, "label": e.label, "icon": e.icon, "note": ""} for e in go]},
    ]


def _pick(chinese: bool) -> Any:  # noqa: FBT001  # a private choice of words
    return lambda zh, en: zh if chinese else en
