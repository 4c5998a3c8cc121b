"""Provinces, cities and districts of China; where the data come from stands in regions.LICENCE."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tenants.values.pinyin import syllables

DATA = Path(__file__).with_name("regions.json")
PEOPLES = (
    "朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|景颇|傈僳|回|蒙古|黎|满|瑶|畲|仡佬|水|拉祜|佤|布朗|独龙|怒|白|普米|纳西|土|撒拉|保安|东乡|裕固|哈萨克|锡伯|塔吉克"
    "|达斡尔|鄂温克|鄂伦春|仫佬|毛南|各"
)
SUFFIX = re.compile(
    rf"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:(?:{PEOPLES})族|哈萨克|蒙古|柯尔克孜|塔吉克|锡伯)*自治[州县旗]|(?:林|特|矿)?区|地区|[省市盟县旗])$"
)
MUNICIPALITIES = ("北京", "天津", "上海", "重庆", "香港", "澳门")
BREAKS = re.compile(r"[\s/,，、·>\-–—|]+")


@dataclass(frozen=True)
class Region:
    """A place, or the whole of the level above where the rest is empty. 北京, 北京, 朝阳区: a municipality is its own city."""

    province: str
    city: str = ""
    district: str = ""

    def __str__(self) -> str:
        """As it is kept and shown: "浙江 杭州 余杭区"; "上海 浦东新区"."""
        city = "" if self.city in MUNICIPALITIES else self.city
        return " ".join(part for part in (self.province, city, self.district) if part)


NOWHERE = Region("")


def short(name: str) -> str:
    """浙江省 -> 浙江, 恩施土家族苗族自治州 -> 恩施, 余杭区 -> 余杭. Names of one character keep their suffix: 道县."""
    bare = SUFFIX.sub("", name)
    return bare if len(bare) >= 2 else name


@lru_cache(maxsize=1)
def provinces() -> dict[str, dict[str, list[str]]]:
    """Full names, as in the data."""
    loaded: dict[str, dict[str, list[str]]] = json.loads(DATA.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def everywhere() -> tuple[tuple[tuple[str, ...], Region], ...]:
    """Every region with the names it goes by, from the large to the small."""
    found: list[tuple[int, tuple[str, ...], Region]] = []
    for province, cities in provinces().items():
        whole = Region(short(province), short(province)) if short(province) in MUNICIPALITIES else Region(short(province))
        found.append((0, (province, short(province)), whole))
        shorts = [short(city) for city in cities]
        for city, districts in cities.items():
            called = short(city) if shorts.count(short(city)) == 1 else city  # 新竹市 and 新竹县 are two
            if city != province:
                found.append((1, (city, called), Region(short(province), called)))
            for district in districts:
                found.append((2, (district, short(district)), Region(short(province), called, district)))
    found.sort(key=lambda entry: entry[0])
    return tuple((names, region) for _, names, region in found)


def normalise(text: str) -> Region | None:
    """The region that a text begins with, as "浙江省杭州市余杭区" or "杭州余杭". None when it names none, or could be several."""
    return _parse(text)[0]


def suggest(query: str, limit: int = 8) -> list[Region]:
    """Regions whose name, pinyin or initials begin with the query ("hz", "余杭"); after a whole place ("杭州余") those inside. Large ones first."""
    inside, rest = _parse(query.lower().replace("'", ""))
    found = [] if rest or inside is None else [inside]
    for keys, region in _keys() if rest or inside else ():
        if len(found) >= limit:
            break
        if region not in found and _is_within(region, inside or NOWHERE) and any(key.startswith(rest) for key in keys):
            found.append(region)
    return found


def place_names() -> frozenset[str]:
    """Names of provinces and cities, short and full: what the name of a company may begin with."""
    return _place_names()


@lru_cache(maxsize=1)
def _place_names() -> frozenset[str]:
    large = (names for names, region in everywhere() if not region.district or region.city in MUNICIPALITIES)
    return frozenset(name for names in large for name in names) - {"阿里"}  # 阿里巴巴 is not of the prefecture Ngari


@lru_cache(maxsize=1)
def _keys() -> tuple[tuple[tuple[str, ...], Region], ...]:
    keys = []
    for names, region in everywhere():
        read = syllables(names[0])
        keys.append(((*names, "".join(read), "".join(syllable[:1] for syllable in read)), region))
    return tuple(keys)


@lru_cache(maxsize=1)
def _by_first() -> dict[str, list[tuple[str, Region]]]:
    """Entries by the first character of each name, so that parsing looks at dozens, not thousands."""
    index: dict[str, list[tuple[str, Region]]] = {}
    for names, region in everywhere():
        for name in dict.fromkeys(names):
            index.setdefault(name[0], []).append((name, region))
    return index


def _parse(text: str) -> tuple[Region | None, str]:
    """The region at the beginning, and what follows it."""
    rest, found = BREAKS.sub(" ", text).strip(), NOWHERE
    while rest:
        candidates = _beginning(rest, found)
        if len(candidates) != 1:
            break
        name, found = candidates[0]
        rest = rest[len(name) :].lstrip()
    return (found if found.province else None), rest


def _beginning(rest: str, inside: Region) -> list[tuple[str, Region]]:
    """The entries within a region that `rest` begins with: only those with the longest name; of these the largest."""
    fits = [(name, region) for name, region in _by_first().get(rest[0], []) if rest.startswith(name) and _is_within(region, inside)]
    longest = max((len(name) for name, _ in fits), default=0)
    fits = [(name, region) for name, region in fits if len(name) == longest]
    for level in ("city", "district"):
        above = [(name, region) for name, region in fits if not getattr(region, level)]
        if above:
            return above
    return fits


def _is_within(region: Region, outer: Region) -> bool:
    for of_outer, of_region in ((outer.province, region.province), (outer.city, region.city), (outer.district, region.district)):
        if not of_outer:
            return region != outer or outer == NOWHERE
        if of_outer != of_region:
            return False
    return False
