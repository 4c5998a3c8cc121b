"""From the POST of the sign-up form to the workbench that it leads to, over one look at the customer list."""

import re
import secrets
from urllib.parse import urlsplit

from flask import Flask

from tests.bench.asking import Browser, make_app, signed_in
from tests.bench.house import LARGE, House
from tests.bench.interleave import Figure, figure, in_turn
from tests.bench.say import say

GOAL = 5.0


def measure(house: House, *, rounds: int) -> list[Figure]:
    warm = 3
    house.make_vacant(rounds + warm + 5)
    say("schemas stand ready")
    app = make_app(house)
    guests = iter([_guest(app) for _ in range(rounds + warm)])
    browser = signed_in(app, house)
    listed = browser.environ(f"/{LARGE}/customers")

    def sign_up() -> None:
        guest, token = next(guests)
        name = secrets.token_hex(5)
        form = {"company": f"清河 {name}", "slug": f"new-{name}", "language": "zh_Hans_CN", "name": "林青", "mail": f"{name}@bench.example"}
        answer = guest.post("/sign-up", form | {"password": f"{name} is long enough", "csrf_token": token})
        assert answer.status == 303, answer.body.decode()
        page = guest.get(urlsplit(answer.header("Location")).path)
        assert page.status == 200 and "工作台".encode() in page.body

    times = in_turn(sign_up, lambda: browser.send(listed), rounds=rounds, warm=warm)
    note = "POST /sign-up with argon2id, a claimed schema furnished, then GET of the workbench"
    return [figure("sign-up to workbench", times, goal=GOAL, note=note)]


def _guest(app: Flask) -> tuple[Browser, str]:
    """Somebody who has the form open."""
    guest = Browser(app)
    page = guest.get("/sign-up").body.decode()
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return guest, found[1]
