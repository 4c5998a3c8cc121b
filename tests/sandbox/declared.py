"""What the stripe library declares of its objects, and where a value differs from it."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

from stripe._list_object import ListObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject, UntypedStripeObject

JSON = dict[str, Any]
NO_LONGER = {"plan", "subscription"}
"""Keys of Stripe's samples that the library has stopped declaring here or there."""


def class_of(name: str) -> type[StripeObject]:
    """The library's class for an object's `object`."""
    return get_object_class("V1", name)


def differences(value: JSON) -> list[str]:
    """Where an object of the API is not what the library declares: "path: what is wrong"."""
    return list(_of_class(value, class_of(value["object"]), value["object"]))


def fields(cls: type[StripeObject]) -> dict[str, Any]:
    """Names and declared types, those of the library's base class left out."""
    declared: dict[str, Any] = inspect.get_annotations(cls)
    return {field: kind for field, kind in declared.items() if not field.startswith("_") and not str(kind).startswith("typing.ClassVar")}


def may_be_null(kind: Any) -> bool:
    return get_origin(kind) is Union and NoneType in get_args(kind)


def _of_class(value: Any, cls: type[StripeObject], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no {cls.__qualname__}"
        return
    declared = fields(cls)
    for field, kind in declared.items():
        if field in value:
            yield from _of_kind(value[field], kind, cls, f"{path}.{field}")
        elif not may_be_null(kind) and field not in {"deleted"}:
            yield f"{path}.{field}: missing"
    yield from (f"{path}.{field}: not declared" for field in value if field not in declared and field not in NO_LONGER)


def _of_kind(value: Any, kind: Any, cls: type[StripeObject], path: str) -> Iterator[str]:
    kind = _resolved(kind, cls)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Union:
        yield from _of_any(value, inner, cls, path)
    elif origin is Literal:
        yield from () if value in inner else (f"{path}: {value!r} is none of {inner}",)
    elif origin is list:
        yield from _of_list(value, inner[0], cls, path)
    elif origin is ListObject:
        yield from _of_page(value, inner[0], cls, path)
    elif origin in {dict, UntypedStripeObject}:
        yield from () if isinstance(value, dict) else (f"{path}: {value!r} is no map",)
    elif inspect.isclass(kind) and issubclass(kind, StripeObject):
        yield from _of_class(value, kind, path)
    elif not _is_plain(value, kind):
        yield f"{path}: {value!r} is no {getattr(kind, '__name__', kind)}"


def _of_any(value: Any, kinds: tuple[Any, ...], cls: type[StripeObject], path: str) -> Iterator[str]:
    """The fewest differences among the kinds that it may be. Where words are listed, "or any other text" is no excuse for us."""
    if any(get_origin(_resolved(kind, cls)) is Literal for kind in kinds):
        kinds = tuple(kind for kind in kinds if kind is not str)
    tries = [list(_of_kind(value, kind, cls, path)) for kind in kinds if kind is not NoneType or value is None]
    yield from min(tries, key=len) if tries else ()


def _of_list(value: Any, kind: Any, cls: type[StripeObject], path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: {value!r} is no list"
        return
    for number, one in enumerate(value):
        yield from _of_kind(one, kind, cls, f"{path}[{number}]")


def _of_page(value: Any, kind: Any, cls: type[StripeObject], path: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("object") != "list" or not {"data", "has_more", "url"} <= set(value):
        yield f"{path}: {value!r} is no list object"
        return
    yield from _of_list(value["data"], kind, cls, f"{path}.data")


def _is_plain(value: Any, kind: Any) -> bool:
    if kind is Any or kind is NoneType:
        return kind is Any or value is None
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if getattr(kind, "__name__", "") == "Decimal":
        return isinstance(value, str)  # on the wire
    return isinstance(value, kind)


def _resolved(kind: Any, cls: type[StripeObject]) -> Any:
    """Names in quotes are classes of other modules, under the names that they have in this one."""
    name = kind.__forward_arg__ if isinstance(kind, ForwardRef) else kind
    if not isinstance(name, str):
        return kind
    module = importlib.import_module(cls.__module__)
    if hasattr(module, name):
        return getattr(module, name)
    home, original = _imported(module.__file__ or "")[name]
    return getattr(importlib.import_module(home), original)


@cache
def _imported(file: str) -> dict[str, tuple[str, str]]:
    """What a module imports for its types only: {name here: (module, name there)}."""
    steps = [node for node in ast.walk(ast.parse(Path(file).read_text())) if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: (node.module or "", alias.name) for node in steps for alias in node.names}
