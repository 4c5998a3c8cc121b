"""Every route, asked by everybody. A foreign id answers exactly as one that does not exist."""

import pytest
from flask import Flask

from tests.wall.asking import Asker, leads_to_sign_in, plain
from tests.wall.routes import STAFF, Look, Of, every_route

ROUTES = every_route()
SAFE = {"GET", "HEAD", "OPTIONS"}
REFUSED = {403, 404}
FORGED = {400, 403}


def keys(*kinds: str) -> list[str]:
    return [key for key, route in ROUTES.items() if route.kind in kinds]


def with_ids(*kinds: type) -> list[str]:
    return [key for key in keys("tenant") if any(isinstance(value, kinds) for value in ROUTES[key].args.values())]


def changing() -> list[str]:
    return [key for key, route in ROUTES.items() if key.partition(" ")[0] not in SAFE and route.token]


def test_every_route_is_listed(app: Flask) -> None:
    there = {f"{method} {rule.endpoint}": rule for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    missing = sorted(set(there) - set(ROUTES))
    told = [f'"{key}" ({there[key].rule}) needs a line in tests/wall/rooms/{key.split()[1].split(".")[0]}.py' for key in missing]
    assert told == [], "see tests/wall/routes.py"
    assert sorted(set(ROUTES) - set(there)) == [], "listed in tests/wall/rooms, but there is no such route"


@pytest.mark.parametrize("key", keys("tenant"))
def test_each_role_gets_what_it_may(asker: Asker, key: str) -> None:
    route = ROUTES[key]
    got = {name: asker.ask(key, name).status_code for name in STAFF}
    assert {name: status for name, status in got.items() if (status in route.answers) != (name in route.may)} == {}
    assert {name: status for name, status in got.items() if name not in route.may and status not in REFUSED} == {}


@pytest.mark.parametrize("key", keys("tenant"))
def test_nobody_is_sent_to_sign_in(asker: Asker, key: str) -> None:
    assert leads_to_sign_in(asker.ask(key, "anonymous"))
    assert leads_to_sign_in(asker.ask(key, "anonymous", htmx=True))
    assert plain(asker.ask(key, "anonymous"))[0] == plain(asker.ask(key, "anonymous", slug="no-such-company"))[0]


@pytest.mark.parametrize("name", ["charlie", "olga"])
@pytest.mark.parametrize("key", keys("tenant"))
def test_a_stranger_does_not_learn_that_the_company_exists(asker: Asker, key: str, name: str) -> None:
    answer = plain(asker.ask(key, name))
    assert answer[0] == 404
    assert answer == plain(asker.ask(key, name, slug="no-such-company"))


@pytest.mark.parametrize("key", with_ids(Of, Look))
def test_a_foreign_id_answers_as_one_that_does_not_exist(asker: Asker, key: str) -> None:
    answer = plain(asker.ask(key, "alice", ids="foreign"))
    assert answer[0] in REFUSED
    assert answer == plain(asker.ask(key, "alice", ids="none"))


@pytest.mark.parametrize("key", [key for key in with_ids(Of) if "bob" in ROUTES[key].may])
def test_a_colleagues_record_answers_as_one_that_does_not_exist(asker: Asker, key: str) -> None:
    """Bob sees his own only."""
    answer = plain(asker.ask(key, "bob", ids="colleague"))
    assert answer[0] in REFUSED
    assert answer == plain(asker.ask(key, "bob", ids="none"))


@pytest.mark.parametrize("key", keys("public"))
def test_public_pages_answer_everybody(asker: Asker, key: str) -> None:
    for name in ("anonymous", "bob"):
        assert asker.ask(key, name).status_code in ROUTES[key].answers, name


@pytest.mark.parametrize("key", keys("person"))
def test_pages_of_a_person_want_a_sign_in(asker: Asker, key: str) -> None:
    assert leads_to_sign_in(asker.ask(key, "anonymous"))
    assert asker.ask(key, "bob").status_code in ROUTES[key].answers


@pytest.mark.parametrize("key", [key for key in keys("person") if any(isinstance(value, Look) for value in ROUTES[key].args.values())])
def test_what_is_bobs_is_not_charlies(asker: Asker, key: str) -> None:
    """What the matrix looks up for these is Bob's: a session of his, say."""
    asker.client_of("bob")
    answer = plain(asker.ask(key, "charlie"))
    assert answer[0] in REFUSED
    assert answer == plain(asker.ask(key, "charlie", ids="none"))


@pytest.mark.parametrize("key", keys("operator"))
def test_only_our_staff_reach_the_operators_pages(asker: Asker, key: str) -> None:
    """For everybody else they do not exist, signed in or not."""
    for name in ("anonymous", *STAFF, "charlie"):
        assert asker.ask(key, name).status_code == 404, name
    assert asker.ask(key, "olga").status_code in ROUTES[key].answers


def test_there_is_something_that_only_our_staff_reach() -> None:
    assert len(keys("operator")) >= 5


@pytest.mark.parametrize("key", changing())
def test_a_request_from_elsewhere_changes_nothing(asker: Asker, key: str) -> None:
    name = {"operator": "olga", "public": "anonymous"}.get(ROUTES[key].kind, "alice")
    assert asker.ask(key, name, token=False).status_code in FORGED
    assert asker.ask(key, name, headers={"Sec-Fetch-Site": "cross-site"}).status_code in FORGED
