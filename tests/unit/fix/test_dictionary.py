from pathlib import Path
from xml.etree import ElementTree

import pytest
import quickfix
import yaml
from msgspec import ValidationError, convert

from tests.unit.fix.stock import fault
from tests.unit.fix.texts import wire
from venue.cli import main
from venue.fix import dictionary
from venue.fix.dictionary import FILES, FieldType, MessageType, Overlay
from venue.fix.versions import VERSIONS
from venue.gateway.dictionaries import venue_dictionary, write_dictionaries

OVERLAY = Path(__file__).parents[3] / "fixspec" / "overlay.yaml"
STOCK = """
<fix>
  <messages>
    <message name="MarketDataRequest" msgtype="V">
      <field name="MDReqID" required="Y"/>
      <group name="NoMDEntryTypes" required="Y"><field name="MDEntryType" required="Y"/></group>
      <component name="InstrmtMDReqGrp" required="Y"/>
    </message>
  </messages>
  <fields>
    <field number="269" name="MDEntryType" type="CHAR">
      <value enum="0" description="BID"/><value enum="1" description="OFFER"/>
    </field>
    <field number="262" name="MDReqID" type="STRING"/>
    <field number="35" name="MsgType" type="STRING"><value enum="V" description="V"/></field>
  </fields>
</fix>
"""


def required(xml: str) -> dict[str, str]:
    message = ElementTree.fromstring(xml).find("messages/message")
    assert message is not None
    return {part.attrib["name"]: part.attrib["required"] for part in message}


def merge(stock: str, overlay: Overlay) -> str:
    return ElementTree.tostring(dictionary.merge(stock, overlay), encoding="unicode")


def test_an_empty_overlay_changes_nothing() -> None:
    merged, stock = (
        ElementTree.canonicalize(text, strip_text=True) for text in (merge(STOCK, Overlay()), STOCK)
    )
    assert merged == stock


def test_what_may_be_absent() -> None:
    parts = ("NoMDEntryTypes", "InstrmtMDReqGrp")
    merged = merge(STOCK, Overlay(optional={"MarketDataRequest": parts}))
    assert required(merged) == {"MDReqID": "Y", "NoMDEntryTypes": "N", "InstrmtMDReqGrp": "N"}


def test_what_may_have_any_value() -> None:
    field = ElementTree.fromstring(merge(STOCK, Overlay(any_value=("MDEntryType",)))).find(
        "fields/field[@name='MDEntryType']"
    )
    assert field is not None and list(field) == []
    assert field.attrib == {"number": "269", "name": "MDEntryType", "type": "CHAR"}


def test_fields_that_a_message_may_have_besides() -> None:
    overlay = Overlay(
        fields={"TriggerType": FieldType(1100, "CHAR")},
        extra={"MarketDataRequest": ("TriggerType",)},
    )
    root = ElementTree.fromstring(merge(STOCK, overlay))
    field = root.find("fields/field[@number='1100']")
    assert field is not None
    assert field.attrib == {"number": "1100", "name": "TriggerType", "type": "CHAR"}
    assert required(merge(STOCK, overlay))["TriggerType"] == "N"


def test_messages_of_our_own() -> None:
    own = MessageType("U1", ("MDReqID",), ("MDEntryType",))
    root = ElementTree.fromstring(merge(STOCK, Overlay(messages={"OperatorRequest": own})))
    message = root.find("messages/message[@name='OperatorRequest']")
    assert message is not None
    assert message.attrib == {"name": "OperatorRequest", "msgtype": "U1", "msgcat": "app"}
    fields = [(part.tag, part.attrib["name"], part.attrib["required"]) for part in message]
    assert fields == [("field", "MDReqID", "Y"), ("field", "MDEntryType", "N")]
    known = [each.attrib["enum"] for each in root.findall("fields/field[@name='MsgType']/value")]
    assert known == ["V", "U1"]


@pytest.mark.parametrize(
    ("overlay", "why"),
    [
        (
            Overlay(messages={"MarketDataRequest": MessageType("U1", ())}),
            "has a message of name MarketDataRequest",
        ),
        (Overlay(messages={"Other": MessageType("V", ())}), "has a message of msgtype V"),
        (Overlay(fields={"MDReqID": FieldType(9001, "CHAR")}), "has a field of name MDReqID"),
        (Overlay(fields={"Other": FieldType(262, "CHAR")}), "has a field of number 262"),
        (Overlay(extra={"MarketDataRequest": ("MDReqID",)}), "MarketDataRequest has MDReqID"),
    ],
)
def test_what_the_stock_dictionary_has_is_not_added(overlay: Overlay, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        merge(STOCK, overlay)


@pytest.mark.parametrize(
    "overlay",
    [
        Overlay(optional={"Nope": ("MDReqID",)}),
        Overlay(optional={"MarketDataRequest": ("Nope",)}),
        Overlay(optional={"MarketDataRequest": ("MDEntryType",)}),
        Overlay(any_value=("Nope",)),
        Overlay(extra={"Nope": ("MDReqID",)}),
        Overlay(extra={"MarketDataRequest": ("Nope",)}),
        Overlay(messages={"Other": MessageType("U1", ("Nope",))}),
        Overlay(messages={"Other": MessageType("U1", (), ("Nope",))}),
    ],
)
def test_a_name_that_the_stock_dictionary_does_not_have(overlay: Overlay) -> None:
    with pytest.raises(ValueError, match=r"the stock dictionary.* has no "):
        merge(STOCK, overlay)


def test_an_overlay_with_an_unknown_key() -> None:
    with pytest.raises(ValidationError, match="unknown field"):
        convert({"optionals": {}}, Overlay)


def test_the_own_overlay_is_of_known_versions() -> None:
    overlays = convert(yaml.safe_load(OVERLAY.read_text("utf-8")), dict[str, Overlay])
    assert overlays.keys() == FILES.keys()
    assert overlays["FIX.4.4"].optional["OrderCancelRequest"] == ("OrigClOrdID",)


def test_the_dictionaries_of_each_version(tmp_path: Path) -> None:
    written = write_dictionaries(["FIX.4.2", "FIX.4.4", "FIX.5.0SP2"], tmp_path)
    names = {version: (each[0].name, each[1].name) for version, each in written.items()}
    assert names == {
        "FIX.4.2": ("FIX42.xml", "FIX42.xml"),
        "FIX.4.4": ("FIX44.xml", "FIX44.xml"),
        "FIX.5.0SP2": ("FIXT11.xml", "FIX50SP2.xml"),
    }
    on_disk = {path.name for path in tmp_path.iterdir()}
    assert on_disk == {"FIX42.xml", "FIX44.xml", "FIXT11.xml"}, "FIX50SP2 is read in part"
    for name in on_disk:
        quickfix.DataDictionary(str(tmp_path / name))
    for version, each in written.items():
        own = ElementTree.fromstring(venue_dictionary(version))
        assert messages_of(each.tree) == messages_of(own)


def messages_of(root: ElementTree.Element) -> dict[str, list[str]]:
    """The names in each message of a dictionary."""
    found = root.iterfind("messages/message")
    return {each.get("name", ""): [part.get("name", "") for part in each] for each in found}


def test_only_what_is_spoken_is_written(tmp_path: Path) -> None:
    assert list(write_dictionaries(["FIX.4.4"], tmp_path)) == ["FIX.4.4"]
    assert [path.name for path in tmp_path.iterdir()] == ["FIX44.xml"]


@pytest.mark.parametrize("name", ["FIX.4.2", "FIX.4.4"])
def test_requests_that_the_stock_dictionary_refuses(name: str, tmp_path: Path) -> None:
    """What a client may say beyond the standard of its version, in QuickFIX's own judgement."""
    version = VERSIONS[name]
    order = "11=X|21=1|38=5|40=2|44=100|54=1|55=AAPL|60=20240229-12:00:00|"
    trigger = "1100=4|1101=1|1102=101|1107=2|1109=U|"
    for text in (
        f"35=D|{order}{trigger}",
        f"35=D|{order}1088=1|1138=2|",
        f"35=D|{order}2362=S|2964=4|",
        f"35=D|{order}9362=S|9964=4|",
        f"35=G|37=1|{order}{trigger}",
        "35=F|37=1|11=X|54=1|55=AAPL|60=20240229-12:00:00|",
        "35=V|262=R|263=2|",
        "35=A|98=0|108=30|9001=Y|",
    ):
        message = wire(f"8={version.begin_string}|9=0|{text}10=0|")
        assert fault(message, version) is not None
        assert fault(message, version, tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "35=F|37=1|11=X|54=1|55=AAPL|60=20240229-12:00:00|",
        "35=D|11=X|38=5|40=2|44=100|54=1|55=AAPL|60=20240229-12:00:00|2362=S|2964=4|",
        "35=V|262=R|263=2|",
        "35=V|262=R|263=1|264=0|265=1|267=1|269=~|146=1|55=AAPL|",
        "35=A|98=0|108=30|1137=9|9001=N|",
    ],
)
def test_requests_of_5_0_sp2(text: str, tmp_path: Path) -> None:
    message = wire(f"8=FIXT.1.1|9=0|{text}10=0|")
    assert fault(message, VERSIONS["FIX.5.0SP2"], tmp_path) is None


def test_the_order_types_and_times_in_force_that_4_2_lacks(tmp_path: Path) -> None:
    version = VERSIONS["FIX.4.2"]
    for terms in ("40=J|59=0", "40=2|59=7"):
        order = f"35=D|11=X|21=1|38=5|54=1|55=AAPL|60=20240229-12:00:00|{terms}|"
        assert fault(wire(f"8=FIX.4.2|9=0|{order}10=0|"), version, tmp_path) is None


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dictionaries")


@pytest.mark.parametrize("name", VERSIONS)
def test_what_an_operator_asks_for(name: str, own: Path) -> None:
    version = VERSIONS[name]
    terms = "969=0.01|561=1|1150=100|562=1|1140=9|15=USD|167=CS|"
    more = "9204=5|9205=50|9206=MAIN|9207=none|9208=8|9209=60|9210=0|"
    for text in (f"35=U1|9201=R|9202=define|55=AAPL|{terms}{more}", "35=U1|9201=R|9202=halt|"):
        message = wire(f"8={version.begin_string}|9=0|{text}10=0|")
        assert fault(message, version) is not None
        assert fault(message, version, own) is None
    without = wire(f"8={version.begin_string}|9=0|35=U1|9201=R|10=0|")
    assert fault(without, version, own) is not None


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("FIX.4.2", ["35=c|320=R|263=2|", "35=e|324=R|263=2|", "35=c|320=R|321=9|263=~|167=~|"]),
        ("FIX.4.4", ["35=x|320=R|263=2|", "35=c|320=R|263=2|"]),
        ("FIX.4.4", ["35=x|320=R|559=9|263=~|167=~|", "35=c|320=R|321=9|"]),
        ("FIX.5.0SP2", ["35=x|320=R|263=2|", "35=c|320=R|263=2|", "35=c|320=R|321=99|"]),
        ("FIX.5.0SP2", ["35=x|320=R|559=3|336=MAIN|", "35=g|335=R|263=0|336=MAIN|"]),
    ],
)
def test_inquiries_that_the_venue_answers_itself(name: str, texts: list[str], own: Path) -> None:
    version = VERSIONS[name]
    for text in texts:
        message = wire(f"8={version.begin_string}|9=0|{text}10=0|")
        assert fault(message, version) is not None
        assert fault(message, version, own) is None


@pytest.mark.parametrize("name", FILES)
def test_the_dictionary_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["dictionary", name])
    assert exit.value.code == 0
    assert capsys.readouterr().out == venue_dictionary(name)


def test_the_dictionary_of_another_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["dictionary", "FIX.4.3"])
    assert exit.value.code == 2
    assert "FIX.4.3 is none of" in capsys.readouterr().err
