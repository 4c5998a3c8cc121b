"""The value that opens a tenant's world. It is handed in at the door; nothing in here looks it up."""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What the plan grants: most members, names of features, bytes of attachments. None: no limit."""

    seats: int | None = None
    features: frozenset[str] = frozenset()
    storage: int | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """`key` is schema and role; `cell` names the database; `may_write` is False once the rent is long unpaid. `state`: where in its life.

    `ends_at`: when that state ends, once its people have been told so.
    """

    id: uuid.UUID
    key: str
    slug: str
    name: str
    cell: str
    locale: str
    timezone: str
    may_write: bool = True
    state: str = "active"
    ends_at: dt.datetime | None = None
    entitlements: Entitlements = field(default_factory=Entitlements)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)
