"""Sizes of files."""

UNITS = ("B", "KB", "MB", "GB")


def in_words(size: int) -> str:
    """820 B, 12 KB, 3.4 MB."""
    shown, unit = float(size), 0
    while shown >= 1000 and unit < len(UNITS) - 1:
        shown, unit = shown / 1024, unit + 1
    return f"{shown:.1f} {UNITS[unit]}".replace(".0 ", " ") if 0 < shown < 10 and unit else f"{shown:.0f} {UNITS[unit]}"
