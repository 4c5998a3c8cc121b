"""How a member wants to be told: by which channels of what, not in which hours, and when in the morning. Kept as JSON with the member."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.notifications.kinds import CHANNELS, CHOOSABLE, KINDS, Channel
from tenants.notifications.quiet import Quiet
from tenants.team.models import Member

MORNING = dt.time(8, 30)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`chosen`: channels by kind, where the member has chosen; a kind that came later is told as it comes."""

    chosen: Mapping[str, frozenset[Channel]] = field(default_factory=dict)
    quiet: Quiet | None = None
    digest_at: dt.time = MORNING
    digest_every_day: bool = False

    @classmethod
    def of(cls, words: Mapping[str, Any] | None) -> Self:
        """From what `as_words` gave; nothing means the defaults."""
        words = words or {}
        chosen = {
            kind: frozenset(channel for channel in CHANNELS if channel in channels)
            for kind, channels in words.get("channels", {}).items()
            if kind in CHOOSABLE
        }
        morning = dt.time.fromisoformat(words["digest_at"]) if "digest_at" in words else MORNING
        return cls(chosen, Quiet.of(words.get("quiet")), morning, bool(words.get("digest_every_day")))

    def as_words(self) -> dict[str, Any]:
        """Frugal: only what differs from the defaults, so that a better default reaches whoever has not chosen."""
        differing = {kind: sorted(channels) for kind, channels in self.chosen.items() if channels != KINDS[kind].channels}
        words: dict[str, Any] = {"channels": differing} if differing else {}
        if self.quiet:
            words["quiet"] = self.quiet.as_words()
        if self.digest_at != MORNING:
            words["digest_at"] = f"{self.digest_at:%H:%M}"
        if self.digest_every_day:
            words["digest_every_day"] = True
        return words

    def channels(self, kind: str) -> frozenset[Channel]:
        return self.chosen.get(kind, KINDS[kind].channels)

    def loud_at(self, at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
        """The first moment from `at` on at which a message may be sent."""
        return self.quiet.end_after(at, zone) if self.quiet else at


def read(session: Session, member_id: uuid.UUID) -> Preferences:
    return Preferences.of(session.scalar(select(Member.preferences).where(Member.id == member_id)))


def write(session: Session, member_id: uuid.UUID, preferences: Preferences) -> None:
    """The member's version stays: nobody's form about the member becomes stale by it."""
    words = preferences.as_words() or None
    session.execute(update(Member).where(Member.id == member_id).values(preferences=words, version=Member.version), execution_options=QUIETLY)


QUIETLY = {"synchronize_session": False}
