"""Names of companies in the URL. Words of ours cannot be one: `RESERVED` holds the first word of every public route (a test compares), and more."""

import re

PATTERN = "[a-z0-9][a-z0-9-]{1,38}[a-z0-9]"
SLUG = re.compile(PATTERN)

WORDS = """
    _style about account accounts admin api app apps assets auth billing blog companies company confirm contact dashboard demo docs download en
    favicon forgotten-password healthz help home invitation invitations legal login logout mail me metrics new news oidc operator prices pricing
    privacy readyz register reset reset-password robots robots-txt root saas security sessions settings sign-in sign-out sign-up signup sitemap
    static status stripe support system terms webhooks www zh zuke
"""
RESERVED = frozenset(WORDS.split())


def is_slug(text: str) -> bool:
    return SLUG.fullmatch(text) is not None and text not in RESERVED
