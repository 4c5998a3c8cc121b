"""Chinese characters to letters, tone-less, with the readings that surnames have (单 is shan, 曾 is zeng)."""

import unicodedata
from functools import lru_cache
from itertools import chain
from typing import Any

# Surnames whose usual reading as a word differs, or may in a phrase. Compound ones are listed so that 尉迟 (yuchi) is not taken for 尉 (wei).
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "尉": "wei", "长孙": "zhang sun", "单于": "chan yu", "单": "shan", "曾": "zeng", "仇": "qiu",
    "解": "xie", "查": "zha", "区": "ou", "朴": "piao", "盖": "ge", "任": "ren", "华": "hua", "覃": "qin",
    "缪": "miao", "乐": "yue", "召": "shao", "翟": "zhai", "种": "chong", "员": "yun", "秘": "bi", "折": "she",
    "繁": "po", "隗": "wei", "郇": "xun", "黑": "he", "宁": "ning", "洗": "xian", "佴": "nai", "牟": "mu", "薄": "bo",
    "应": "ying",
}  # fmt: skip


def is_han(char: str) -> bool:
    code = ord(char)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x323AF or code in (0x3005, 0x3007)


@lru_cache(maxsize=8192)
def syllables(han: str) -> tuple[str, ...]:
    """One syllable for each character of a run of Chinese; ü is v, as it is typed."""
    from pypinyin.seg.simpleseg import seg  # its dictionary takes a tenth of a second of every start: fetched with the first name that is read

    return tuple(chain.from_iterable(map(_word_syllables, seg(han))))


def surname_syllables(han: str) -> tuple[str, ...] | None:
    """The reading as a person's name where it differs from the reading as words."""
    for length in (2, 1):
        reading = SURNAMES.get(han[:length])
        if reading and len(han) >= length:
            plain = syllables(han)
            named = (*reading.split(), *plain[length:])
            return named if named != plain else None
    return None


@lru_cache(maxsize=8192)
def _word_syllables(word: str) -> tuple[str, ...]:
    """Names are many, the words in them few: the library cuts a run into words as well, and reads each by itself."""
    from pypinyin import Style, lazy_pinyin

    return tuple(map(_plain, lazy_pinyin(word, style=Style.NORMAL, v_to_u=False, errors=_unread)))


def _unread(run: str) -> Any:
    """pypinyin takes a list here, one entry a character, though its types say otherwise."""
    return [""] * len(run)


def _plain(syllable: str) -> str:
    bare = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    return "".join(char for char in bare.lower() if "a" <= char <= "z")
