"""What is wrong with a request, field by field: its name, what was found, what was expected."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from venue.web.api.strict_json import JsonNumber
from venue.web.problems import Problem

LONGEST = 64
"""Characters of a value that an answer repeats."""
MOST = 20
"""Errors that an answer tells of."""
PLACES = ("body", "query", "path", "header", "cookie")

_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "expected": lambda limits: limits["expected"],
    "missing": lambda _: "a value",
    "extra_forbidden": lambda _: "no such field",
    "literal_error": lambda limits: limits["expected"].replace("'", ""),
    "string_type": lambda _: "text",
    "string_unicode": lambda _: "text",
    "bool_type": lambda _: "true or false",
    "bool_parsing": lambda _: "true or false",
    "int_type": lambda _: "a whole number",
    "int_parsing": lambda _: "a whole number",
    "int_from_float": lambda _: "a whole number",
    "int_parsing_size": lambda _: "a smaller number",
    "string_pattern_mismatch": lambda limits: f"text of the form {limits['pattern']}",
    "greater_than_equal": lambda limits: f"at least {limits['ge']}",
    "less_than_equal": lambda limits: f"at most {limits['le']}",
    "model_type": lambda _: "a JSON object",
    "model_attributes_type": lambda _: "a JSON object",
    "dict_type": lambda _: "a JSON object",
}


class FieldError(NamedTuple):
    """A field that is not as it has to be; `value` is what was sent, shortened."""

    field: str
    value: Any
    expected: str

    def __str__(self) -> str:
        found = "nothing" if self.value is None else repr(self.value)
        return f"{self.field}: expected {self.expected}, found {found}"


def invalid(errors: Sequence[FieldError]) -> Problem:
    """422: the request says what nobody can mean."""
    told = errors[:MOST]
    detail = "; ".join(map(str, told))
    return Problem(422, "invalid", detail, errors=[error._asdict() for error in told])


def unfit(field: str, value: Any, expected: str) -> Problem:
    """422 for a single field."""
    return invalid([FieldError(field, shown(value), expected)])


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Translate the errors of pydantic."""
    return [_field_error(error) for error in errors[:MOST]]


def shown(value: Any) -> Any:
    """A value as an answer may repeat it: short, and valid in any JSON."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value if len(value) <= LONGEST else f"{value[:LONGEST]}..."
        return text.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, JsonNumber):
        return f"{shown(value.text)} (a JSON number)"
    if isinstance(value, int):
        return value if abs(value) < 2**53 else shown(str(value))
    return "an array" if isinstance(value, list) else "an object"


def _field_error(error: Mapping[str, Any]) -> FieldError:
    where: tuple[str | int, ...] = error["loc"] or ("body",)
    names = where[1:] if where[0] in PLACES else where
    field = ".".join(map(str, names or where))
    translate = _EXPECTED.get(error["type"])
    expected = translate(error.get("ctx", {})) if translate else error["msg"]
    value = None if error["type"] == "missing" else shown(error.get("input"))
    return FieldError(shown(field), value, expected)
