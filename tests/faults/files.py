"""Hostile files, made on the spot: name -> how its bytes are made. More than a hundred, family by family."""

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

from tests.unit.imports.books import archive, parts_of, with_sheet, workbook

Make = Callable[[], bytes]
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STRINGS, BOOK, RELS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MEGABYTE = 2**20


@cache
def _plain() -> Mapping[str, bytes]:
    return parts_of(workbook([["名称", "电话"], ["甲", "13800138000"]]))


def book(**changed: bytes) -> bytes:
    """An ordinary workbook with some of its parts changed; `sheet`, `strings`, `book`, `rels` name them."""
    names = {"sheet": SHEET, "strings": STRINGS, "book": BOOK, "rels": RELS, "types": "[Content_Types].xml"}
    return archive({**_plain(), **{names[name]: content for name, content in changed.items()}})


def beside(**parts: bytes) -> bytes:
    """An ordinary workbook with more parts; `__` stands for a slash, `_dot_` for a dot."""
    return archive({**_plain(), **{name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}})


def named(name: str, content: bytes = b"<a/>") -> bytes:
    return archive({**_plain(), name: content})


def cells(xml: str, *, head: str = "") -> Make:
    return lambda: with_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row>' + xml, head=head)


def sheet_of(inside: str, *, doctype: str = "") -> bytes:
    return f'<?xml version="1.0"?>{doctype}<worksheet {SPACE}>{inside}</worksheet>'.encode()


def bombs() -> dict[str, Make]:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "a picture of zeros": lambda: named("xl/media/a.png", b"\0" * 60 * MEGABYTE),
        "a sheet of spaces": lambda: book(sheet=sheet_of("<sheetData>" + " " * 60 * MEGABYTE + "</sheetData>")),
        "a sheet of spaces under 5 MB": lambda: book(sheet=sheet_of("<sheetData>" + " " * 5_000_000 + "</sheetData>")),
        "many parts under the limit each": lambda: archive({**_plain(), **{f"xl/x{n}.xml": b"<a>" + b" " * 4_900_000 + b"</a>" for n in range(70)}}),
        "ten thousand parts": lambda: archive({**_plain(), **{f"xl/x{n}.xml": b"<a/>" for n in range(10_000)}}),
        "a zip in a zip in a zip": lambda: named("xl/a.zip", archive({"b.zip": archive({"c": b"\0" * 20 * MEGABYTE})})),
        "shared strings of 40 MB": lambda: book(strings=_strings("x" * 400, 100_000)),
        "one shared string of 20 MB": lambda: book(strings=_strings("x" * 20_000_000, 1)),
        "a million shared strings": lambda: book(strings=_strings("x", 1_000_000)),
        "a count of shared strings that lies": lambda: book(strings=_strings("x", 1).replace(b'count="1"', b'count="4294967295"')),
        "a billion laughs": lambda: book(sheet=sheet_of("<sheetData>&l9;</sheetData>", doctype=f'<!DOCTYPE a [<!ENTITY l0 "lol">{lol}]>')),
        "laughs in the shared strings": lambda: book(strings=f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{lol}]><sst>&l9;</sst>'.encode()),
        "one entity a thousand times": lambda: book(sheet=sheet_of("&a;" * 1000, doctype=f'<!DOCTYPE a [<!ENTITY a "{"x" * 100_000}">]>')),
        "elements in elements, a million deep": lambda: book(sheet=sheet_of("<a>" * 1_000_000 + "</a>" * 1_000_000)),
        "elements in elements, never closed": lambda: book(sheet=sheet_of("<a>" * 500_000)),
        "an element with 300,000 attributes": lambda: book(sheet=sheet_of("<a " + " ".join(f'b{n}="1"' for n in range(300_000)) + "/>")),
        "an attribute of 20 MB": lambda: book(sheet=sheet_of(f'<a b="{"x" * 20_000_000}"/>')),
        "100,000 empty rows": cells("".join(f'<row r="{n}"/>' for n in range(2, 100_000))),
        "styles of 30 MB": lambda: named("xl/styles2.xml", b"<styleSheet>" + b"<xf/>" * 6_000_000 + b"</styleSheet>"),
        "cells of 32,767 characters": cells(
            "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{"x" * 32_767}</t></is></c></row>' for n in range(2, 900))
        ),
    }


def _strings(text: str, count: int) -> bytes:
    return (
        f'<?xml version="1.0"?><sst {SPACE} count="{count}" uniqueCount="{count}">'.encode() + f"<si><t>{text}</t></si>".encode() * count + b"</sst>"
    )


def far_cells() -> dict[str, Make]:
    places = ("XFD1048576", "A1048576", "XFD1", "ZZZ1", "A99999999", "XFD65536", "CV60000", "A0", "1A", "AAAA1", "A-1", "", "A1:B2", "$A$2", "Ａ２")
    found: dict[str, Make] = {f"something in cell {place!r}": cells(f'<row><c r="{place}"><v>1</v></c></row>') for place in places}
    return found | {
        "a table that says it is as large as can be": lambda: book(
            sheet=sheet_of('<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
        ),
        "a table that says it is nowhere": lambda: book(sheet=sheet_of('<dimension ref="B0:A-7"/><sheetData/>')),
        "a million rows without numbers": cells("<row/>" * 1_000_000),
        "a row with 16,384 cells": cells("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"),
        "rows backwards": cells("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2000, 1, -1))),
        "one row a thousand times": cells('<row r="2"><c r="A2"><v>1</v></c></row>' * 1000),
        "all cells merged": lambda: book(
            sheet=sheet_of('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
        ),
        "a shared string that is not there": cells('<row r="2"><c r="A2" t="s"><v>4294967295</v></c></row>'),
        "a shared string before the first": cells('<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'),
        "a number that is none": cells('<row r="2"><c r="A2"><v>1e999999</v></c></row>'),
        "a day that never was": cells('<row r="2"><c r="A2" t="d"><v>9999-99-99T99:99:99</v></c></row>'),
        "a cell of an unknown kind": cells('<row r="2"><c r="A2" t="&#x202e;"><v>1</v></c></row>'),
        "a style that is not there": cells('<row r="2"><c r="A2" s="4294967295"><v>44000</v></c></row>'),
    }


def doctypes() -> dict[str, Make]:
    inside = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData>'
    kinds = {
        "a file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "an address": '<!ENTITY x SYSTEM "http://127.0.0.1:1/x">',
        "a parameter entity": '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;',
        "an outer subset": "",
        "a picture": '<!NOTATION gif SYSTEM "gif"><!ENTITY x SYSTEM "a.gif" NDATA gif>',
        "itself": '<!ENTITY x "&x;">',
        "a default attribute": '<!ATTLIST c r CDATA "XFD1048576"><!ENTITY x "y">',
    }
    made: dict[str, Make] = {}
    for what, declared in kinds.items():
        outer = ' SYSTEM "http://127.0.0.1:1/a.dtd"' if what == "an outer subset" else f" [{declared}]"
        made[f"an entity that is {what}"] = lambda outer=outer: book(sheet=sheet_of(inside, doctype=f"<!DOCTYPE a{outer}>"))  # type: ignore[misc]
    for part in ("strings", "book", "rels", "types"):
        made[f"an entity in the {part}"] = lambda part=part: book(  # type: ignore[misc]
            **{part: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
        )
    made["an entity in UTF-16"] = lambda: book(sheet=sheet_of(inside, doctype='<!DOCTYPE a [<!ENTITY x "y">]>').decode().encode("utf-16"))
    made["a sheet in UTF-7"] = lambda: book(sheet=b'<?xml version="1.0" encoding="UTF-7"?>+ADw-worksheet/+AD4-')
    return made


def archives() -> dict[str, Make]:
    def cut(share: float) -> Make:
        return lambda: book()[: int(len(book()) * share)]

    def turned(place: int) -> Make:
        """One byte of an ordinary workbook is another."""
        return lambda: (made := book())[: place % len(made)] + bytes([made[place % len(made)] ^ 0xFF]) + made[place % len(made) + 1 :]

    strange = (
        "../../../../tmp/zuke-was-here.xml",
        "/tmp/zuke-was-here.xml",
        "C:\\zuke.xml",
        "xl\\..\\..\\x.xml",
        "xl/\u202egnp.xml",
        "xl/x\0.xml",
        "xl/" + "x" * 60_000 + ".xml",
        "CON",
        "xl/worksheets/sheet1.xml/",
    )
    made: dict[str, Make] = {f"a part called {name[:30]!r}": lambda name=name: named(name) for name in strange}  # type: ignore[misc]
    made |= {f"the first {share:.0%} of a workbook": cut(share) for share in (0.1, 0.5, 0.9, 0.999)}
    made |= {f"a workbook with byte {place} turned": turned(place) for place in (5, 30, 200, 1500, -30, -10)}
    return made | {
        "a wrong checksum": lambda: _patched(book(), b"PK\x01\x02", 16, b"\1\2\3\4"),
        "an unknown compression": lambda: _patched(book(), b"PK\x01\x02", 10, struct.pack("<H", 99)),
        "a size of 4 GB": lambda: _patched(book(), b"PK\x01\x02", 24, b"\xff\xff\xff\xfe"),
        "parts that begin beyond the end": lambda: _patched(book(), b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
        "encrypted parts": lambda: _patched(book(), b"PK\x01\x02", 8, struct.pack("<H", 1)),
        "two parts of one name": _twice,
        "an empty archive": lambda: b"PK\x05\x06" + b"\0" * 18,
        "an archive that says it has 65,535 parts": lambda: b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff\xff\xff" + b"\xff" * 8 + b"\0\0",
        "stored, not packed": lambda: _packed(zipfile.ZIP_STORED),
        "packed by bzip2": lambda: _packed(zipfile.ZIP_BZIP2),
        "packed by lzma": lambda: _packed(zipfile.ZIP_LZMA),
        "no sheet": lambda: archive({name: content for name, content in _plain().items() if name != SHEET}),
        "no list of sheets": lambda: book(rels=b"<Relationships/>"),
        "sheets that lie elsewhere": lambda: book(rels=_plain()[RELS].replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")),
        "a sheet on the web": lambda: book(rels=_plain()[RELS].replace(b'Target="worksheets/sheet1.xml"', b'TargetMode="External" Target="http://127.0.0.1:1/"')),
"two thousand sheets": _many_sheets,
        "a sheet that is a macro": lambda: beside(xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
        "a text document": lambda: archive({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}),
        "a Java archive": lambda: archive({"META-INF/MANIFEST.MF": b"Main-Class: x\n"}),
        "an Android program": lambda: archive({"AndroidManifest.xml": b"\3\0\x08\0", "classes.dex": b"dex\n"}),
    }  # fmt: skip


def _many_sheets() -> bytes:
    sheets = "".join(f'<sheet name="{number}" sheetId="{number}"/>' for number in range(2000))
    return book(book=f"<workbook {SPACE}><sheets>{sheets}</sheets></workbook>".encode())


def _patched(made: bytes, mark: bytes, offset: int, content: bytes) -> bytes:
    """Every record that begins with `mark` says something else there."""
    out, place = bytearray(made), made.find(mark)
    while place >= 0:
        out[place + offset : place + offset + len(content)] = content
        place = made.find(mark, place + 4)
    return bytes(out)


def _twice() -> bytes:
    return _patched(named("xl/worksheets/sheet2.xml"), b"sheet2.xml", 5, b"1")


def _packed(how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, content in _plain().items():
            made.writestr(name, content)
    return out.getvalue()


def polyglots() -> dict[str, Make]:
    page = b"<!doctype html><script>alert(1)</script>"
    return {
        "a page before a workbook": lambda: page + book(),
        "a page behind a workbook": lambda: book() + page,
        "a PDF before a workbook": lambda: b"%PDF-1.7\n" + book(),
        "a picture before a workbook": lambda: b"GIF89a" + b"\0" * 20 + book(),
        "a program before a workbook": lambda: b"MZ" + b"\0" * 100 + book(),
        "a workbook before a workbook": lambda: book() + book(sheet=sheet_of("")),
        "a table before a workbook": lambda: "名称,电话\n甲,1\n".encode() + book(),
        "a workbook before a table": lambda: book() + "\n名称,电话\n甲,1\n".encode(),
        "a card before a workbook": lambda: b"BEGIN:VCARD\nFN:a\nEND:VCARD\n" + book(),
        "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
        "a page with a table": lambda: b"<html><table><tr><td>a</td></tr></table></html>",
        "a table of 2003 in XML": lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "a picture with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a packed table": lambda: b"\x1f\x8b\x08\0" + b"\0" * 100,
        "a database": lambda: b"SQLite format 3\0" + b"\0" * 1000,
        "a pickle": lambda: b"\x80\x04\x95" + b"cos\nsystem\n(S'touch /tmp/zuke-was-here'\ntR.",
        "an archive of tapes": lambda: b"a.csv".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 1000,
    }


def texts() -> dict[str, Make]:
    head = "名称,电话\n".encode()
    return {
        "zeros in a table": lambda: head + b"a\0b,1\n" * 10,
        "nothing but zeros": lambda: b"\0" * MEGABYTE,
        "half characters": lambda: head + "\ud800\udfff,1\n".encode("utf-8", "surrogatepass"),
        "half characters in UTF-16": lambda: b"\xff\xfe" + "名称\n".encode("utf-16-le") + b"\x00\xd8,\x00\n\x00",
        "UTF-8 in the head, GB18030 below": lambda: head + "张三,1\n".encode("gb18030") * 100,
        "GB18030 in the head, UTF-8 below": lambda: "名称,电话\n".encode("gb18030") + "张三,1\n".encode() * 100,
        "no GB18030": lambda: head + b"\x81\xff,1\n" * 100,
        "UTF-7": lambda: b"+AG4-ame,tel\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-,1\n",
        "UTF-16 without a mark": lambda: "name,tel\nann,1\n".encode("utf-16-le") * 20,
        "UTF-16 of odd length": lambda: b"\xff\xfe" + "name,tel\nann,1\n".encode("utf-16-le") + b"\0",
        "UTF-32": lambda: "name,tel\nann,1\n".encode("utf-32"),
        "EBCDIC": lambda: "NAME,TEL\nANN,1\n".encode("cp037") * 20,
        "two marks": lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + head + b"a,1\n",
        "overlong UTF-8": lambda: head + b"\xc0\xaf\xc0\xae,1\n" * 20,
        "noise": lambda: head + bytes(range(256)) * 4000,
        "one line of 19 MB": lambda: head + b"x" * 19 * MEGABYTE,
        "one line of 50 MB": lambda: head + b"x" * 50 * MEGABYTE,
        "19 MB of line ends": lambda: head + b"\n" * 19 * MEGABYTE,
        "19 MB of carriage returns": lambda: head + b"\r" * 19 * MEGABYTE,
        "nine million commas": lambda: head + b"," * 9_000_000 + b"\n",
        "a million columns in the head": lambda: b",".join([b"a"] * 1_000_000) + b"\n1\n",
        "a quotation mark that is never closed": lambda: head + b'"' + b"a,1\n" * 1_000_000,
        "four million quotation marks": lambda: head + b'"' * 4_000_001,
        "quotation marks in quotation marks": lambda: head + b'""""""",' * 500_000,
        "a million rows": lambda: head + b"a,1\n" * 1_000_000,
        "50,000 rows of 100 columns": lambda: b",".join([b"a"] * 100) + b"\n" + (b",".join([b"12"] * 100) + b"\n") * 50_000,
        "formulas": lambda: head + "".join(f"{sign}cmd|'/C calc'!A0,1\n" for sign in ("=", "+", "-", "@", "\t=", "\r=", "＝", " =", '"=')).encode(),
        "directions turned": lambda: head + "\u202e\u2066甲\u202c,\u200b1\n".encode() * 50,
        "marks upon marks": lambda: head + ("a" + "\u0301" * 20_000 + ",1\n").encode(),
        "escapes of a terminal": lambda: head + b"\x1b]0;x\x07\x1b[2J,1\n" * 50,
        "a separator that says it is a quotation mark": lambda: b'sep="\na"b\n1"2\n',
        "a separator that says it is a line end": lambda: b"sep=\n\na,b\n",
        "only headings, 20,000 times": lambda: head * 20_000,
    }


def cards() -> dict[str, Make]:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:a\nEND:VCARD\n"
    photo = base64.b64encode(b"\xff" * 5 * MEGABYTE)
    return {
        "cards in cards": lambda: b"BEGIN:VCARD\n" * 200_000 + b"END:VCARD\n" * 200_000,
        "a card that never ends": lambda: b"BEGIN:VCARD\n" + b"NOTE:x\n" * 1_000_000,
        "a million cards": lambda: b"BEGIN:VCARD\nFN:a\nEND:VCARD\n" * 700_000,
        "a photograph of 7 MB": lambda: b"BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:" + photo + b"\nEND:VCARD\n",
        "a folded photograph": lambda: b"BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:\n" + b" QUFB\n" * 1_000_000 + b"END:VCARD\n",
        "a folded name": lambda: b"BEGIN:VCARD\nFN:a\n" + b" b\n" * 3_000_000 + b"END:VCARD\n",
        "quoted-printable without end": lambda: b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:" + b"=\n" * 3_000_000 + b"END:VCARD\n",
        "a line with a million parameters": lambda: b"BEGIN:VCARD\nTEL" + b";TYPE=A" * 1_000_000 + b":1\nFN:a\nEND:VCARD\n",
        "a name of a million parts": lambda: b"BEGIN:VCARD\nN:" + b"a;" * 1_000_000 + b"\nEND:VCARD\n",
        "a name of backslashes": lambda: b"BEGIN:VCARD\nN:" + b"\\" * 3_000_000 + b"\nEND:VCARD\n",
        "a character set that does not exist": lambda: b"BEGIN:VCARD\nFN;CHARSET=X-\xff:a\nTEL;CHARSET=rot13:1\nEND:VCARD\n",
        "a character set that is a program": lambda: b"BEGIN:VCARD\nFN;CHARSET=zlib_codec:a\nN;CHARSET=idna:\xff\nEND:VCARD\n",
        "zeros in a card": lambda: card.replace(b"FN:a", b"FN:a\0\0b"),
        "100,000 numbers": lambda: b"BEGIN:VCARD\nFN:a\n" + b"".join(b"TEL:%d\n" % n for n in range(100_000)) + b"END:VCARD\n",
        "only carriage returns": lambda: card.replace(b"\n", b"\r") * 1000,
    }  # fmt: skip


def all_files() -> dict[str, Make]:
    """Every one by its name. None is larger than what the door takes, but for those that are to be turned away there."""
    families = (bombs, far_cells, doctypes, archives, polyglots, texts, cards)
    return {name: make for family in families for name, make in family().items()}
