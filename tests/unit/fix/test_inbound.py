from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.fix import texts
from tests.unit.fix.texts import DROP, INSTRUMENTS, TRADER, VIEWER, cancel, message, new_order
from tests.unit.fix.texts import replace as replace_request
from tests.unit.fix.texts import status as status_request
from venue.core import commands as c
from venue.core.qualifiers import Qualifiers
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    OrdRejReason,
    OrdType,
    SelfMatchPreventionInstruction,
    TimeInForce,
)
from venue.fix import inbound
from venue.fix.inbound import parse
from venue.fix.party import Party
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    SessionReject,
    SessionRejectReason,
)
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version

UNSUPPORTED = OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC
QUANTITY = OrdRejReason.INCORRECT_QUANTITY
INCREMENT = OrdRejReason.INVALID_PRICE_INCREMENT
OTHER = OrdRejReason.OTHER
NO_NUMBER = "is not a decimal number of at most 40 characters"


def parsed(text: str, party: Party = TRADER) -> Any:
    return parse(text, party, INSTRUMENTS)


def order(**changes: Any) -> c.NewOrder:
    """The command of `texts.new_order()`, with changes."""
    fields = {
        "session": "TRADER1",
        "firm": "NORTH",
        "cl_ord_id": "X",
        "symbol": "AAPL",
        "side": "1",
        "ord_type": OrdType.LIMIT,
        "time_in_force": TimeInForce.DAY,
        "price": 10000,
        "order_qty": 5,
    }
    return c.NewOrder(**fields | changes)


def assert_refused(text: str, reason: OrdRejReason, why: str) -> c.RefuseOrder:
    refused = parsed(text)
    assert isinstance(refused, c.RefuseOrder)
    assert (refused.reason, refused.text) == (reason, why)
    return refused


@pytest.mark.parametrize("extra", [{}, {"t47": "A"}], ids=["plain", "the long way"])
@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({}, {}),
        ({"t1": "ACC"}, {"account": "ACC"}),
        ({"t1": "a=b"}, {"account": "a=b"}),
        ({"t11": "a=b|"[:-1]}, {"cl_ord_id": "a=b"}),
        ({"t11": "i" * 64, "t1": "a" * 64}, {"cl_ord_id": "i" * 64, "account": "a" * 64}),
        ({"t21": "1"}, {}),
        ({"t54": "2"}, {"side": "2"}),
        ({"t59": "0"}, {}),
        ({"t59": "1"}, {"time_in_force": TimeInForce.GTC}),
        ({"t59": "3"}, {"time_in_force": TimeInForce.IOC}),
        ({"t59": "4"}, {"time_in_force": TimeInForce.FOK}),
        ({"t44": "100.010"}, {"price": 10001}),
        ({"t38": "9007199254740992"}, {"order_qty": 2**53}),
        ({"t55": "BTC-USD", "t38": "0.00000001"}, {"symbol": "BTC-USD", "order_qty": 1}),
        (
            {"t55": "EURUSD", "t38": "2000", "t44": "1.10001"},
            {"symbol": "EURUSD", "order_qty": 2, "price": 110001},
        ),
        ({"t40": "1", "t44": None}, {"ord_type": OrdType.MARKET, "price": None}),
    ],
)
def test_a_new_order(
    fields: dict[str, str], changes: dict[str, Any], extra: dict[str, str]
) -> None:
    assert parsed(new_order(**fields | extra)) == order(**changes)


@pytest.mark.parametrize(
    ("fields", "reason", "why"),
    [
        ({"t55": "NOPE"}, OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55) NOPE is not traded here"),
        ({"t55": None}, OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55)  is not traded here"),
        ({"t55": "aapl"}, OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55) aapl is not traded here"),
        ({"t54": "5"}, UNSUPPORTED, "Side(54) 5 is not one of 1, 2"),
        ({"t54": None}, UNSUPPORTED, "Side(54)  is not one of 1, 2"),
        ({"t40": "P"}, UNSUPPORTED, "OrdType(40) P is not one of 1, 2, 3, 4, J, K"),
        ({"t59": "5"}, UNSUPPORTED, "TimeInForce(59) 5 is not one of 0, 1, 2, 3, 4, 6, 7"),
        ({"t152": "9"}, UNSUPPORTED, "CashOrderQty(152) 9 is not supported"),
        ({"t168": "x"}, UNSUPPORTED, "EffectiveTime(168) x is not supported"),
        ({"t211": "-1"}, UNSUPPORTED, "PegOffsetValue(211) -1 is not supported"),
        ({"t388": "1"}, UNSUPPORTED, "DiscretionInst(388) 1 is not supported"),
        ({"t38": None}, QUANTITY, "OrderQty(38) is required"),
        ({"t38": "0"}, QUANTITY, "OrderQty(38) 0 must be greater than 0"),
        ({"t38": "0.0"}, QUANTITY, "OrderQty(38) 0.0 must be greater than 0"),
        ({"t38": "-5"}, QUANTITY, "OrderQty(38) -5 must be greater than 0"),
        ({"t38": "1.5"}, QUANTITY, "OrderQty(38) 1.5 is not a multiple of lot 1"),
        ({"t38": "1e5"}, QUANTITY, f"OrderQty(38) 1e5 {NO_NUMBER}"),
        ({"t38": "NaN"}, QUANTITY, f"OrderQty(38) NaN {NO_NUMBER}"),
        ({"t38": "+1"}, QUANTITY, f"OrderQty(38) +1 {NO_NUMBER}"),
        (
            {"t38": "9223372036854775808"},
            QUANTITY,
            "OrderQty(38) 9223372036854775808 is more than 2^53 times the lot 1",
        ),
        (
            {"t55": "EURUSD", "t38": "1500"},
            QUANTITY,
            "OrderQty(38) 1500 is not a multiple of lot 1000",
        ),
        (
            {"t55": "BTC-USD", "t38": "0.000000001"},
            QUANTITY,
            "OrderQty(38) 0.000000001 is not a multiple of lot 0.00000001",
        ),
        ({"t44": None}, OTHER, "Price(44) is required for OrdType(40) 2"),
        ({"t44": "0"}, OTHER, "Price(44) 0 must be greater than 0"),
        ({"t44": "-1"}, OTHER, "Price(44) -1 must be greater than 0"),
        ({"t44": "1.005"}, INCREMENT, "Price(44) 1.005 is not a multiple of tick 0.01"),
        ({"t44": "1e5"}, OTHER, f"Price(44) 1e5 {NO_NUMBER}"),
        ({"t44": "NaN"}, OTHER, f"Price(44) NaN {NO_NUMBER}"),
        ({"t44": "1_000"}, OTHER, f"Price(44) 1_000 {NO_NUMBER}"),
        (
            {"t44": "1" + "0" * 20},
            OTHER,
            f"Price(44) 1{'0' * 20} is more than 2^53 times the tick 0.01",
        ),
        (
            {"t40": "1"},
            UNSUPPORTED,
            "Price(44) 100 contradicts OrdType(40) 1, which has no price",
        ),
        ({"t15": "EUR"}, OTHER, "Currency(15) EUR is not USD, the one of AAPL"),
    ],
)
def test_a_refused_order(fields: dict[str, str], reason: OrdRejReason, why: str) -> None:
    refused = assert_refused(new_order(**fields), reason, why)
    assert (refused.session, refused.firm, refused.cl_ord_id) == ("TRADER1", "NORTH", "X")
    sent = {"t55": "AAPL", "t54": "1", "t40": "2", "t59": "0", "t44": "100", "t38": "5"} | fields
    echoed = (refused.symbol, refused.side, refused.ord_type, refused.time_in_force)
    assert echoed == tuple(sent[tag] or "" for tag in ("t55", "t54", "t40", "t59"))
    assert (refused.price, refused.order_qty) == (sent["t44"] or "", sent["t38"] or "")


@pytest.mark.parametrize("tag", ["18", "99", "110", "111", "1138", "211", "388", "1112"])
@pytest.mark.parametrize("value", ["0", "0.0", "0.00"])
def test_an_unsupported_field_that_says_nothing_is_harmless(tag: str, value: str) -> None:
    assert parsed(new_order(**{f"t{tag}": value})) == order()


def test_the_own_currency_is_harmless() -> None:
    assert parsed(new_order(t15="USD")) == order()


@pytest.mark.parametrize("value", ["Z" * 65, "9" * 5_000, "1." + "0" * 100_000])
@pytest.mark.parametrize("tag", ["38", "44", "55"])
def test_long_values_are_refused_and_not_repeated(tag: str, value: str) -> None:
    refused = parsed(new_order(**{f"t{tag}": value}))
    assert isinstance(refused, c.RefuseOrder)
    assert len(refused.text) < 200
    assert {"38": refused.order_qty, "44": refused.price, "55": refused.symbol}[tag] == ""


@pytest.mark.parametrize("text", [new_order(t97="Y"), new_order(t97="Y", t44="1.005")])
def test_poss_resend(text: str) -> None:
    assert parsed(text).poss_resend


def test_poss_resend_no() -> None:
    assert parsed(new_order(t97="N")) == order()


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("1", "Account"),
        ("11", "ClOrdID"),
        ("37", "OrderID"),
        ("41", "OrigClOrdID"),
        ("790", "OrdStatusReqID"),
        ("2362", "SelfMatchPreventionID"),
        ("9362", "SelfMatchPreventionID"),
    ],
)
def test_ids_are_bounded(tag: str, name: str) -> None:
    make = {"37": cancel, "41": cancel, "790": status_request}.get(tag, new_order)
    assert not isinstance(parsed(make(**{f"t{tag}": "9" * 64})), SessionReject)
    reject = parsed(make(**{f"t{tag}": "9" * 65}))
    assert isinstance(reject, SessionReject)
    assert (reject.ref_seq_num, reject.ref_tag_id) == ("7", tag)
    assert reject.reason is SessionRejectReason.VALUE_IS_INCORRECT
    assert reject.text == f"{name}({tag}) has 65 characters, at most 64 are allowed"


def test_a_cancel() -> None:
    request = "TRADER1", "NORTH", "Y", "X", "", "AAPL", "1"
    assert parsed(cancel()) == c.CancelOrder(*request)
    assert parsed(cancel(t97="Y")) == c.CancelOrder(*request, poss_resend=True)


def test_a_cancel_of_what_is_not_traded_is_the_cores_to_answer() -> None:
    long = parsed(cancel(t55="Z" * 100, t54="9"))
    assert long == c.CancelOrder("TRADER1", "NORTH", "Y", "X", "", "Z" * 64, "9")


@pytest.mark.parametrize("orig", [None, "NONE"])
def test_an_order_named_by_order_id_alone(orig: str | None) -> None:
    assert parsed(cancel(t37="12", t41=orig)).order_id == "12"
    assert parsed(cancel(t37="12", t41=orig)).orig_cl_ord_id == ""
    assert parsed(replace_request(t37="12", t41=orig)).orig_cl_ord_id == ""


def test_none_without_an_order_id_is_an_id() -> None:
    assert parsed(cancel(t41="NONE")).orig_cl_ord_id == "NONE"


def test_a_replace() -> None:
    request = "TRADER1", "NORTH", "Y", "X", "", "AAPL", "1", "2", None, 10000, 5
    assert parsed(replace_request()) == c.ReplaceOrder(*request)
    with_time = (*request[:8], "3", *request[9:])
    assert parsed(replace_request(t59="3", t97="Y")) == c.ReplaceOrder(*with_time, True)
    market = (*request[:7], "1", None, None, 5)
    assert parsed(replace_request(t40="1", t44=None)) == c.ReplaceOrder(*market)


@pytest.mark.parametrize(
    ("fields", "reason", "why"),
    [
        ({"t55": "NOPE"}, CxlRejReason.OTHER, "Symbol(55) NOPE is not traded here"),
        (
            {"t44": "1.005"},
            CxlRejReason.INVALID_PRICE_INCREMENT,
            "Price(44) 1.005 is not a multiple of tick 0.01",
        ),
        ({"t38": "1.5"}, CxlRejReason.OTHER, "OrderQty(38) 1.5 is not a multiple of lot 1"),
        ({"t38": "0"}, CxlRejReason.OTHER, "OrderQty(38) 0 must be greater than 0"),
        ({"t59": "5"}, CxlRejReason.OTHER, "TimeInForce(59) 5 is not one of 0, 1, 2, 3, 4, 6, 7"),
    ],
)
def test_a_refused_replace(fields: dict[str, str], reason: CxlRejReason, why: str) -> None:
    refused = parsed(replace_request(t37="12", **fields))
    who = "TRADER1", "NORTH", "Y", "X", "12", CxlRejResponseTo.REPLACE
    assert refused == c.RefuseCancel(*who, reason, why)
    assert parsed(replace_request(t97="Y", **fields)).poss_resend


def test_a_status_request() -> None:
    who = "TRADER1", "NORTH", "X"
    assert parsed(status_request()) == c.RequestStatus(*who, "", "AAPL", "1", "")
    asked = parsed(status_request(t37="12", t790="R"))
    assert asked == c.RequestStatus(*who, "12", "AAPL", "1", "R")


@pytest.mark.parametrize("make", [new_order, cancel, replace_request, status_request])
def test_a_request_without_an_id(make: Any) -> None:
    reject = parsed(make(t11=None))
    assert isinstance(reject, BusinessReject)
    assert reject.reason is BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
    assert (reject.text, reject.ref_id) == ("ClOrdID(11) is required", None)


@pytest.mark.parametrize("msg_type", ["R", "8", "AE", "E", "zz"])
@pytest.mark.parametrize("party", [TRADER, VIEWER])
def test_an_unsupported_message_type(msg_type: str, party: Party) -> None:
    reject = parsed(message(msg_type, {"11": "i" * 65}), party)
    reason = BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
    assert reject == BusinessReject("7", msg_type, reason, "Unsupported Message Type", "i" * 64)


def test_a_business_reject_is_not_answered() -> None:
    assert parsed(message("j", {"45": "1", "372": "D", "380": "0"})) is None


@pytest.mark.parametrize("make", [new_order, cancel, replace_request, status_request])
def test_a_session_without_order_entry(make: Any) -> None:
    reject = parsed(make(), VIEWER)
    assert isinstance(reject, BusinessReject)
    assert reject.reason is BusinessRejectReason.NOT_AUTHORIZED
    assert reject.text == "this session does not have the role order_entry"
    assert reject.ref_id in ("X", "Y")


def test_market_data_is_no_order_entry() -> None:
    fields = {"262": "R", "263": "2"}
    assert parsed(message("V", fields), VIEWER).md_req_id == "R"
    assert parsed(message("V", fields), DROP).md_req_id == "R"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (new_order(t58="caf\u00e9"), "58"),
        (new_order(t55="\uff21"), "55"),
        (new_order(t38="\u0665"), "38"),
        (cancel(t11="\udcff"), "11"),
    ],
)
def test_text_that_is_not_ascii(text: str, tag: str) -> None:
    reject = parsed(text)
    assert isinstance(reject, SessionReject)
    assert (reject.ref_seq_num, reject.ref_tag_id) == ("7", tag)
    assert reject.reason is SessionRejectReason.INCORRECT_DATA_FORMAT
    assert reject.text == f"tag {tag} is not ASCII"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (new_order("354=3|355=x|y|", t58="a=b", t59="3"), order(time_in_force=TimeInForce.IOC)),
        (new_order("354=3|355=x|y|", t1="a=b"), order(account="a=b")),
        (new_order("354=6|355=|59=3|"), order()),
        (
            new_order("354=7|355=|44=90|", t40="1", t44=None),
            order(ord_type=OrdType.MARKET, price=None),
        ),
    ],
)
def test_data_fields_are_not_read_as_fields(text: str, expected: c.NewOrder) -> None:
    assert parsed(text) == expected


def test_data_of_the_header_is_not_read_as_fields() -> None:
    text = new_order().replace("\x0111=X", texts.wire("|212=15|213=<a>|38=999|</a>|11=X"))
    assert parsed(text) == order()


NUMBERS = st.sampled_from(
    ["1", "100", "1.5", "0", "-1", "1.005", ".5", "5.", "1e5", "+1", "", "NaN", "9" * 30, "150.01"]
) | st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,3})?", fullmatch=True)
ORDERS = st.fixed_dictionaries(
    {
        "t11": st.text(
            st.characters(codec="ascii", exclude_characters="\x01"), min_size=1, max_size=70
        ),
        "t38": NUMBERS,
        "t44": NUMBERS,
        "t54": st.sampled_from(["1", "2", "5", "\n", "="]),
        "t55": st.sampled_from(["AAPL", "BTC-USD", "EURUSD", "NOPE", "a=b"]),
    },
    optional={
        "t1": st.text("ab=|0\n", min_size=1, max_size=70),
        "t21": st.sampled_from("123"),
        "t40": st.sampled_from("12P"),
        "t59": st.sampled_from("0123467"),
    },
)


@given(ORDERS)
def test_the_fast_way_is_the_long_way(fields: dict[str, str]) -> None:
    """A field that says nothing takes the long way, and must not change the answer."""
    fields = {tag: value.replace("|", "") or "0" for tag, value in fields.items()}
    assert inbound._PLAIN_LIMIT_ORDER(new_order(t47="A", **fields)) is None
    assert parsed(new_order(**fields)) == parsed(new_order(t47="A", **fields))


IDS = st.text(st.characters(codec="ascii", exclude_characters="\x01|"), min_size=1, max_size=70)
CANCELS = st.fixed_dictionaries(
    {"t11": IDS, "t41": IDS | st.just("NONE"), "t54": st.sampled_from(["1", "2", "9", "12"])},
    optional={
        "t37": st.sampled_from(["12", "NONE"]),
        "t38": st.sampled_from(["5", "x"]),
        "t55": st.sampled_from(["AAPL", "NOPE", "Z" * 65]),
        "t97": st.sampled_from("YN"),
    },
)


@given(CANCELS)
def test_the_fast_way_to_cancel_is_the_long_way(fields: dict[str, str]) -> None:
    assert inbound._PLAIN_CANCEL(cancel(t1="ACC", **fields)) is None
    assert parsed(cancel(**fields)) == parsed(cancel(t1="ACC", **fields))


def in_version(text: str, version: Version, appl_ver_id: str = "") -> str:
    """A message with the header that QuickFIX gives it in that version."""
    _, _, rest = text.partition("\x01")
    appl_ver_id = appl_ver_id and f"1128={appl_ver_id}\x01"
    rest = rest.replace("\x0156=VENUE\x01", f"\x0156=VENUE\x01{appl_ver_id}")
    return f"8={version.begin_string}\x01{rest}"


@pytest.mark.parametrize(
    ("version", "appl_ver_id"), [(FIX42, ""), (FIX44, ""), (FIX50SP2, ""), (FIX50SP2, "9")]
)
def test_plain_requests_take_the_fast_way(version: Version, appl_ver_id: str) -> None:
    party = replace(TRADER, version=version)
    plain_order = in_version(new_order(t21="1", t59="1", t1="ACC"), version, appl_ver_id)
    assert inbound._PLAIN_LIMIT_ORDER(plain_order) is not None
    assert parsed(plain_order, party) == order(time_in_force=TimeInForce.GTC, account="ACC")
    plain_cancel = in_version(cancel(), version, appl_ver_id)
    assert inbound._PLAIN_CANCEL(plain_cancel) is not None
    assert parsed(plain_cancel, party) == parsed(cancel())


@pytest.mark.parametrize("appl_ver_id", ["8", "10", "x"])
@pytest.mark.parametrize(
    "text", [new_order(), cancel(), replace_request(), message("V", {"262": "R", "263": "2"})]
)
def test_another_application_version(text: str, appl_ver_id: str) -> None:
    party = replace(TRADER, version=FIX50SP2)
    reject = parsed(in_version(text, FIX50SP2, appl_ver_id), party)
    assert isinstance(reject, SessionReject)
    assert reject.reason is SessionRejectReason.INVALID_APPLICATION_VERSION
    assert (reject.ref_seq_num, reject.ref_tag_id) == ("7", "1128")
    assert reject.text == f"ApplVerID(1128) {appl_ver_id} is not 9, the DefaultApplVerID(1137)"


@pytest.mark.parametrize("text", [new_order(), new_order(t47="A")], ids=["plain", "the long way"])
def test_the_sessions_own_self_match_prevention(text: str) -> None:
    both = SelfMatchPreventionInstruction.CANCEL_BOTH
    party = replace(TRADER, self_match_prevention_id="S", self_match_prevention_instruction=both)
    qualifiers = Qualifiers(self_match_prevention_id="S", self_match_prevention_instruction=both)
    assert parsed(text, party) == order(qualifiers=qualifiers)


_TAGS = (
    "1 11 15 18 21 37 38 40 41 44 54 55 58 59 60 97 99 110 111 126 146 262 263 264 265 266 267 269"
    " 354 355 432 530 584 585 790 1084 1088 1100 1101 1102 1107 1109 1128 1138 2362 2964 9362 9964"
    " 9999 x"
)
JUNK_TAGS = st.sampled_from(_TAGS.split())
JUNK_VALUES = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(codec="ascii", exclude_characters="\x01"), max_size=80),
    st.sampled_from(["0", "1", "2", "AAPL", "1.005", "-1", "Y", "\x01", "\x0138=9\x01", "9" * 99]),
)


@given(
    st.sampled_from(["D", "F", "G", "H", "V", "q", "AF", "j", "R", "zz", "8"]),
    st.lists(st.tuples(JUNK_TAGS, JUNK_VALUES), max_size=15),
    st.sampled_from([TRADER, VIEWER, DROP]),
)
def test_junk_never_raises(msg_type: str, fields: list[tuple[str, str]], party: Party) -> None:
    body = "".join(f"{tag}={value}\x01" for tag, value in fields)
    text = texts.wire(f"8=FIX.4.4|9=1|35={msg_type}|34=7|49=T|52=t|56=V|") + f"{body}10=000\x01"
    request = parse(text, party, INSTRUMENTS)
    if isinstance(request, BusinessReject | SessionReject):
        assert request.ref_seq_num == "7"
        assert "\x01" not in request.text
