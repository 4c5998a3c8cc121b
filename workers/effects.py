"""What an effect is given, and what it may say."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tenants.wall.outbox import Promise
from workers.mail import PostOffice
from workers.tenancy import Ring


@dataclass(frozen=True, slots=True)
class Errand:
    """One promise to be kept. `session` is inside the plane that made it and commits when that is recorded; `post` takes letters."""

    ring: Ring
    session: Session
    promised: Promise
    post: PostOffice
