"""Long work that leaves a trace which tells how often it was really done: for the heavy workers themselves, whatever else they may learn to do."""

import time
from typing import Any

from sqlalchemy.orm import Session

from tenants.jobs import asking
from tenants.workspace import settings
from workers import heavy
from workers.tenancy import now
from workers.work import Work

KIND = "counting"
STEPS, PAUSE = 8, 0.1  # seconds


def register() -> None:
    heavy.HANDLERS[KIND] = count


def key_of(mark: str) -> str:
    return f"faults.{mark}"


def ask(session: Session, mark: str) -> None:
    asking.ask(session, KIND, {"mark": mark}, member_id=None, at=now())


def count(work: Work) -> None:
    key = key_of(work.params["mark"])
    with work.session() as session:
        told: dict[str, Any] = settings.read(session, key)
        for step in range(STEPS):
            work.progress(step, STEPS)
            time.sleep(PAUSE)
        settings.write(session, key, {"times": told.get("times", 0) + 1}, at=now())
        work.finish(session)
