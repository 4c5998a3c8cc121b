"""Names of companies and people: how they are read, compared and found.

A record keeps `search_lexemes(…)` as a tsvector (`array_to_tsvector`), and a search is `search @@ cast(:q as tsquery)` with `search_query(…)`.
The lexemes are the single characters and bigrams of Chinese, the letters of every rest of the name ("qinghehuanbao", "hehuanbao", …; also as
initials: "qhhb", "hhb", …), and the ends of telephone numbers. So "青禾", "qinghe", "qhhb" and "2046" are each found by an index, anywhere in it.

One or two letters or digits begin some word of a third of all records. They are lexemes of their own ("^q", "^qi"), asked for as they are: the index
holds one list for each, and PostgreSQL's statistics know how long it is, so that what is rare is looked up and what is common is met on the way.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

from rapidfuzz import fuzz

from tenants.values import phones as telephones
from tenants.values.pinyin import is_han, surname_syllables, syllables
from tenants.values.regions import place_names

LONGEST = 24  # letters of a lexeme: a longer query is cut as well, so it still finds its name
TEXT = 200  # characters of a text that are looked at
TERMS = 16  # most terms of a query
SHORT = 2  # letters or digits that have a lexeme of their own, behind BEGINS, which no word has in it
BEGINS = "^"

CJK = "々〇\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
IS_CJK = re.compile(f"[{CJK}]")
JOINED = str.maketrans("", "", "'’‘`´·•・")
HOME = re.compile(r"\+\s*86(?=[\s\d().-]*\d[\s\d().-]*$)")  # numbers at home are kept without it
PHONE = re.compile(r"[+\d][\d\s().+-]{3,}")

LEGAL = re.compile(
    r"[\s,.]*(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|总公司|分公司|公司|集团"
    r"|(?:\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|group|pty|pte)\b[\s,.]*)+)[\s,.]*$",
    re.IGNORECASE,
)
BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
TRADES = re.compile(
    r"(?:环保|节能|新能源|能源|电力|电气|电子|电器|电缆|光电|照明|机械|机电|设备|仪器|仪表|自动化|智能|智造|装备|模具|五金|工具|阀门|泵业|轴承|紧固件|金属|钢铁|钢构|铝业|材料|新材料"
    r"|建材|建筑|建设|工程|装饰|装潢|家居|家具|家电|厨具|卫浴|陶瓷|玻璃|塑料|塑胶|橡胶|化工|涂料|包装|印刷|印务|纸业|纺织|服饰|服装|制衣|针织|鞋业|皮具|箱包|食品|饮料|酒业|茶业|粮油|农业|农产品"
    r"|生物|医药|医疗|器械|健康|科技|技术|信息|网络|软件|数据|数码|通信|文化|传媒|广告|教育|培训|咨询|管理|服务|投资|控股|实业|企业|产业|商贸|贸易|经贸|工贸|外贸|进出口|国际|商业|百货|超市"
    r"|连锁|供应链|物流|货运|运输|汽车|汽配|车业|船舶|航空|酒店|餐饮|旅游|物业|地产|置业|银行|大学|学院|医院|中心|发展|制造|制品|用品|销售|经营部|商行|工厂|厂|店"
    r"|trading|technology|technologies|tech|international|industries|industrial|services|solutions|systems|supplies|supply|enterprises?|holdings?|equipment|products"
    r"|import|export|and|&)$"
)
SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,39}")


def fold(text: str) -> str:
    """Half width, lower case, without accents, apostrophes and the dot of transliterated names."""
    bare = text[:TEXT]
    if bare.isascii():
        return bare.lower().translate(JOINED)
    if not unicodedata.is_normalized("NFKD", bare) or any(map(unicodedata.combining, bare)):
        bare = "".join(char for char in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare.casefold()).translate(JOINED)


def pinyin(text: str, *, person: bool = False) -> str:
    """hangzhouqinghe, with words and figures as they are; `person` reads a surname as one: 单雄信 is shanxiongxin."""
    return "".join(unit for unit, _ in _units(fold(text), person=person))


def initials(text: str, *, person: bool = False) -> str:
    """hzqh; TCL科技 is tclkj; without Chinese the first letters of the words: "Green Grain Trading" is ggt."""
    return "".join(head for _, head in _units(fold(text), person=person))


def search_lexemes(*texts: str | None, phones: Sequence[str | None] = ()) -> list[str]:
    """All that a record is found by; about 80 for a company of 12 characters with a mobile number."""
    found: set[str] = set()
    for text in filter(None, texts):
        folded = fold(text)
        for run in RUN.findall(folded):
            if is_cjk(run):
                found.update(run)
                found.update(_bigrams(run))
        found |= _spoken(folded)
    for phone in filter(None, phones):
        digits = telephones.search_key(phone)
        found.update(digits[start:] for start in range(max(len(digits) - 3, 0)))
    spelt = [lexeme for lexeme in found if lexeme.isascii()]
    return sorted(found - {lexeme for lexeme in spelt if _is_short(lexeme)} | _short_beginnings(spelt))


def search_query(query: str) -> str | None:
    """A tsquery in text, valid whatever was typed; None when there is nothing to look for. All words must be found; letters and digits may go on."""
    terms: dict[str, None] = {}
    for run in RUN.findall(fold(query)):
        if is_cjk(run):
            terms.update(dict.fromkeys(_quote(part) for part in (_bigrams(run) or [run])))
        else:
            terms[_beginning_with(run)] = None
    words = " & ".join(list(terms)[:TERMS])
    bare = query.strip()
    if HOME.match(bare):
        return _beginning_with(telephones.search_key(HOME.sub("", bare)))
    if (PHONE.fullmatch(bare) and len(terms) > 1) or bare.startswith("+"):
        digits = telephones.search_key(bare)
        return f"{_beginning_with(digits)} | {words}" if digits else words or None
    return words or None


def core_name(name: str) -> str:
    """What two spellings of a company share: without legal form, place and punctuation. 杭州青禾环保设备有限公司 -> 青禾环保设备."""
    folded = fold(name)
    bare = BRACKETS.sub(" ", folded)
    bare = LEGAL.sub("", LEGAL.sub("", bare)) or bare
    core = _without_place(re.sub(r"[\W_]+", " ", bare).strip())
    return core.replace(" ", "") if any(map(is_han, core)) else core or "".join(RUN.findall(folded))


def similarity(a: str, b: str) -> float:
    """How alike two names are, 0 to 1; from 0.85 on a person should look. What they trade in counts half, as 青禾环保 and 青木环保 are strangers."""
    left, right = core_name(a), core_name(b)
    if not left or not right:
        return 0.0
    own = fuzz.ratio(_without_trades(left) or left, _without_trades(right) or right)
    whole = max(fuzz.token_sort_ratio(left, right), fuzz.partial_ratio(left, right) * 0.9)
    return (own + whole) / 200


def propose_slug(name: str) -> str:
    """A short name for the address: 杭州青禾环保设备有限公司 -> qinghe, "Green Grain Trading Co., Ltd." -> green-grain."""
    core = core_name(name)
    for candidate in (_without_trades(core), core, fold(name)):
        words = (pinyin(run) if is_cjk(run) else re.sub(r"[^a-z0-9]", "", run) for run in RUN.findall(candidate))
        slug = "-".join(word for word in words if word)[:40].strip("-")
        if is_slug(slug):
            return slug
    return "company"


def is_slug(text: str) -> bool:
    """3 to 40 of a-z, 0-9 and single hyphens inside."""
    return len(text) <= 40 and SLUG.fullmatch(text) is not None


def is_cjk(run: str) -> bool:
    return IS_CJK.match(run) is not None


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _beginning_with(run: str) -> str:
    return _quote(BEGINS + run) if _is_short(run) else _quote(run[:LONGEST]) + ":*"


def _short_beginnings(spelt: Iterable[str]) -> set[str]:
    beginnings = {lexeme[:SHORT] for lexeme in spelt}
    return {BEGINS + beginning[:length] for beginning in beginnings for length in range(1, SHORT + 1)}


def _is_short(run: str) -> bool:
    return run.isascii() and len(run) <= SHORT


def _quote(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _units(folded: str, *, person: bool) -> list[tuple[str, str]]:
    """A text as it is typed on a keyboard, and what stands for it among initials: one pair for each Chinese character and each other word."""
    runs = RUN.findall(folded)
    mixed = any(map(is_cjk, runs))
    units: list[tuple[str, str]] = []
    for run in runs:
        if is_cjk(run):
            read = (person and not units and surname_syllables(run)) or syllables(run)
            units += [(syllable, syllable[:1]) for syllable in read if syllable]
        else:
            units.append((run, run if mixed else run[:1]))
    return units


def _spoken(folded: str) -> set[str]:
    """The rests of a name in letters and in initials. Those inside its legal form are left out: everybody's "gongsi" helps nobody."""
    units = _units(folded, person=False)
    legal = LEGAL.search(folded)
    starts = (legal and _size(folded[: legal.start()])) or len(units)
    found = {*_rests([unit for unit, _ in units])[:starts], *_rests([head for _, head in units])[: min(starts, len(units) - 1)]}
    if folded and surname_syllables(folded):
        found |= _beginning(_units(folded, person=True))
    return found


def _rests(parts: list[str]) -> list[str]:
    """From each part on to the end, as far as a lexeme goes."""
    whole = "".join(parts)
    starts = accumulate(map(len, parts[:-1]), initial=0) if parts else ()
    return [whole[start : start + LONGEST] for start in starts]


def _size(folded: str) -> int:
    return sum(len(run) if is_cjk(run) else 1 for run in RUN.findall(folded))


def _beginning(units: list[tuple[str, str]]) -> set[str]:
    whole = "".join(unit for unit, _ in units)[:LONGEST]
    return {whole, "".join(head for _, head in units)[:LONGEST]} if len(units) > 1 else {whole}


def _without_place(name: str) -> str:
    rest, places = name.removeprefix("中国"), place_names()
    for _ in range(3):
        for length in range(min(len(rest) - 2, 11), 1, -1):
            if rest[:length] in places and _without_trades(rest[length:]).strip():
                rest = rest[length:]
                break
    return rest.strip() if _without_trades(rest).strip() else name


def _without_trades(name: str) -> str:
    """The name itself, without what it trades in at its end; empty when it is nothing else."""
    rest = name
    while rest:
        shorter = TRADES.sub("", rest).strip()
        if shorter == rest or (len(shorter) < 2 and len(rest) <= 4 and shorter):
            break
        rest = shorter
    return rest
