"""What a file may be called and what it is, whatever its sender says. Pure."""

import re
import unicodedata
from pathlib import PurePosixPath

from tenants.values.words import N_, Refusal

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_NAME = 120  # characters, with the ending
LONGEST_ENDING = 12

# Told by their first bytes, never by their names: only these are ever shown inside a page.
IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# Handed out as what they are, for the program that opens them; anything else is just bytes.
DOCUMENTS: dict[str, str] = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
BYTES = "application/octet-stream"
SHOWABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class EmptyFile(Refusal):
    sentence = N_("“%(name)s” is empty.")


class FileTooLarge(Refusal):
    sentence = N_("“%(name)s” is too large: a file may have 20 MB.")


def check_size(name: str, size: int) -> None:
    """`size` in bytes. Raises `EmptyFile`, `FileTooLarge`."""
    if size == 0:
        raise EmptyFile(name=name)
    if size > LARGEST:
        raise FileTooLarge(name=name)


def safe_name(name: str | None) -> str:
    """Its last part, without control characters, marks that turn the writing direction, and what file systems refuse; its ending is kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    bare = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    bare = re.sub(r'[<>:"|?*]', "_", " ".join(bare.split())).strip(". ")
    ending = PurePosixPath(bare).suffix[:LONGEST_ENDING]
    return (bare[: LONGEST_NAME - len(ending)].removesuffix(ending) + ending) or "file"


def media_type(name: str, content: bytes) -> str:
    for magic, image in IMAGES:
        if content.startswith(magic):
            return image
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return DOCUMENTS.get(PurePosixPath(name.lower()).suffix, BYTES)
