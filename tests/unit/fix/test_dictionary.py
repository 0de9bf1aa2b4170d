from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from msgspec import ValidationError, convert

from venue.fix.dictionary import FILES, Overlay, merge

OVERLAY = Path(__file__).parents[3] / "fixspec" / "overlay.yaml"
STOCK = """
<fix>
  <messages>
    <message name="MarketDataRequest">
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
  </fields>
</fix>
"""


def required(xml: str) -> dict[str, str]:
    message = ElementTree.fromstring(xml).find("messages/message")
    assert message is not None
    return {part.attrib["name"]: part.attrib["required"] for part in message}


def test_an_empty_overlay_changes_nothing() -> None:
    assert ElementTree.canonicalize(merge(STOCK, Overlay())) == ElementTree.canonicalize(STOCK)


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


@pytest.mark.parametrize(
    "overlay",
    [
        Overlay(optional={"Nope": ("MDReqID",)}),
        Overlay(optional={"MarketDataRequest": ("Nope",)}),
        Overlay(optional={"MarketDataRequest": ("MDEntryType",)}),
        Overlay(any_value=("Nope",)),
    ],
)
def test_a_name_that_the_stock_dictionary_does_not_have(overlay: Overlay) -> None:
    with pytest.raises(ValueError, match="the stock dictionary has no "):
        merge(STOCK, overlay)


def test_an_overlay_with_an_unknown_key() -> None:
    with pytest.raises(ValidationError, match="unknown field"):
        convert({"optionals": {}}, Overlay)


def test_the_own_overlay_is_of_known_versions() -> None:
    overlays = convert(yaml.safe_load(OVERLAY.read_text("utf-8")), dict[str, Overlay])
    assert overlays.keys() <= FILES.keys()
    assert overlays["FIX.4.4"].optional["OrderCancelRequest"] == ("OrigClOrdID",)
