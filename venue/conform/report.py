"""What came out of a run: for a person to read, for a program as JSON or JUnit's XML."""

from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import msgspec

from venue.conform.runner import Outcome, Result


def lines(result: Result) -> Iterator[str]:
    """One result: a line, and under a failure what was expected and what came."""
    script = result.script
    mark = f"{result.outcome:<7}{result.version:<11}{script.name:<31} "
    if result.outcome is Outcome.NOT_APPLICABLE:
        yield f"{mark}{', '.join(result.reasons)}"
        return
    yield f"{mark}{script.title}"
    if result.outcome is Outcome.FAILED:
        yield f"       {script.path}:{result.line}"
        yield f"       expected  {result.expected}"
        for got in (result.got or "nothing").splitlines():
            yield f"       got       {got}"
        for reason in result.reasons:
            yield f"         {reason}"


def summary(results: list[Result]) -> str:
    """The counts."""
    counts = Counter(result.outcome for result in results)
    return (
        f"{len({result.script.path for result in results})} scripts: {counts[Outcome.OK]} ok, "
        f"{counts[Outcome.FAILED]} failed, {counts[Outcome.NOT_APPLICABLE]} not applicable"
    )


def as_json(results: list[Result]) -> bytes:
    """A list of objects, one a script and version."""
    return msgspec.json.encode([_record(result) for result in results])


def as_junit(results: list[Result]) -> str:
    """JUnit's XML, which build servers read."""
    cases = "".join(map(_case, results))
    failed = sum(result.outcome is Outcome.FAILED for result in results)
    skipped = sum(result.outcome is Outcome.NOT_APPLICABLE for result in results)
    counts = f'tests="{len(results)}" failures="{failed}" skipped="{skipped}"'
    return (
        f'<?xml version="1.0"?>\n<testsuite name="venue conform" {counts}>\n{cases}</testsuite>\n'
    )


def _record(result: Result) -> dict[str, object]:
    return {
        "script": result.script.name,
        "title": result.script.title,
        "covers": result.script.covers,
        "version": result.version,
        "outcome": result.outcome,
        "seconds": round(result.seconds, 3),
        "line": result.line,
        "expected": result.expected,
        "got": result.got,
        "reasons": result.reasons,
    }


def _case(result: Result) -> str:
    name, version = quoteattr(result.script.name), quoteattr(result.version)
    case = f'  <testcase classname={version} name={name} time="{result.seconds:.3f}">'
    if result.outcome is Outcome.FAILED:
        text = "; ".join([f"line {result.line}", *result.reasons, f"got {result.got}"])
        case += f"<failure message={quoteattr(text)}/>"
    elif result.outcome is Outcome.NOT_APPLICABLE:
        case += f"<skipped message={quoteattr(', '.join(result.reasons))}/>"
    return case + "</testcase>\n"
