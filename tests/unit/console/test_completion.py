import pytest

from venue.console.completion import completions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("b", ["book", "buy"]),
        ("s", ["sell", "status", "sub"]),
        ("buy 10 a", ["AAPL", "AMZN"]),
        ("buy 10 AAPL ", ["mkt"]),
        ("b 10 AAPL mkt i", ["ioc"]),
        ("cancel ", ["3", "14", "all"]),
        ("cancel 3 1", ["14"]),
        ("cancel all am", ["AMZN"]),
        ("replace ", ["3", "14"]),
        ("replace 3 ", []),
        ("sub AAPL am", ["AMZN"]),
        ("help ", []),
    ],
)
def test_tab_offers_what_can_stand_there(text: str, words: list[str]) -> None:
    assert completions(text, ["AAPL", "AMZN"], [3, 14]) == words
