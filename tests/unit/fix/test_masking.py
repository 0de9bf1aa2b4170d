"""What is secret is not shown, wherever it stands and whatever it holds."""

import pytest

from venue.fix.masking import masked, readable


def message(text: str) -> str:
    return text.replace("|", "\x01")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8=FIX.4.4|35=0|10=1|", "8=FIX.4.4|35=0|10=1|"),
        ("35=A|553=U|554=secret|10=1|", "35=A|553=U|554=***|10=1|"),
        ("35=A|554=a=b c|925=new|10=1|", "35=A|554=***|925=***|10=1|"),
        ("554=first|35=A|", "554=***|35=A|"),
        ("35=A|95=7|96=a|58=se|10=1|", "35=A|95=7|96=***|10=1|"),
        ("35=A|96=secret|10=1|", "35=A|96=***|10=1|"),
        ("35=A|1401=3|1402=a|b|1403=2|1404=cd|10=1|", "35=A|1401=3|1402=***|1403=2|1404=***|10=1|"),
        ("35=D|1554=x|9254=y|58=no 554 here|", "35=D|1554=x|9254=y|58=no 554 here|"),
        ("35=D|58=554=x|", "35=D|58=554=x|"),
    ],
)
def test_messages(text: str, shown: str) -> None:
    assert readable(message(text)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8=FIX|554=secret|10=1|", "8=FIX|554=***|10=1|"),
        ("8=FIX\x01925=secret\x0110=1\x01", "8=FIX\x01925=***\x0110=1\x01"),
        ("tag 554=secret of the Logon", "tag 554=*** of the Logon"),
        ("1554=x", "1554=x"),
        ("nothing", "nothing"),
    ],
)
def test_anything_else(text: str, shown: str) -> None:
    assert masked(text) == shown
