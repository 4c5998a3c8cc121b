"""The score of a customer or an open opportunity, in a narrow table of its own: rescoring locks and rewrites no customer."""

import datetime as dt
import uuid

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base


class Score(Base):
    """`parts`: the points of each rule, in the order of the rules of `version`; the score is their sum with the base, cut to 0 to 100.

    `given` is the grade that the rules gave the customer last: as long as the customer bears another one, it was given by hand. `at`: since when
    the points are these. The subject is not a foreign key, for it may be of two kinds; what is left over goes at night.
    """

    __tablename__ = "scores"
    __table_args__ = (
        CheckConstraint("kind IN ('customer', 'opportunity')", name="kind"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("ix_scores_customers", "score", "subject_id", postgresql_where=text("kind = 'customer'")),
    )

    subject_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    score: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    version: Mapped[int] = mapped_column(BigInteger)
    given: Mapped[str | None]
    at: Mapped[dt.datetime]
