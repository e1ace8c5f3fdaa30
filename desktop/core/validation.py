"""Say what to give in place of a value that pydantic refuses, in a file or a command of the user."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from desktop.core.errors import InvalidValueError
from desktop.core.messages import Foreign, Message, PartList

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError


def describe_invalid(error: ValidationError, model: type[BaseModel]) -> Message:
    """Return what to give in place of the first invalid value, in the field of `model` that it was given for."""
    first = error.errors()[0]
    field = model.model_fields.get(str(first["loc"][0])) if first["loc"] else None
    match first["type"]:
        case "literal_error" | "enum" if field:
            return Message("value-choices", choices=_join_choices([*filter(None, _list_choices(field.annotation))]))
        case str(kind) if field and (kind.startswith("int_") or kind in ("greater_than_equal", "less_than_equal")):
            bounds = {type(bound).__name__: bound for bound in field.metadata}
            return Message("value-bounds", least=bounds["Ge"].ge, most=bounds["Le"].le)
        case "float_parsing" | "float_type" | "finite_number":
            return Message("value-number")
        case "string_too_short" | "too_short":
            return Message("value-missing")
        case "value_error" if isinstance(refusal := first["ctx"]["error"], InvalidValueError):
            return refusal.message
        case "bool_type" | "bool_parsing":
            return Message("value-boolean")
        case "string_type":
            return Message("value-text")
        case "list_type" | "tuple_type" | "frozen_set_type":
            return Message("value-list")
        case "model_type" | "dict_type":
            return Message("value-table")
        case "missing":
            return Message("value-absent")
        case "extra_forbidden":
            return Message("value-name-unknown")
        case _:
            return Message("value-refused", reason=Foreign(first["msg"]))


def _list_choices(annotation: Any) -> Iterator[str]:
    """Yield the values that an annotation allows: those of its literals and enumerations."""
    annotation = getattr(annotation, "__value__", annotation)  # of a name that stands for a type
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for part in get_args(annotation):
            yield from _list_choices(part)


def _join_choices(names: list[str]) -> str | Message:
    *others, last = names
    return Message("value-alternatives", others=PartList(tuple(others)), last=last) if others else last
