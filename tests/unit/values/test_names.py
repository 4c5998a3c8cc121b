import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values import names


@pytest.mark.parametrize(
    ("name", "letters", "initials"),
    [
        ("杭州青禾", "hangzhouqinghe", "hzqh"),
        ("重庆长安银行", "chongqingchanganyinhang", "cqcayh"),
        ("吕布", "lvbu", "lb"),
        ("TCL科技", "tclkeji", "tclkj"),
        ("Green Grain Trading", "greengraintrading", "ggt"),
        ("Café O'Brien", "cafeobrien", "co"),
        ("", "", ""),
    ],
)
def test_names_in_letters(name: str, letters: str, initials: str) -> None:
    assert (names.pinyin(name), names.initials(name)) == (letters, initials)


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国藩", "zengguofan"),
        ("仇英", "qiuying"),
        ("解缙", "xiejin"),
        ("尉迟恭", "yuchigong"),
        ("区小红", "ouxiaohong"),
        ("王芳", "wangfang"),
    ],
)
def test_surnames_are_read_as_surnames(person: str, letters: str) -> None:
    assert names.pinyin(person, person=True) == letters


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("杭州青禾环保设备有限公司", "青禾环保设备"),
        ("青禾环保设备（杭州）有限公司", "青禾环保设备"),
        ("浙江省杭州市青禾环保设备股份有限公司", "青禾环保设备"),
        ("北京市朝阳区宏达贸易有限公司", "宏达贸易"),
        ("内蒙古伊利实业集团股份有限公司", "伊利实业"),
        ("阿里巴巴（中国）网络技术有限公司", "阿里巴巴网络技术"),
        ("浙江大学", "浙江大学"),
        ("上海银行股份有限公司", "上海银行"),
        ("Green  Grain Trading Co., Ltd.", "green grain trading"),
        ("GREEN GRAIN TRADING LIMITED", "green grain trading"),
        ("ＴＣＬ科技", "tcl科技"),
        ("有限公司", "有限公司"),
        ("宁波", "宁波"),
        ("🙂", ""),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert names.core_name(name) == core


def test_similar_names_are_told_from_different_ones() -> None:
    assert names.similarity("杭州青禾环保设备有限公司", "青禾环保") >= 0.85
    assert names.similarity("Green Grain Trading", "green grain trading co.") == 1
    assert names.similarity("杭州青禾环保设备有限公司", "杭州青木环保设备有限公司") < 0.85
    assert names.similarity("杭州青禾环保设备有限公司", "杭州宏达环保设备有限公司") < 0.6
    assert names.similarity("", "青禾") == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_a_share_and_has_no_direction(a: str, b: str) -> None:
    assert 0 <= names.similarity(a, b) <= 1
    assert abs(names.similarity(a, b) - names.similarity(b, a)) < 1e-9
    assert names.similarity(a, a) in (0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("杭州青禾环保设备有限公司", "qinghe"),
        ("青禾商贸", "qinghe"),
        ("华为技术有限公司", "huawei"),
        ("Green Grain Trading Co., Ltd.", "green-grain"),
        ("TCL科技集团", "tcl"),
        ("O'Reilly & Sons Inc", "oreilly-sons"),
        ("A", "company"),
        ("🙂", "company"),
    ],
)
def test_a_slug_is_short_and_says_the_name(name: str, slug: str) -> None:
    assert names.propose_slug(name) == slug


@given(st.text(max_size=250) | st.text("杭州青禾环保设备有限公司abc -&", max_size=60))
def test_a_proposed_slug_is_always_one(name: str) -> None:
    assert names.is_slug(names.propose_slug(name))


@pytest.mark.parametrize(
    ("text", "good"), [("qinghe", True), ("a1b", True), ("green-grain", True), ("a" * 40, True), ("ab", False), ("a" * 41, False)]
)
def test_what_a_slug_is(text: str, good: bool) -> None:
    assert names.is_slug(text) is good


@pytest.mark.parametrize("text", ["-ab", "ab-", "a--b", "Abc", "青禾禾", "a_b", "a b", "abc\n", "", "../x", "a/b"])
def test_what_no_slug_is(text: str) -> None:
    assert not names.is_slug(text)
