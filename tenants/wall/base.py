"""The declarative base of everything inside a tenant's schema. No table names a schema: the wall's search_path does."""

import datetime as dt
import decimal
import uuid
from typing import Any, ClassVar

from sqlalchemy import ARRAY, DateTime, Enum, MetaData, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tenants.values.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

TYPES: dict[Any, Any] = {
    str: Text(),
    uuid.UUID: Uuid(),
    dt.datetime: DateTime(timezone=True),
    decimal.Decimal: Numeric(14, 2),
    dict[str, Any]: JSONB(),
    list[str]: ARRAY(Text()),
    list[uuid.UUID]: ARRAY(Uuid()),
    Enum: Enum(native_enum=False),
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = TYPES


class Keyed:
    """A key made in the app, ordered by time; a stray one from another tenant finds nothing."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


class Sampled:
    """Marks rows that "furnish with sample data" made, so that one click takes just them away again."""

    sample: Mapped[bool] = mapped_column(default=False, server_default="false")
