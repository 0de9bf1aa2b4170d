from venue.client.wire import first_values, join_fields, readable, split_fields, split_group


def fields_of(text: str) -> list[tuple[int, str]]:
    return split_fields(text.replace("|", "\x01"))


def test_fields_survive_the_way_there_and_back() -> None:
    fields = [(8, "FIX.4.4"), (58, "a=b"), (10, "000")]
    assert split_fields(join_fields(fields)) == fields


def test_the_first_value_of_a_repeated_tag_counts() -> None:
    assert first_values(fields_of("55=AAPL|268=1|55=MSFT|")) == {55: "AAPL", 268: "1"}


def test_a_group_is_split_at_its_first_tag() -> None:
    fields = fields_of("35=X|268=2|279=0|269=0|270=1|279=1|269=1|10=000|")
    assert split_group(fields, 268) == [
        {279: "0", 269: "0", 270: "1"},
        {279: "1", 269: "1", 10: "000"},
    ]


def test_a_group_that_is_empty_absent_or_cut_off_has_no_entries() -> None:
    assert split_group(fields_of("35=W|268=0|10=000|"), 268) == []
    assert split_group(fields_of("35=W|10=000|"), 268) == []
    assert split_group(fields_of("35=W|268=1|"), 268) == []


def test_a_message_is_shown_with_bars() -> None:
    assert readable("8=FIX.4.4\x0135=0\x01") == "8=FIX.4.4|35=0|"
