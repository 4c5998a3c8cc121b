"""What a browser calls itself, in words that its owner recognises."""

import re

from flask_babel import gettext

# The first that fits: most browsers call themselves by their ancestors' names as well.
BROWSERS = (
    ("WeChat", "MicroMessenger"), ("DingTalk", "DingTalk"), ("WeCom", "wxwork"), ("Edge", "Edg"), ("Opera", "OPR/"), ("QQ", "QQBrowser"),
    ("Firefox", "Firefox|FxiOS"), ("Chrome", "Chrome|CriOS|Chromium"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS|OpenHarmony"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("macOS", "Macintosh"),
    ("Linux", "Linux"),
)  # fmt: skip
HAND_HELD = {"HarmonyOS", "Android", "iPhone", "iPad"}


def device_name(agent: str | None) -> str:
    """Chrome on Windows, as far as it can be told."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return str(gettext("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(gettext("Unknown browser"))


def is_hand_held(agent: str | None) -> bool:
    return _first(SYSTEMS, agent) in HAND_HELD


def _first(names: tuple[tuple[str, str], ...], agent: str | None) -> str | None:
    return next((name for name, pattern in names if re.search(pattern, agent or "")), None)
