"""Short ways for the tests of the pipeline's pages."""

import re
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.pipeline.models import Opportunity, Stage
from tests.world.stage import prop

BOBS = prop("opportunity", "Bob")
ALICES = prop("opportunity", "Alice")


def stage_id(session: Session, name: str) -> uuid.UUID:
    return session.scalars(select(Stage.id).where(Stage.name == name)).one()


def fresh(session: Session, key: uuid.UUID = BOBS) -> Opportunity:
    session.rollback()
    return session.get_one(Opportunity, key, populate_existing=True)


def text(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def move(client: Any, key: uuid.UUID, to: uuid.UUID, *, htmx: bool = True, version: int | None = None, **data: Any) -> TestResponse:
    query = "?view=board" + (f"&version={version}" if version else "")
    answer: TestResponse = client.post(f"opportunities/{key}/move{query}", data={"stage_id": str(to)} | data, htmx=htmx)
    return answer
