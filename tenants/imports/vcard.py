"""Business cards (.vcf) as telephones write them: versions 2.1, 3.0 and 4.0, quoted-printable, UTF-8 or GBK, folded in every way. Pure.

A card becomes a row; the headings are the names of a contact's fields, so that nothing is left to be matched.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenants.imports.refusals import NoCards
from tenants.imports.texts import clean
from tenants.values import phones

HEADINGS = ["name", "customer", "department", "post", "mobile", "phone", "mail", "wechat", "qq", "address", "birthday", "sex", "remark"]
IS_CARD = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*BEGIN:VCARD", re.IGNORECASE)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
SKIPPED = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
MOST_LINE = 100_000  # bytes of one line that are looked at
SEXES = {"M": "male", "F": "female"}


@dataclass(slots=True)
class Line:
    name: str
    params: dict[str, set[str]]
    value: bytes

    @property
    def kinds(self) -> set[str]:
        return self.params.get("TYPE", set())

    def text(self) -> str:
        """Decoded as the line says, else as UTF-8, else as GB18030."""
        raw = quopri.decodestring(self.value) if "QUOTED-PRINTABLE" in self.params.get("ENCODING", set()) | self.kinds else self.value
        said = next(iter(self.params.get("CHARSET", ())), "utf-8").lower()
        said = "gb18030" if said.startswith("gb") or said == "cp936" else said
        for codec in (said, "utf-8", "gb18030"):
            try:
                return raw.decode(codec)
            except (UnicodeDecodeError, LookupError):
                continue
        return raw.decode("utf-8", "replace")


@dataclass(slots=True)
class Card:
    values: dict[str, str] = field(default_factory=dict)
    formatted: str = ""
    numbers: list[tuple[str, bool]] = field(default_factory=list)  # number, whether the card says that it is a mobile's
    mails: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self) -> list[str]:
        values = dict(self.values)
        values.setdefault("name", self.formatted)
        mobiles = [number for number, is_said in self.numbers if is_said]
        mobiles = mobiles or [number for number, _ in self.numbers if phones.is_mobile(phones.normalise(number))]
        others = [number for number, _ in self.numbers if number not in mobiles]
        values["mobile"] = mobiles[0] if mobiles else ""
        values["phone"] = (others or mobiles[1:] or [""])[0]
        values["mail"] = self.mails[0] if self.mails else ""
        kept = {values["mobile"], values["phone"], values["mail"]}
        more = [one for one in (*(number for number, _ in self.numbers), *self.mails) if one not in kept]
        values["remark"] = "\n".join([*self.notes, *dict.fromkeys(more)])
        return [clean(values.get(heading, "")) for heading in HEADINGS]


def is_cards(content: bytes) -> bool:
    return IS_CARD.match(content) is not None


def read(content: bytes) -> tuple[str, Iterator[list[str]]]:
    return "", _rows(content)


def _rows(content: bytes) -> Iterator[list[str]]:
    yield list(HEADINGS)
    card: Card | None = None
    is_any = False
    for line in _lines(content):
        if line.name == "BEGIN":
            card = Card()
        elif line.name == "END" and card is not None:
            is_any = True
            yield card.row()
            card = None
        elif card is not None:
            _take(card, line)
    if not is_any:
        raise NoCards


def _lines(content: bytes) -> Iterator[Line]:
    """Unfolded: a line goes on in the next when that begins with a space, and in quoted-printable when it ends with "="."""
    pending = b""
    for raw in re.split(rb"\r\n|\n|\r", content.removeprefix(b"\xef\xbb\xbf")):
        if pending and (raw[:1] in (b" ", b"\t")) and not _goes_on(pending):
            pending = pending[:MOST_LINE] + raw[1:]
        elif pending and _goes_on(pending):
            pending = pending[:-1][:MOST_LINE] + raw.lstrip(b" \t")
        else:
            if (line := _line(pending)) is not None:
                yield line
            pending = raw
    if (line := _line(pending)) is not None:
        yield line


def _goes_on(line: bytes) -> bool:
    return line.endswith(b"=") and b"QUOTED-PRINTABLE" in line[:200].upper()


def _line(raw: bytes) -> Line | None:
    """ "item1.TEL;TYPE=CELL,VOICE;CHARSET=GBK:138…"; what is no such line, or a picture, is none."""
    head, colon, value = raw.partition(b":")
    words = head.decode("ascii", "replace").split(";")
    name = words[0].strip().rpartition(".")[2].upper()
    if not colon or not name or name in SKIPPED:
        return None
    params: dict[str, set[str]] = {}
    for word in words[1:]:
        key, equals, given = word.partition("=")
        key, given = (key.strip().upper(), given) if equals else ("TYPE", key)
        params.setdefault(key, set()).update(one.strip().strip('"').upper() for one in given.split(",") if one.strip())
    return Line(name, params, value)


def _take(card: Card, line: Line) -> None:
    """One property of a card."""
    text = line.text()
    plain = clean(_unescape(text))
    if not plain.strip(";, "):
        return
    if line.name == "FN":
        card.formatted = plain
    elif line.name == "N":
        card.values["name"] = _name(text)
    elif line.name == "TEL":
        number = plain.removeprefix("tel:")
        card.numbers.append((number, bool(line.kinds & {"CELL", "IPHONE"})))
    elif line.name == "EMAIL":
        card.mails.append(plain.removeprefix("mailto:"))
    else:
        _take_fact(card, line.name, line.kinds, text, plain)


def _take_fact(card: Card, name: str, kinds: set[str], text: str, plain: str) -> None:
    facts = {"TITLE": "post", "ROLE": "post", "X-WECHAT": "wechat", "X-QQ": "qq", "BDAY": "birthday"}
    if name in facts:
        card.values.setdefault(facts[name], _day(plain) if name == "BDAY" else plain)
    elif name == "ORG":
        company, *units = [clean(_unescape(part)) for part in _parts(text)]
        card.values.setdefault("customer", company)
        card.values.setdefault("department", " ".join(unit for unit in units if unit))
    elif name == "ADR":
        box, extended, street, city, region, code, country = ([clean(_unescape(part)) for part in _parts(text)] + [""] * 7)[:7]
        is_chinese = any("\u4e00" <= char <= "\u9fff" for char in street + city + region)
        pieces = (region, city, street, extended, box) if is_chinese else (street, extended, box, city, region, code, country)
        card.values.setdefault("address", ("" if is_chinese else ", ").join(piece for piece in pieces if piece))
    elif name in {"NOTE", "URL"}:
        card.notes.append(plain)
    elif name in {"GENDER", "X-GENDER"} and plain[:1].upper() in SEXES:
        card.values["sex"] = SEXES[plain[:1].upper()]
    elif name in {"IMPP", "X-IM"} and plain.lower().startswith(("wechat:", "weixin:", "qq:")):
        scheme, _, account = plain.partition(":")
        card.values.setdefault("qq" if scheme.lower() == "qq" else "wechat", account)


def _name(text: str) -> str:
    """Family name first where it is written in Chinese, last elsewhere."""
    family, given, middle, *_ = [clean(_unescape(part)) for part in _parts(text)] + ["", "", ""]
    if any("\u4e00" <= char <= "\u9fff" for char in family + given):
        return family + middle + given
    return " ".join(part for part in (given, middle, family) if part)


def _day(text: str) -> str:
    """19850412, 1985-04-12T00:00:00Z; a birthday without its year (--0412) is none that we can keep."""
    digits = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", text)
    return "-".join(digits.groups()) if digits else ""


def _parts(text: str) -> list[str]:
    return re.split(r"(?<!\\);", text)


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
