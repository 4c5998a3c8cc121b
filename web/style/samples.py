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


LONG_ZH = "广东万里行物流供应链管理股份有限公司佛山市南海区狮山镇第一分公司暨华南区域客户服务与结算中心（筹备处）二期三号仓"
LONG_EN = "A company whose name is far too long for any column of any list on any screen that we know of, Incorporated"
# name, region, grade, status, its kind, owner, hours until the next contact, amount, score
CHINESE = [
    ("杭州青禾环保设备有限公司", "华东", "A", "准客户", "accent", "王芳", 2, "128000", 86),
    ("宁波恒泰精密机械有限公司", "华东", "A", "VIP", "good", "王芳", 26, "460000", 93),
    (LONG_ZH, "华南", "B", "潜在", "", "赵敏", -75, "123456789", 58),
    ("成都蜀味轩食品有限公司", "西南", "C", "目标", "", "陈立", 96, None, 31),
    ("济南鲁信包装印刷有限公司", "华东", "C", "流失", "bad", None, None, None, None),
]
ENGLISH = [
    ("Hangzhou Qinghe Environmental Equipment Co., Ltd.", "East", "A", "Prospective", "accent", "Fang Wang", 2, "128000", 86),
    ("Ningbo Hengtai Precision Machinery", "East", "A", "VIP", "good", "Fang Wang", 26, "460000", 93),
    (LONG_EN, "South", "B", "Potential", "", "Min Zhao", -75, "123456789", 58),
    ("Chengdu Shuweixuan Foods", "Southwest", "C", "Target", "", "Li Chen", 96, None, 31),
    ("Jinan Luxin Packaging", "East", "C", "Lapsed", "bad", None, None, None, None),
]


def customers(*, chinese: bool) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "name": name,
            "region": region,
            "grade": grade,
            "status": status,
            "kind": kind,
            "owner": owner,
            "next_contact": None if hours is None else now() + dt.timedelta(hours=hours),
            "amount": None if amount is None else Decimal(amount),
            "score": score,
        }
        for number, (name, region, grade, status, kind, owner, hours, amount, score) in enumerate(CHINESE if chinese else ENGLISH, 1)
    ]


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
            "cards": [_card(f"{at}{n}", titles[n], rows[n], slow=n == 1) for n in range(max(0, 3 - at))],
        }
        for at, (name, probability) in enumerate(names)
    ]


def _card(key: str, title: str, customer: dict[str, Any], *, slow: bool) -> dict[str, Any]:
    shown = {"id": key, "title": title, "customer": customer["name"], "amount": customer["amount"], "owner": customer["owner"]}
    return shown | {"days": 31 if slow else 4, "slow": slow}


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


def _pick(chinese: bool) -> Any:  # a private choice of words
    return lambda zh, en: zh if chinese else en
