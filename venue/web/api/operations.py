"""What an operator does to the venue, by the words of `venue admin`."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import PlainValidator, WithJsonSchema
from starlette.responses import Response

from venue.client.requests import OPERATOR_ACTIONS, OPERATOR_TERMS
from venue.web.accounts.dependencies import Operating
from venue.web.api.amounts import Name, wrong
from venue.web.api.answers import answer
from venue.web.api.described import BODY, VENUE, problems
from venue.web.api.examples import OPERATIONS
from venue.web.api.route import StrictRoute
from venue.web.api.validation import FieldError, invalid, shown
from venue.web.problems import refused
from venue.web.shapes import Firm, FirmLimits, OperatorAnswer

router = APIRouter(route_class=StrictRoute, tags=["operator"])

LONGEST = 1000
"""Characters of a term."""
_TERM = {
    "anyOf": [
        {"type": "string", "pattern": f"^[ -~]{{1,{LONGEST}}}$"},
        {"type": "integer", "minimum": 1 - 10**18, "maximum": 10**18 - 1},
    ]
}
_YES_OR_NO = {"anyOf": [{"type": "string", "enum": ["Y", "N"]}, {"type": "boolean"}]}
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: _YES_OR_NO if name == "allow_short" else _TERM for name in OPERATOR_TERMS},
}


def _terms(value: Any) -> dict[str, str]:
    """Whatever an action may be about, as text. Raise `Problem` 422 for what is none of that."""
    if not isinstance(value, dict):
        raise wrong("a JSON object")
    errors = []
    terms = {}
    for name, term in value.items():
        if name not in OPERATOR_TERMS:
            errors.append(
                FieldError(shown(name), shown(term), f"one of {', '.join(OPERATOR_TERMS)}")
            )
        elif name == "allow_short":
            if term in ("Y", "N") or isinstance(term, bool):
                terms[name] = term if isinstance(term, str) else "NY"[term]
            else:
                errors.append(FieldError(name, shown(term), "true or false"))
        elif type(term) is int and abs(term) < 10**18:
            terms[name] = str(term)
        elif (
            type(term) is str and term.isascii() and term.isprintable() and 0 < len(term) <= LONGEST
        ):
            terms[name] = term
        else:
            expected = f"1 to {LONGEST} printable ASCII characters, or a JSON integer"
            errors.append(FieldError(name, shown(term), expected))
    if errors:
        raise invalid(errors)
    return terms


def _action(value: str) -> str:
    if value not in OPERATOR_ACTIONS:
        raise wrong(f"one of {', '.join(OPERATOR_ACTIONS)}")
    return value


Action = Annotated[
    str,
    PlainValidator(_action),
    WithJsonSchema({"type": "string", "enum": list(OPERATOR_ACTIONS)}),
]
Terms = Annotated[dict[str, str], PlainValidator(_terms), WithJsonSchema(_SCHEMA)]


@router.get("/v1/firms", response_model=list[Firm], responses=problems(401, 403, 429, *VENUE))
async def list_firms(desk: Operating) -> Response:
    """List all firms of the venue, and whether their orders are taken. It needs an operator."""
    return answer(await desk.firms())


@router.get(
    "/v1/limits",
    response_model=list[FirmLimits],
    responses=problems(401, 403, 422, 429, *VENUE),
)
async def list_limits(
    desk: Operating,
    firm: Annotated[Name | None, Query(description="Those that hold for it. Default: all.")] = None,
) -> Response:
    """List the limits that there are. It needs an operator."""
    return answer(await desk.limits(firm))


@router.post(
    "/v1/operator/{action}",
    response_model=OperatorAnswer,
    responses=problems(401, 403, 429, *BODY, *VENUE),
)
async def operate(
    desk: Operating,
    action: Annotated[Action, Path(description="As the commands of `venue admin`.")],
    terms: Annotated[Terms, Body(openapi_examples=OPERATIONS)],
) -> Response:
    """Ask the venue for something as its operator; `text` tells what was done. What the venue
    refuses is 422 with its `venue_text`.
    """
    done = await desk.act(action, **terms)
    if not done.accepted:
        raise refused(f"the venue refuses {action}: {done.text}", code=None, text=done.text)
    return answer(done)
