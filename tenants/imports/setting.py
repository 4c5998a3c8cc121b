"""What every step of an import has in hand."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, column, func
from sqlalchemy.orm import Session

from tenants.imports.options import Options
from tenants.imports.rows import World
from tenants.team.actor import Actor

BATCH = 1_000  # rows that are asked about, or written, by one statement
Item = TypeVar("Item")


@dataclass(slots=True)
class Setting:
    """`numbers` gives so many customer numbers in a row; `step` is called with how many rows have been done; both may raise."""

    session: Session
    actor: Actor
    at: dt.datetime
    world: World
    options: Options
    import_id: uuid.UUID
    file: str
    numbers: Callable[[int], list[str]]
    step: Callable[[int], None]

    @property
    def stamps(self) -> dict[str, Any]:
        """Of a new record."""
        return {"created_at": self.at, "created_by_id": self.actor.id, "updated_at": self.at}

    def event(self, kind: str, *, customer_id: uuid.UUID | None, data: dict[str, Any], **about: uuid.UUID) -> dict[str, Any]:
        told = {"opportunity_id": None, "subject_id": None} | about
        return {"at": self.at, "kind": kind, "member_id": self.actor.id, "customer_id": customer_id, "data": data | {"import": self.file}} | told


def batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def keys(pairs: Sequence[tuple[int, str]], words: Sequence[str] | None = None) -> Any:
    """Numbers and texts as a table of the columns n and key; with `words` a third one, word."""
    columns: list[Any] = [bindparam(None, [number for number, _ in pairs], ARRAY(BigInteger())), _texts([text for _, text in pairs])]
    names = ["n", "key"]
    if words is not None:
        columns.append(_texts(words))
        names.append("word")
    return func.unnest(*columns).table_valued(column("n", BigInteger()), *(column(name, Text()) for name in names[1:])).render_derived("k")


def _texts(texts: Sequence[str]) -> Any:
    return bindparam(None, list(texts), ARRAY(Text()))


def among(key: Any, ids: Sequence[uuid.UUID]) -> Any:
    return key == func.any(bindparam(None, list(ids), ARRAY(Uuid())))
