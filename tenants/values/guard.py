"""A cell of a .csv file that a spreadsheet would take for a formula is given an apostrophe before it. Pure."""

import re
import unicodedata

FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌−")
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # count as letters or signs, and show nothing
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"})  # controls, zero-width and joining signs, marks upon others, blanks
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,10})?", re.ASCII)


def guarded(text: str) -> str:
    """The text itself unless it begins, after blanks and what is not seen, with a character that starts a formula. Plain numbers stay numbers."""
    if not text or (text[0].isalnum() and text[0] not in FILLERS) or NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _starts_formula(text) else text


def unguarded(text: str) -> str:
    """Without the apostrophe that `guarded`, or another program, has put before a formula: our own files come back as they were."""
    return text[1:] if text.startswith("'") and _starts_formula(text[1:]) else text


def _starts_formula(text: str) -> bool:
    for character in text:
        if character in FORMULA or unicodedata.normalize("NFKC", character)[:1] in FORMULA:
            return True
        if character not in FILLERS and unicodedata.category(character) not in UNSEEN:
            return False
    return False
