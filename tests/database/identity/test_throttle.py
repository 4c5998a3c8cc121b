"""Who guesses is stopped; whom the guesses are aimed at is not."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from saas.identity.models import Throttle
from saas.identity.throttle import ADDRESS, PASSWORD_DAY, PASSWORD_SOON, Limit, TooManyTries, Try, count, forgive, password_tries
from tenants.wall.session import landlord_plane, open_session

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
THREE = Limit("test", 3, dt.timedelta(minutes=10))


def is_heard(session: Session, tries: list[Try], at: dt.datetime) -> bool:
    try:
        with session.begin_nested():
            count(session, tries, at=at)
    except TooManyTries:
        return False
    return True


def test_the_fourth_try_waits_until_the_window_is_over(landlord: Session) -> None:
    tries = [Try(THREE, "x")]
    assert [is_heard(landlord, tries, NOW) for _ in range(4)] == [True, True, True, False]
    with pytest.raises(TooManyTries) as refused:
        count(landlord, tries, at=NOW + dt.timedelta(minutes=4))
    assert refused.value.params == {"minutes": 6}
    assert is_heard(landlord, tries, NOW + dt.timedelta(minutes=10))


def test_a_try_that_went_well_is_given_back(landlord: Session) -> None:
    tries = [Try(THREE, "x")]
    for _ in range(10):
        count(landlord, tries, at=NOW)
        forgive(landlord, tries)
    assert is_heard(landlord, tries, NOW)


def test_a_thousand_wrong_passwords_from_everywhere_are_thirty_a_day(landlord: Session) -> None:
    heard = 0
    for guess in range(1000):
        tries = password_tries("wang@qinghe.example", address=f"203.0.{guess // 250}.{guess % 250}", device=None)
        heard += is_heard(landlord, tries, NOW + dt.timedelta(seconds=80 * guess))
    assert heard == PASSWORD_DAY.most == 30


def test_the_persons_own_device_has_tries_of_its_own(landlord: Session) -> None:
    for _ in range(40):
        is_heard(landlord, password_tries("wang@qinghe.example", address="203.0.113.9", device=None), NOW)
    own = password_tries("wang@qinghe.example", address="203.0.113.9", device=uuid.uuid4())
    assert [is_heard(landlord, own, NOW) for _ in range(PASSWORD_SOON.most + 1)] == [True] * PASSWORD_SOON.most + [False]


def test_one_address_has_few_tries_over_all_people(landlord: Session) -> None:
    heard = [is_heard(landlord, password_tries(f"person{n}@qinghe.example", address="203.0.113.9", device=None), NOW) for n in range(100)]
    assert sum(heard) == ADDRESS.most


def test_tries_at_the_same_moment_are_all_counted(engine: Engine) -> None:
    def one(_: int) -> bool:
        with open_session(engine, landlord_plane()) as session:
            heard = is_heard(session, [Try(THREE, "race"), Try(PASSWORD_SOON, "race")], NOW)
            session.commit()
            return heard

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(40))) == THREE.most


def test_the_table_tells_nobody_who_was_tried(landlord: Session) -> None:
    count(landlord, password_tries("wang@qinghe.example", address="203.0.113.9", device=None), at=NOW)
    keys = " ".join(landlord.scalars(select(Throttle.key)))
    assert "wang" not in keys
    assert "203" not in keys.replace(":", " ").split()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 600), st.booleans()), max_size=40))
def test_never_more_than_the_limit_in_a_window(landlord: Session, steps: list[tuple[int, bool]]) -> None:
    """Whatever comes when: from its first hit until the window is over, at most three wrong tries are heard, and the count is never less."""
    landlord.execute(text("DELETE FROM saas.throttles"))
    now, until, wrong = NOW, NOW, 0
    for seconds, is_right in steps:
        now += dt.timedelta(seconds=seconds)
        if now >= until:
            until, wrong = now + THREE.window, 0
        heard = is_heard(landlord, [Try(THREE, "x")], now)
        assert heard == (wrong < THREE.most)
        if heard and is_right:
            forgive(landlord, [Try(THREE, "x")])
        elif heard:
            wrong += 1
