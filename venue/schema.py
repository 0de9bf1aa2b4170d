"""Finds the values that do not fit a msgspec Struct, and says so in words a person can act on.

msgspec converts, this explains: what is expected is the `description` of the field's type.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from venue.yaml_document import KeyPath

Mismatch = tuple[KeyPath, str, str | None]
"""Key path, what is expected there, and what was found where that is more than the value."""


def mismatches(kind: Any, value: object, at: KeyPath = ()) -> Iterator[Mismatch]:
    """Walk `value`, made of dicts, lists and texts, and yield every place where it is no `kind`."""
    if NoneType in get_args(kind):
        kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _struct_mismatches(kind, value, at)
    elif get_origin(kind) is dict:
        if isinstance(value, dict):
            for key in value:
                yield from mismatches(get_args(kind)[1], value[key], (*at, key))
        else:
            yield at, "keys and values", None
    elif get_origin(kind) is tuple:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from mismatches(get_args(kind)[0], item, (*at, index))
        else:
            yield at, "a list", None
    elif get_args(kind)[:1] == (bool,):
        if value not in ("true", "false"):  # msgspec takes numbers, too
            yield at, _expected(kind), None
    else:
        try:
            msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            yield at, _expected(kind), None


def _struct_mismatches(
    kind: type[msgspec.Struct], value: object, at: KeyPath
) -> Iterator[Mismatch]:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    if not isinstance(value, dict):
        yield at, f"the keys {', '.join(fields)}", None
        return
    for key in value:
        if field := fields.get(key):
            yield from mismatches(field.type, value[key], (*at, key))
        else:
            meant = "".join(f" ({name}?)" for name in get_close_matches(key, fields, n=1))
            yield (*at, key), f"one of {', '.join(fields)}{meant}", "an unknown key"
    for key, field in fields.items():
        if field.required and key not in value:
            yield (*at, key), _expected(field.type), None


def _expected(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "a list"
    return str(kind.__metadata__[0].description)
