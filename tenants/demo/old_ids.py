"""Keys of records that are said to be older than they are."""

import datetime as dt
import secrets
import uuid


def id_at(moment: dt.datetime) -> uuid.UUID:
    """A UUIDv7 of that moment, so that made-up records sort by when they are said to have been made. No two are alike, whatever the seed."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))
