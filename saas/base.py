"""The declarative bases of the landlord's planes: schema "saas" (one), and schema "cell" (one in each database that tenants live in)."""

from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, registry

from tenants.wall.base import NAMES, TYPES


class LandlordBase(DeclarativeBase):
    # A registry rather than a map of types: Flask-SQLAlchemy makes a base of its own from this one, and SQLAlchemy 2.1 refuses both at once.
    registry = registry(metadata=MetaData(schema="saas", naming_convention=NAMES), type_annotation_map=TYPES)


class CellBase(DeclarativeBase):
    metadata = MetaData(schema="cell", naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = TYPES
