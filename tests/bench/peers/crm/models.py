"""Our tables as Django models: made from the columns that they have, so that both sides hold the same."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from sqlalchemy import Column, Table
from sqlalchemy import types as kinds
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tenants.customers.search import Lexemes
from tenants.world import Base

FIELDS: tuple[tuple[type, type[models.Field]], ...] = (
    (Lexemes, SearchVectorField),
    (kinds.Uuid, models.UUIDField),
    (JSONB, models.JSONField),
    (kinds.Boolean, models.BooleanField),
    (kinds.Integer, models.IntegerField),
    (kinds.DateTime, models.DateTimeField),
    (kinds.Date, models.DateField),
    (kinds.LargeBinary, models.BinaryField),
    (kinds.Text, models.TextField),
    (kinds.String, models.TextField),
)


def name_of(table: Table) -> str:
    return table.name.title().replace("_", "")


def field_of(column: Column[Any], *, is_only_key: bool) -> tuple[str, models.Field]:
    more: dict[str, Any] = {"null": column.nullable}
    if is_only_key:
        more["primary_key"] = True
    if column.unique:
        more["unique"] = True
    foreign = next(iter(column.foreign_keys), None)
    if foreign is not None or column.name == "owner_id":
        target = f"crm.{name_of(foreign.column.table)}" if foreign else "crm.Members"  # we have no constraint here, and need none there
        wholly = {"db_column": column.name, "db_index": False, "related_name": "+", "db_constraint": foreign is not None}
        return column.name.removesuffix("_id"), models.ForeignKey(target, models.DO_NOTHING, **wholly, **more)
    kind = column.type
    if isinstance(kind, kinds.Numeric) and not isinstance(kind, kinds.Float):
        return column.name, models.DecimalField(max_digits=kind.precision, decimal_places=kind.scale, **more)
    if isinstance(kind, ARRAY | kinds.ARRAY):
        inner = models.UUIDField() if isinstance(kind.item_type, kinds.Uuid) else models.TextField()
        return column.name, ArrayField(inner, **more)
    if getattr(kind, "collation", None):
        more["db_collation"] = kind.collation
    return column.name, next(field for known, field in FIELDS if isinstance(kind, known))(**more)


def model_of(table: Table) -> type[models.Model]:
    keys = list(table.primary_key)
    fields = dict(field_of(column, is_only_key=len(keys) == 1 and column is keys[0]) for column in table.columns)
    if len(keys) > 1:
        fields["pk"] = models.CompositePrimaryKey(*(column.name for column in keys))
    meta = type("Meta", (), {"db_table": table.name, "app_label": "crm"})
    return type(name_of(table), (models.Model,), fields | {"__module__": __name__, "Meta": meta})


globals().update({name_of(table): model_of(table) for table in Base.metadata.sorted_tables})
