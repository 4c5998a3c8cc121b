import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.values import regions
from tenants.values.regions import Region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("浙江省杭州市余杭区", Region("浙江", "杭州", "余杭区")),
        ("浙江省杭州市余杭区文一西路969号", Region("浙江", "杭州", "余杭区")),
        ("杭州余杭", Region("浙江", "杭州", "余杭区")),
        ("余杭区", Region("浙江", "杭州", "余杭区")),
        ("浙江 / 杭州", Region("浙江", "杭州")),
        ("北京市朝阳区", Region("北京", "北京", "朝阳区")),
        ("吉林市", Region("吉林", "吉林")),
        ("吉林", Region("吉林")),
        ("湖北恩施市", Region("湖北", "恩施", "恩施市")),
        ("恩施土家族苗族自治州", Region("湖北", "恩施")),
        ("仙桃", Region("湖北", "仙桃")),
        ("香港", Region("香港", "香港")),
        ("山东 济南 市中区", Region("山东", "济南", "市中区")),
        ("广西南宁", Region("广西", "南宁")),
        ("朝阳区", None),  # of Beijing, or of Changchun?
        ("Springfield", None),
        ("", None),
    ],
)
def test_a_region_is_read(text: str, region: Region | None) -> None:
    assert regions.normalise(text) == region


def test_every_region_is_read_back_from_what_is_shown() -> None:
    assert [region for _, region in regions.everywhere() if regions.normalise(str(region)) != region] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hz", "浙江 杭州"),
        ("yuhang", "浙江 杭州 余杭区"),
        ("浙", "浙江"),
        ("杭州余", "浙江 杭州 余杭区"),
        ("上海", "上海"),
        ("浦东", "上海 浦东新区"),
    ],
)
def test_regions_are_suggested(typed: str, first: str) -> None:
    assert str(regions.suggest(typed)[0]) == first


def test_a_city_suggests_itself_and_its_districts() -> None:
    assert [str(region) for region in regions.suggest("杭州", limit=3)] == ["浙江 杭州", "浙江 杭州 上城区", "浙江 杭州 拱墅区"]


@given(st.text(max_size=20))
def test_suggesting_takes_anything(text: str) -> None:
    assert len(regions.suggest(text)) <= 8
    regions.normalise(text)
