"""What a client has QuickFIX read: little of a large dictionary, and nothing too little."""

from pathlib import Path

import pytest
import quickfix

from tests.rules import messages
from venue.client.dictionaries import RECEIVED, SENT, lean_dictionaries, stock_dictionaries
from venue.client.versions import VERSIONS

PARTIES = "453=2|448=A|447=D|452=1|448=B|447=D|452=3|"
LISTS = "267=2|269=0|269=1|146=2|55=X|55=Y|"


def test_the_messages_are_those_of_the_rules() -> None:
    assert messages("Out").keys() - {"3"} == RECEIVED, "3 is in the transport's"
    assert messages("In").keys() - SENT == {"A", "c"}, "the client has no method for c"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_large_dictionary_is_read_in_part(version: str) -> None:
    stock = stock_dictionaries(version)
    with lean_dictionaries(version, {"D", "8"}) as paths:
        assert len(paths) == len(stock)
        if len(stock) == 1:
            assert paths == stock
            return
        assert paths[0] == stock[0]
        dictionary = quickfix.DataDictionary(paths[1])
        assert dictionary.isMsgType("8")
        assert not dictionary.isMsgType("W")
        assert dictionary.isField(269), "fields of other messages are still known"
    assert not Path(paths[1]).parent.exists()
    assert Path(stock[1]).exists()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("msg_type", "body"), [("D", PARTIES), ("V", LISTS)])
def test_groups_keep_their_entries(version: str, msg_type: str, body: str) -> None:
    if version == "FIX.4.2" and msg_type == "D":
        pytest.skip("FIX.4.2 has no Parties")
    begin_string = VERSIONS[version].begin_string
    with lean_dictionaries(version, {msg_type}) as paths:
        dictionaries = [quickfix.DataDictionary(path) for path in paths]
    body = body.replace("|", "\x01")
    text = f"8={begin_string}\x019=0\x0135={msg_type}\x01{body}10=0\x01"
    sent = quickfix.Message(text, *dictionaries, False).toString()
    assert all(part in sent for part in body.split("146=")), sent
