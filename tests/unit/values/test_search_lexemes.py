"""Search, with PostgreSQL's matching played by a few lines here: every part of a name that people type finds it."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenants.values import names
from tenants.values.pinyin import syllables

LEXEME = r"'((?:[^'\\]|''|\\\\)+)'(:\*)?"
QUERY = re.compile(rf"{LEXEME}(?: [&|] {LEXEME})*")
COMPANIES = st.text("杭州宁波上海北京青禾宏达瑞丰恒信环保设备商贸科技五金食品银行重庆长安乐曾单ABCabc 123", min_size=2, max_size=14)


def matches(query: str | None, lexemes: list[str]) -> bool:
    if query is None:
        return False
    assert QUERY.fullmatch(query), query
    return any(all(_has(lexemes, *term) for term in re.findall(LEXEME, side)) for side in query.split(" | "))


def _has(lexemes: list[str], quoted: str, prefix: str) -> bool:
    bare = quoted.replace("''", "'").replace("\\\\", "\\")
    return any(lexeme.startswith(bare) if prefix else lexeme == bare for lexeme in lexemes)


@pytest.mark.parametrize(
    "typed",
    [
        "青禾",
        "禾环",
        "青",
        "环保设备",
        "杭州 环保",
        "公司",
        "qinghe",
        "QingHe",
        "qing he",
        "qing'he",
        "qinghehuan",
        "hzqh",
        "qh",
        "huanbao",
        "h",
        "2046",
        "1385718",
        "138 5718 2046",
        "+86 138-5718",
    ],
)
def test_a_company_is_found(typed: str) -> None:
    lexemes = names.search_lexemes("杭州青禾环保设备有限公司", phones=["+8613857182046"])
    assert matches(names.search_query(typed), lexemes)


@pytest.mark.parametrize("typed", ["青木", "禾青", "qingmu", "zzz", "gongsi", "gs", "046", "139", "青禾 上海", "杭保"])
def test_a_company_is_not_found_by_what_it_is_not(typed: str) -> None:
    lexemes = names.search_lexemes("杭州青禾环保设备有限公司", phones=["+8613857182046"])
    assert not matches(names.search_query(typed), lexemes)


@pytest.mark.parametrize("typed", ["曾", "国藩", "zeng", "zgf", "cengguofan", "guofan", "gf"])
def test_a_person_is_found_by_either_reading(typed: str) -> None:
    assert matches(names.search_query(typed), names.search_lexemes("曾国藩"))


@pytest.mark.parametrize("typed", ["tcl", "tclkj", "科技", "TCL科技", "tclkeji"])
def test_two_scripts_in_a_name(typed: str) -> None:
    assert matches(names.search_query(typed), names.search_lexemes("TCL科技"))


@pytest.mark.parametrize("typed", ["green", "grain trad", "ggt", "gt", "greengr", "Grain's", "ＧＲＥＥＮ"])
def test_english_names(typed: str) -> None:
    assert matches(names.search_query(typed), names.search_lexemes("Green Grain's Trading Co., Ltd."))


@given(COMPANIES, st.data())
def test_every_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    assume(start == 0 or not (name[start - 1].isascii() and name[start].isascii()) or name[start - 1] == " ")  # inside a word of letters
    query = names.search_query(part)
    assert (query is None and not part.strip()) or matches(query, names.search_lexemes(name))


@given(st.lists(st.text("ab青", min_size=1, max_size=9), max_size=12))
def test_rests_are_cut_to_what_a_lexeme_holds(parts: list[str]) -> None:
    assert names._rests(parts) == ["".join(parts[start:])[: names.LONGEST] for start in range(len(parts))]


@given(st.text("杭州宁波青禾宏达瑞丰环保设备商贸重庆长安", min_size=2, max_size=12), st.data())
def test_letters_from_any_syllable_on_find_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    read = syllables(name)
    lexemes = names.search_lexemes(name)
    typed = "".join(read[start:])
    assert matches(names.search_query(typed[: data.draw(st.integers(1, len(typed)))]), lexemes)
    assert matches(names.search_query("".join(syllable[0] for syllable in read[start:])), lexemes)


@given(st.from_regex(r"1[38][0-9]{9}", fullmatch=True), st.data())
def test_the_end_and_any_stretch_of_a_number_find_it(mobile: str, data: st.DataObject) -> None:
    lexemes = names.search_lexemes("王芳", phones=[mobile, None])
    start = data.draw(st.integers(0, 7))
    assert matches(names.search_query(mobile[start:]), lexemes)
    assert matches(names.search_query(mobile[start : start + 4]), lexemes)


@given(st.text(max_size=120) | st.text("'\\:*&|!()<-> \x00\t青a1", max_size=60))
def test_whatever_is_typed_the_query_is_valid(text: str) -> None:
    query = names.search_query(text)
    assert query is None or QUERY.fullmatch(query)


@given(st.lists(st.text(max_size=300), max_size=3), st.lists(st.text(max_size=40), max_size=2))
def test_lexemes_fit_a_tsvector(texts: list[str], phones: list[str]) -> None:
    lexemes = names.search_lexemes(*texts, phones=phones)
    assert len(set(lexemes)) == len(lexemes) and all(0 < len(lexeme.encode()) < 2046 for lexeme in lexemes)


def test_one_and_two_letters_have_a_list_of_their_own() -> None:
    assert names.search_query("q") == "'^q'" and names.search_query("13") == "'^13'" and names.search_query("qin") == "'qin':*"
    lexemes = names.search_lexemes("青禾", phones=["+8613857182046"])
    assert {"^q", "^qi", "^qh", "^h", "^he", "^1", "^13", "^20"} <= set(lexemes)
    assert not any(lexeme.isascii() and len(lexeme) <= 2 and lexeme[0] != "^" for lexeme in lexemes), "they are kept once"


def test_the_index_stays_small() -> None:
    assert len(names.search_lexemes("杭州青禾环保设备有限公司", phones=["+8613857182046"])) <= 85
    assert len(names.search_lexemes("内蒙古呼和浩特市玉泉区草原情畜牧科技发展股份有限公司", "草原情", phones=["+8613857182046"])) <= 170


def test_no_name_and_no_number_add_nothing() -> None:
    assert names.search_lexemes("青禾", None, "", phones=[None, ""]) == names.search_lexemes("青禾")


def test_an_empty_name_has_no_lexemes() -> None:
    assert names.search_lexemes("", None, phones=[None, ""]) == []
