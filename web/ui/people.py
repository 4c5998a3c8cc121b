"""How people are shown where there is room for one or two letters."""

import re
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def firm_initial(name: str) -> str:
    """青禾商贸 -> 青, Fernhill Supply -> F: every second Chinese firm ends in 公司."""
    return name.strip()[:1].upper() or "·"


@lru_cache(maxsize=4096)
def initial(name: str | None) -> str:
    """王芳 -> 芳, Alice Chen -> AC, bob -> B; a dot for nobody."""
    name = (name or "").strip()
    if not name:
        return "·"
    if HAN.search(name[-1]):
        return name[-1]
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
