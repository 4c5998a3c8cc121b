"""Columns are known by their headings, in both languages, by what other programs call them, and by what the firm has said before."""

import pytest

from tenants.imports.fields import FIELDS, KINDS, Kind
from tenants.imports.matching import heading_row, missing, names_of, propose, remember
from tenants.imports.values import key


@pytest.mark.parametrize(
    ("kind", "headings", "fields"),
    [
        ("customer", "公司名称 联系人 手机 来源 备注 ERP代码", ["name", "contact_name", "contact_mobile", "source", "remark", ""]),
        ("customer", "客户名称* 手机号", ["name", "phone"]),
        ("customer", "Company Phone E-mail", ["name", "phone", "contact_mail"]),
        ("contact", "姓名 公司 手机号 电话 微信 生日", ["name", "customer", "mobile", "phone", "wechat", "birthday"]),
        ("followup", "客户名称 跟进时间 跟进人 跟进方式 跟进内容", ["customer", "at", "author", "means", "content"]),
        ("opportunity", "商机名称 客户名称 金额 销售阶段 预计成交日期", ["name", "customer", "amount", "stage", "expected_close_on"]),
        ("customer", "名称 客户名称", ["name", ""]),
    ],
)
def test_by_name(kind: Kind, headings: str, fields: list[str]) -> None:
    assert propose(kind, headings.split(), {}) == fields


def test_what_the_firm_has_said_comes_first() -> None:
    headings = ["公司名称", "ERP代码", "备注"]
    remembered = remember(headings, ["name", "number", ""])
    assert propose("customer", headings, remembered) == ["name", "number", ""]
    assert propose("customer", ["公司名称", "x"], {key("x"): "nosuchfield"}) == ["name", ""]


def test_titles_above_the_headings_are_no_headings() -> None:
    assert heading_row("customer", [["客户信息表"], [], ["名称", "电话"], ["甲", "1"]]) == 2
    assert heading_row("customer", [["foo", "bar"], ["甲", "1"]]) == 0
    assert heading_row("customer", [["report"], ["foo", "bar"], ["a", "1"]]) == 1


def test_what_is_missing_is_told() -> None:
    assert [field.key for field in missing("contact", ["mobile"])] == ["name", "customer"]
    assert missing("contact", ["name", "customer_number"]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_means_the_first_field_that_bears_it(kind: Kind) -> None:
    """So that a template, whose headings are our own labels, is always understood in both languages."""
    for field in FIELDS[kind]:
        assert propose(kind, [field.label], {})[0] in {field.key, "phone"}, field.label
        assert all(names_of(field))
