"""The gate: what is read of good files, and what is said of bad ones. Nothing else may come out of it."""

import codecs
import csv
import datetime as dt
import io
import struct
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.imports import limits, refusals
from tenants.imports.reading import read
from tenants.values.words import Refusal
from tests.unit.imports.books import archive, parts_of, with_sheet, workbook

TABLE = [["名称", "电话"], ["杭州青禾", "0571-88123456"], ["", ""], ["Green, Grain", "138"]]
TEXT = '名称,电话\n杭州青禾,0571-88123456\n\n"Green, Grain",138\n'
FAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'


def rows(content: bytes, name: str = "a.xlsx") -> list[list[str]]:
    return list(read(name, content).rows())


def test_a_workbook() -> None:
    moment = dt.datetime(2026, 11, 24, 10, 30)
    sheet = read("a.xlsx", workbook([[], ["名称", "电话", "日期", "金额"], ["甲", 13800138000, moment, 1.5], [], [True, dt.date(2026, 1, 2)]]))
    assert (sheet.form, sheet.note, sheet.height) == ("xlsx", "数据", 5)
    assert (
        list(sheet.rows())
        == sheet.head
        == [[], ["名称", "电话", "日期", "金额"], ["甲", "13800138000", "2026-11-24 10:30", "1.5"], [], ["TRUE", "2026-01-02"]]
    )


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "UTF-8"),
        (TEXT.encode("gb18030"), "GB18030"),
        (TEXT.replace(",", ";").replace("Green;", "Green,").encode("gbk"), "GB18030"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.replace("\n", "\r\n").encode(), "UTF-8"),
        (TEXT.replace("\n", "\r").encode(), "UTF-8"),
        (("sep=;\n" + TEXT.replace(",", ";").replace("Green;", "Green,")).encode(), "UTF-8"),
        (TEXT.replace(",", "\t").replace("Green\t", "Green,").encode(), "UTF-8"),
    ],
)
def test_a_text_table_in_every_encoding(content: bytes, encoding: str) -> None:
    sheet = read("a.csv", content)
    assert (sheet.form, sheet.note) == ("csv", encoding)
    assert [row for row in sheet.rows() if row] == [row for row in TABLE if any(row)]


def test_latin_letters_without_a_mark_are_utf_16_as_well() -> None:
    assert rows("name\ttel\r\nann\t138\r\nbob\t139\r\n".encode("utf-16-le"), "a.txt")[1] == ["ann", "138"]


def test_guards_of_other_programs_are_taken_off() -> None:
    assert rows(b'name,tel\nann,="13800138000"\nbob,\'+8613800138000\n', "a.csv")[1:] == [["ann", "13800138000"], ["bob", "+8613800138000"]]


def test_what_nobody_sees_is_gone() -> None:
    assert rows("name\n\u202eab\u200bc\ufeff\x07\n".encode(), "a.csv") == [["name"], ["abc"]]


def test_cards_of_telephones() -> None:
    content = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=D5=C5;=C8=FD;;;\r\nTEL;CELL:13800138000\r\n"
        b"TEL;WORK:0571-88123456\r\nORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E9=9D=\r\n=92=E7=A6=BE;=E9=94=80\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n"
        b" SkZJRgABAQ\r\n\r\nEND:VCARD\r\nBEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nN:Lee;Ann;;;\n"
        b"item1.TEL;type=pref:+1 415-555-2671\nTEL;TYPE=CELL:+8613900139000\n"
        b"EMAIL;TYPE=INTERNET:ann@green.exa\n mple\nEMAIL:second@green.example\nORG:Green\\, Grain;Sales\nTITLE:Boss\n"
        b"BDAY:1985-04-12\nNOTE:likes\\ntea\nADR:;;1 Road;Town;;123;UK\nEND:VCARD\n"
    )
    sheet = read("people.vcf", content)
    heads, zhang, ann = list(sheet.rows())
    assert sheet.form == "vcard"
    assert dict(zip(heads, zhang, strict=False)) | {"post": ""} == {
        "name": "张三",
        "customer": "青禾",
        "department": "销",
        "post": "",
        "mobile": "13800138000",
        "phone": "0571-88123456",
    }
    told = dict(zip(heads, ann, strict=False))
    assert told | {"remark": ""} == {
        "name": "Ann Lee", "customer": "Green, Grain", "department": "Sales", "post": "Boss", "mobile": "+8613900139000", "phone": "+1 415-555-2671",
        "mail": "ann@green.example", "wechat": "", "qq": "", "address": "1 Road, Town, 123, UK", "birthday": "1985-04-12", "sex": "", "remark": "",
    }  # fmt: skip
    assert told["remark"] == "likes\ntea\nsecond@green.example"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "EmptyFile"),
        (b" \r\n\t ", "EmptyFile"),
        (b"\0" * 100, "EmptyFile"),
        (b"x" * (limits.BYTES + 1), "FileTooLarge"),
        (b"name\n", "NoRows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "OldWorkbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "Encrypted"),
        (b"%PDF-1.7\n", "OtherWorkbook"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "WebPage"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "UnknownFormat"),
        (b"PK\x03\x04 and nothing more", "BrokenFile"),
        (b"name\n" + bytes(range(1, 256)) * 20, "UnknownEncoding"),
        (b"name\0tel\nann\0138\n", "NotText"),
        (b"a,b\n" * 60_000, "TooManyRows"),
        (b",".join([b"a"] * 101) + b"\n" + b"b\n", "TooManyColumns"),
        (b'name\n"' + b"x" * 40_000, "LineTooLong"),
        (b"BEGIN:VCARD\nFN:Ann\n", "NoCards"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_gets_a_sentence(content: bytes, refusal: str) -> None:
    with pytest.raises(getattr(refusals, refusal)) as told:
        read("a", content)
    assert "%(" not in str(told.value)


@pytest.mark.parametrize(
    ("cells", "head", "refusal"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "", "FarCell"),
        ('<row r="900000"><c r="A900000"><v>1</v></c></row>', "", "FarCell"),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "", "FarCell"),
        ('<row r="2"><c r="DA2"><v>1</v></c></row>', "", "TooManyColumns"),
        ('<row r="900000"><c><v>1</v></c></row>', "", "FarCell"),
        ('<row r="2"><c r="A99999999999"><v>1</v></c></row>', "", "Suspicious"),
        ('<row r="2"><c r="&#65;&#49;"><v>&b;</v></c></row>', '<!DOCTYPE a [<!ENTITY b "c">]>', "Suspicious"),
        ('<row r="x"><c><v>1</v></c></row>', "", "BrokenFile"),
        ('<row r="2"><c>', "", "BrokenFile"),
    ],
)
def test_a_hostile_sheet_gets_a_sentence(cells: str, head: str, refusal: str) -> None:
    with pytest.raises(getattr(refusals, refusal)):
        read("a.xlsx", with_sheet(FAR + cells, head=head))


def test_an_empty_cell_far_away_does_no_harm() -> None:
    """Whole columns are often coloured, to the last row."""
    far = '<row r="2"><c r="A2" t="inlineStr"><is><t>y</t></is></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    assert rows(with_sheet(FAR + far)) == [["x"], ["y"]]


def test_bombs_are_not_unpacked() -> None:
    parts = parts_of(workbook([["a"], ["b"]]))
    with pytest.raises(refusals.Bomb):
        read("a.xlsx", archive(parts | {"xl/media/x.png": b"\0" * 20_000_000}))
    with pytest.raises(refusals.OtherWorkbook):
        read("a.xlsx", archive({"a.txt": b"x"}))
    with pytest.raises(refusals.OtherWorkbook):
        read("a.xlsx", archive({"word/document.xml": b"<a/>"}))
    with pytest.raises(refusals.Suspicious):
        read("a.xlsx", archive(parts | {"XL/workbook.xml": b"<a/>"}))


def test_a_part_that_is_larger_than_it_says() -> None:
    """The head of the archive lies about the size: what comes out is not believed."""
    made = bytearray(archive(parts_of(workbook([["a"], ["b"]])) | {"xl/x.xml": b"<a>" + b" " * 900_000 + b"</a>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(made))) as whole:
        size = struct.pack("<I", whole.getinfo("xl/x.xml").file_size)
    lied = bytes(made).replace(size, struct.pack("<I", 100))
    with pytest.raises(refusals.BrokenFile):
        read("a.xlsx", lied)


UNSEEN = ["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=UNSEEN, exclude_characters='"'), max_size=12)  # type: ignore[arg-type]
PLAIN = CELLS.map(lambda text: " ".join(text.split())).filter(lambda text: not text.startswith(("=", "'", "#", "_x")))
TABLES = st.lists(st.lists(PLAIN, min_size=2, max_size=4), min_size=2, max_size=5)


@settings(max_examples=6, deadline=None)
@given(TABLES)
def test_what_goes_in_comes_out(table: list[list[str]]) -> None:
    """Rows -> workbook, and rows -> text in GB18030 -> rows."""
    table = [["名称", "x"], *[["甲", *row] for row in table]]
    trimmed = [_trimmed(row) for row in table]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                page.write_string(number, column, value)
    assert rows(out.getvalue()) == trimmed
    text = io.StringIO()
    csv.writer(text).writerows(table)
    assert rows(text.getvalue().encode("gb18030"), "a.csv") == trimmed


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"BEGIN:VCARD\n", b"name,tel\n"]))
def test_whatever_the_bytes_are(noise: bytes, head: bytes) -> None:
    try:
        read("a", head + noise)
    except Refusal as refusal:
        assert str(refusal)
