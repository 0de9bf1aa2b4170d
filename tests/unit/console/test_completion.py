import pytest

from venue.console.completion import completions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("b", ["book", "buy"]),
        ("s", ["sell", "status", "sub"]),
        ("buy 10 a", ["AAPL", "AMZN"]),
        ("buy 10 AAPL ", ["mkt", "mtl", "stop", "touch"]),
        ("b 10 AAPL mkt i", ["ioc"]),
        ("buy 10 AAPL stop ", []),
        ("buy 10 AAPL stop 9 l", ["limit"]),
        ("buy 10 AAPL stop 9 limit 8 l", []),
        ("buy 10 AAPL 9 s", ["show", "smp"]),
        ("buy 10 AAPL 9 gtc s", ["show", "smp"]),
        ("buy 10 AAPL 9 show ", []),
        ("buy 10 AAPL 9 show 5 s", ["smp"]),
        ("buy 10 AAPL 9 g", ["gtc", "gtd"]),
        ("buy 10 AAPL 9 gtc g", []),
        ("buy 10 AAPL 9 smp X cancel_b", ["cancel_both"]),
        ("cancel ", ["3", "14", "all", "AAPL", "AMZN"]),
        ("cancel 3 1", ["14"]),
        ("cancel all am", ["AMZN"]),
        ("cancel all s", ["sell"]),
        ("cancel AAPL ", ["buy", "sell"]),
        ("cancel all AAPL b", ["buy"]),
        ("cancel AAPL buy ", []),
        ("replace ", ["3", "14"]),
        ("replace 3 s", ["stop", "show"]),
        ("replace 3 @ ", []),
        ("replace 3 stop 9 l", ["limit"]),
        ("replace 3 8 stop 9 s", ["show"]),
        ("sub AAPL am", ["AMZN"]),
        ("help ", []),
    ],
)
def test_tab_offers_what_can_stand_there(text: str, words: list[str]) -> None:
    assert completions(text, ["AAPL", "AMZN"], [3, 14]) == words
