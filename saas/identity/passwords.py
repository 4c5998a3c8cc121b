"""Passwords are kept as argon2id hashes, with the parameters that OWASP names as the least: 19 MiB, two passes, one lane (docs/decisions.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from saas.identity.rules import tidy_password
from tenants.values.words import N_, Refusal

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = 4  # hashes in a process; each takes 19 MiB and a core for about 30 ms
PATIENCE = 10.0  # seconds

_hands = BoundedSemaphore(AT_ONCE)


class TooBusy(Refusal):
    sentence = N_("Many people are signing in right now. Please try again in a moment.")


def hash_password(password: str) -> str:
    with _hand():
        return HASHER.hash(tidy_password(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Takes as long when there is no hash to compare with: nobody shall learn by the clock who has an account."""
    with _hand():
        try:
            return HASHER.verify(password_hash or _nobodys(), tidy_password(password)) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_dated(password_hash: str) -> bool:
    """It was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


@contextmanager
def _hand() -> Iterator[None]:
    """One of a few: a flood of sign-ins must not take all memory and both cores. Raises `TooBusy`."""
    if not _hands.acquire(timeout=PATIENCE):
        raise TooBusy
    try:
        yield
    finally:
        _hands.release()
