"""Rebuild web/static/icons.svg from an installed @tabler/icons: python -m web.ui.sprite node_modules/@tabler/icons"""

import re
import sys
from pathlib import Path

from web.ui.icons import ICONS

SPRITE = Path(__file__).parents[1] / "static" / "icons.svg"
PEN = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
NOTICE = "<!-- Tabler Icons, MIT licence, see vendor/tabler-icons-3.51.0/LICENSE. Made by web/ui/sprite.py. -->"


def drawing(svg: str) -> str:
    """The strokes of one icon file, without its frame and its invisible bounding box."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if inside is None:
        raise ValueError("this is not an icon")
    paths = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)[^>]*/>", inside[1])
    return "".join(p.replace(" />", "/>") for p in paths if 'stroke="none" d="M0 0h24v24H0z"' not in p)


def sprite(icons: Path) -> str:
    symbols = (
        f'<symbol id="{meaning}" viewBox="0 0 24 24" {PEN}>{drawing((icons / "icons" / "outline" / f"{name}.svg").read_text())}</symbol>'
        for meaning, name in ICONS.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{NOTICE}\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    SPRITE.write_text(sprite(Path(sys.argv[1])))
