"""One script in three versions."""

from pathlib import Path

import pytest

from venue.conform.dialect import spoken
from venue.conform.script import VERSIONS, parse_script

V42, V44, V50 = VERSIONS.values()


def in_version(line: str, version: str) -> str:
    [step] = parse_script(f"title: T\n{line}", Path("t.fix")).steps
    fields = spoken(step.fields, version, step.ours)
    return "|".join(f"!{f.tag}" if f.value is None else f"{f.tag}={f.value}" for f in fields)


FILL = "E8=FIX.4.4|35=8|150=F|39=1|527=<T>|851=1|636=Y|40=K"
STATUS = "E8=FIX.4.4|35=8|150=I|39=4|790=R"


@pytest.mark.parametrize(
    ("line", "v42", "v50"),
    [
        (FILL, "8=FIX.4.2|35=8|150=1|39=1|20=0", "35=8|150=F|39=1|880=<T>|851=1|636=Y|40=K"),
        (STATUS, "8=FIX.4.2|35=8|150=4|39=4|20=3", "35=8|150=I|39=4|790=R"),
        ("E8=FIX.4.4|35=8|150=H|39=4", "8=FIX.4.2|35=8|150=4|39=4|20=1", "35=8|150=H|39=4"),
        ("E8=FIX.4.4|35=8|150=G|39=1", "8=FIX.4.2|35=8|150=1|39=1|20=2", "35=8|150=G|39=1"),
        ("E8=FIX.4.4|35=8|150=8|103=13", "8=FIX.4.2|35=8|150=8|103=0|20=0", "35=8|150=8|103=13"),
        ("E8=FIX.4.4|35=9|102=6", "8=FIX.4.2|35=9|102=2", "35=9|102=6"),
        ("E8=FIX.4.4|35=3|373=13", "8=FIX.4.2|35=3", "35=3|373=13"),
        ("E8=FIX.4.4|35=j|380=6", "8=FIX.4.2|35=j|380=0", "35=j|380=6"),
        ("I8=FIX.4.4|35=D|111=5", "8=FIX.4.2|35=D|111=5|21=1", "35=D|1138=5"),
        ("I8=FIX.4.4|35=A|98=0", "8=FIX.4.2|35=A|98=0", "35=A|98=0|1137=9"),
        ("I8=FIX.4.4|35=H|790=R", "8=FIX.4.2|35=H", "35=H|790=R"),
    ],
)
def test_what_versions_call_it(line: str, v42: str, v50: str) -> None:
    assert in_version(line, V44) == line[1:]
    assert in_version(line, V42) == v42
    assert in_version(line, V50) == f"8=FIXT.1.1|{v50}"


def test_a_field_given_for_a_version_stands_as_it_is() -> None:
    line = "E8=FIX.4.4|35=8|39=0|150=D|[5.0SP2]150=L|[4.2,4.4]378=8|[4.2]!378|[4.2]103=99"
    assert in_version(line, V44) == "8=FIX.4.4|35=8|39=0|150=D|378=8"
    assert in_version(line, V50) == "8=FIXT.1.1|35=8|39=0|150=L"


def test_another_begin_string_stands_as_it_is() -> None:
    assert in_version("I8=FIX.9.9|35=0", V50) == "8=FIX.9.9|35=0"
