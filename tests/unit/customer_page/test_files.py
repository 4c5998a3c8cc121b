"""What a file may be called, and what it is, whatever its sender says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.customers.files import LARGEST, LONGEST_NAME, SHOWABLE, EmptyFile, FileTooLarge, check_size, media_type, safe_name
from web.ui.sizes import in_words

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\me\\报价单.xlsx", "报价单.xlsx"),
        ("gnp.\u202eexe.txt", "gnp.exe.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
        ("\0\x07evil\x1b.pdf", "evil.pdf"),
        ('"><script>alert(1)</script>.png', "script_.png"),
        ("  two   words .txt ", "two words .txt"),
        ("...", "file"),
        ("", "file"),
        (None, "file"),
        ("\ud800.txt", "txt"),
        ("x" * 300 + ".docx", "x" * (LONGEST_NAME - 5) + ".docx"),
    ],
)
def test_names_are_made_harmless(name: str | None, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_short_and_clean(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*\r\n\0\u202e')
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("photo.png", PNG, "image/png"),
        ("photo.txt", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("moving.gif", b"GIF89a", "image/gif"),
        ("new.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("evil.png", b"<script>alert(1)</script>", "application/octet-stream"),
        ("page.html", b"<!doctype html>", "application/octet-stream"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream"),
        ("Offer.PDF", b"%PDF-1.7", "application/pdf"),
        ("none", b"?", "application/octet-stream"),
    ],
)
def test_what_it_is_is_read_off_its_bytes(name: str, content: bytes, kind: str) -> None:
    assert media_type(name, content) == kind
    assert (media_type(name, content) in SHOWABLE) == kind.startswith("image/")


def test_nothing_is_too_little_and_20_mb_the_most() -> None:
    with pytest.raises(EmptyFile):
        check_size("a", 0)
    check_size("a", LARGEST)
    with pytest.raises(FileTooLarge):
        check_size("a", LARGEST + 1)


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (820, "820 B"), (12 * 1024, "12 KB"), (3_500_000, "3.3 MB"), (LARGEST, "20 MB")])
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_words(size) == words
