"""Names are read word by word, and each word once."""

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from tenants.values.pinyin import _plain, _unread, syllables

WORDS = st.sampled_from(
    ["重庆", "长安", "银行", "行走", "吕布", "乐山", "音乐", "会计", "大厦", "单于", "女", "〇", "カ", "한", "々", "𠮷", "abc", "不了了之"]
)


@given(st.lists(WORDS | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=8).map("".join))
def test_a_name_is_read_as_the_library_reads_it_at_once(name: str) -> None:
    whole = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False, errors=_unread)
    assert syllables(name) == tuple(map(_plain, whole))
