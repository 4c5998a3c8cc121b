"""Search as one types, over all customers: what the list's field and the palette ask for after each letter, over the list itself."""

import itertools

from sqlalchemy import text

from tenants.values.names import initials, pinyin
from tenants.wall.session import inside
from tests.bench.asking import HTMX, Browser, make_app, search_path, signed_in
from tests.bench.house import LARGE, House
from tests.bench.interleave import Figure, clocked, middle, percentile
from tests.bench.say import say

GOAL = 1.0
NAMES = 6  # of each kind that is typed
SOME = text("""
    SELECT c.short_name, c.phone, p.name, p.mobile FROM customers c JOIN contacts p ON p.customer_id = c.id
    WHERE c.short_name IS NOT NULL AND c.phone IS NOT NULL ORDER BY md5(c.id::text) LIMIT :most
""")


def measure(house: House, *, rounds: int) -> list[Figure]:
    browser = signed_in(make_app(house), house)
    typed = prefixes(house)
    say(f"{len(typed)} searches: {' '.join(typed[:30])} …")
    rows = [browser.environ(search_path(words), headers=HTMX | {"HX-Target": "div#rows"}) for words in typed]
    palette = [browser.environ(f"/{LARGE}/palette?{search_path(words).partition('?')[2]}", headers=HTMX) for words in typed]
    return [_figure("search in the list", browser, rows, typed, rounds), _figure("search in the palette", browser, palette, typed, rounds)]


def _figure(name: str, browser: Browser, searches: list[dict[str, object]], typed: list[str], rounds: int) -> Figure:
    """Each search is followed by one look at the list. The ratio is of the 95th percentiles; the spread is that of five parts of the run."""
    listed = browser.environ(f"/{LARGE}/customers")
    assert all(browser.send(one).status == 200 for one in (listed, *searches)), name
    found: list[float] = []
    lists: list[float] = []
    slow: dict[str, float] = {}
    for number, search in itertools.islice(enumerate(itertools.cycle(searches)), max(2 * rounds, len(searches))):
        found.append(clocked(lambda one=search: browser.send(one)))  # type: ignore[misc]
        lists.append(clocked(lambda: browser.send(listed)))
        words = typed[number % len(typed)]
        slow[words] = min(found[-1], slow.get(words, 9.9))
    fifth = len(found) // 5
    parts = [percentile(found[i * fifth : (i + 1) * fifth], 0.95) / percentile(lists[i * fifth : (i + 1) * fifth], 0.95) for i in range(5)]
    slowest = ", ".join(f"{words} {seconds * 1000:.0f} ms" for words, seconds in sorted(slow.items(), key=lambda one: -one[1])[:3])
    note = f"p95 over the list's p95; {len(searches)} different searches; slowest: {slowest}"
    return Figure(name, percentile(found, 0.95), percentile(lists, 0.95), middle(parts), GOAL, len(found), note)


def prefixes(house: House) -> list[str]:
    """What stands in the field after each key, for names in Chinese, in pinyin, by initials, for phones and contacts."""
    with inside(house.large, house.engine) as session:
        rows = session.execute(SOME, {"most": NAMES}).all()
    whole = [word for short, phone, name, mobile in rows for word in (short, pinyin(short), initials(short), phone[-8:], name, mobile or "")]
    return list(dict.fromkeys(word[:length] for word in whole for length in range(1, min(len(word), 11) + 1)))
