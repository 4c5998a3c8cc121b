"""Numbers that people read out to each other: C000001, C000002, … without gaps or doubles."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tenants.workspace.models import Counter


def next_number(session: Session, key: str, *, prefix: str, width: int = 6) -> str:
    """The next number of a kind. The counter stays locked until the caller commits, so that a rolled-back number is given again."""
    return f"{prefix}{_advance(session, key, 1):0{width}d}"


def next_numbers(session: Session, key: str, count: int, *, prefix: str, width: int = 6) -> list[str]:
    """`count` numbers in a row, taken at once."""
    last = _advance(session, key, count)
    return [f"{prefix}{number:0{width}d}" for number in range(last - count + 1, last + 1)]


def _advance(session: Session, key: str, by: int) -> int:
    taken = insert(Counter).values(key=key, last=by)
    last: int | None = session.scalar(
        taken.on_conflict_do_update(index_elements=[Counter.key], set_={"last": Counter.last + by}).returning(Counter.last)
    )
    if last is None:
        raise RuntimeError(f"no counter for {key}")
    return last
