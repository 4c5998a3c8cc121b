"""One icon for one meaning: pages name the meaning, this table names the Tabler outline icon that stands for it."""

from functools import lru_cache

from markupsafe import Markup

from web.ui.assets import asset

ICONS: dict[str, str] = {
    # places
    "workbench": "home",
    "lead": "flag",
    "customer": "building",
    "pool": "inbox",
    "contact": "user",
    "opportunity": "layout-kanban",
    "quote": "file-invoice",
    "contract": "file-text",
    "order": "shopping-cart",
    "payment": "cash",
    "invoice": "receipt",
    "product": "package",
    "service": "headset",
    "ticket": "lifebuoy",
    "promise": "heart-handshake",
    "care": "heart",
    "insight": "chart-bar",
    "settings": "settings",
    "team": "users-group",
    "member": "users",
    "role": "shield-check",
    "territory": "map",
    "company": "building-community",
    "plan": "calendar-event",
    "todo": "list-check",
    "bell": "bell",
    "me": "user-circle",
    "rent": "credit-card",
    "log": "history",
    "bin": "trash",
    "target": "target",
    "field": "forms",
    # what happened
    "followup": "note",
    "call": "phone",
    "mobile": "device-mobile",
    "mail": "mail",
    "wechat": "brand-wechat",
    "visit": "map-pin",
    "message": "message",
    "event": "calendar",
    "stage": "trending-up",
    "handover": "arrows-exchange",
    "won": "trophy",
    "lost": "mood-sad",
    "claim": "hand-grab",
    "tag": "tag",
    "attachment": "paperclip",
    "birthday": "cake",
    "time": "clock",
    "score": "gauge",
    # what can be done
    "create": "plus",
    "edit": "pencil",
    "delete": "trash",
    "search": "search",
    "filter": "filter",
    "sort": "arrows-sort",
    "up": "arrow-up",
    "down": "arrow-down",
    "columns": "columns-3",
    "import": "upload",
    "export": "download",
    "print": "printer",
    "copy": "copy",
    "link": "link",
    "outside": "external-link",
    "undo": "arrow-back-up",
    "refresh": "refresh",
    "more": "dots",
    "close": "x",
    "check": "check",
    "next": "chevron-right",
    "previous": "chevron-left",
    "open": "chevron-down",
    "drag": "grip-vertical",
    "view": "eye",
    "hide": "eye-off",
    "star": "star",
    "merge": "git-merge",
    "archive": "archive",
    "move": "arrow-right",
    "invite": "user-plus",
    "sign-in": "login",
    "sign-out": "logout",
    "switch": "switch-horizontal",
    "keyboard": "keyboard",
    "command": "command",
    "menu": "menu-2",
    "help": "help",
    "language": "language",
    "light": "sun",
    "dark": "moon",
    "auto": "device-desktop",
    # how it stands
    "good": "circle-check",
    "wait": "alert-triangle",
    "bad": "alert-circle",
    "news": "info-circle",
    "lock": "lock",
    "unlock": "lock-open",
    "key": "key",
    "device": "device-laptop",
    "camera": "camera",
    "sample": "sparkles",
    "shelter": "home-shield",
    "funnel": "chart-funnel",
    "world": "world",
}


# A drawing's own name is understood where it stands for something: icon("home") is the workbench.
MEANINGS = {drawing: meaning for meaning, drawing in reversed(ICONS.items())}


@lru_cache(maxsize=512)
def icon(meaning: str, *, size: str = "s", label: str = "") -> Markup:
    """The icon for a meaning; silent to screen readers unless it is given a label. Sizes: "s" 18 px, "m" 22 px, "l" 32 px."""
    name = meaning if meaning in ICONS else MEANINGS.get(meaning)
    if name is None:
        raise KeyError(f"no icon means {meaning!r}: add it to web/ui/icons.py and run web/ui/sprite.py")
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon-{}" {}><use href="{}#{}"/></svg>').format(size, told, asset("icons.svg"), name)
