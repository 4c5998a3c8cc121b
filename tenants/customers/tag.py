import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.wall.base import Base, Keyed, Sampled


class Tag(Keyed, Sampled, Base):
    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(unique=True)
    colour: Mapped[str] = mapped_column(default="grey", server_default="grey")


class CustomerTag(Base):
    __tablename__ = "customer_tags"
    __table_args__ = (Index("ix_customer_tags_tag_id", "tag_id", "customer_id"),)

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
