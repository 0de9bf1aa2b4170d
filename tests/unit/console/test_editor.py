import pytest

from venue.console.editor import EndOfInput, LineEditor

UP, DOWN, LEFT, RIGHT = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
HOME, END, DELETE, BACKSPACE = "\x1b[H", "\x1bOF", "\x1b[3~", "\x7f"


def typed(keys: str) -> LineEditor:
    editor = LineEditor()
    editor.feed(keys)
    return editor


def test_enter_finishes_a_line_and_starts_the_next() -> None:
    editor = LineEditor()
    assert editor.feed("buy\rsell\nca") == ["buy", "sell"]
    assert (editor.text, editor.cursor) == ("ca", 2)


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        (f"abc{BACKSPACE}", "ab", 2),
        (f"{BACKSPACE}{LEFT}a", "a", 1),
        (f"ab{HOME}{BACKSPACE}x", "xab", 1),
        (f"ac{LEFT}b", "abc", 2),
        (f"bc{HOME}a{END}d", "abcd", 4),
        (f"abc{HOME}{DELETE}", "bc", 0),
        (f"abc{RIGHT}{DELETE}", "abc", 3),
        ("one two\x17", "one ", 4),
        ("one two  \x17", "one ", 4),
        (f"abcd{LEFT}{LEFT}\x15", "cd", 0),
        (f"abcd{LEFT}{LEFT}\x0b", "ab", 2),
        ("a\x1b[15~\x00\x1bxb", "ab", 2),
        ("é€", "é€", 2),
    ],
)
def test_keys_edit_the_line(keys: str, text: str, cursor: int) -> None:
    editor = typed(keys)
    assert (editor.text, editor.cursor) == (text, cursor)


def test_a_key_may_arrive_in_pieces() -> None:
    editor = typed("ab")
    for piece in LEFT:
        editor.feed(piece)
    editor.feed("x")
    assert editor.text == "axb"


def test_up_and_down_walk_through_what_was_typed() -> None:
    editor = typed("one\rtwo\rtwo\r\rdraft")
    seen = []
    for key in (UP, UP, UP, DOWN, DOWN, DOWN):
        editor.feed(key)
        seen.append(editor.text)
    assert seen == ["two", "one", "one", "two", "draft", "draft"]


def test_tab_completes_one_word_and_lists_several() -> None:
    words = ["sell", "status", "sub"]
    editor = LineEditor(lambda text: [word for word in words if word.startswith(text)])
    editor.feed("s\t")
    assert (editor.text, editor.choices) == ("s", words)
    editor.feed("e\t")
    assert (editor.text, editor.choices) == ("sell ", [])
    editor.feed("\x15x\t")
    assert editor.text == "x"


def test_tab_extends_to_what_all_choices_share() -> None:
    editor = LineEditor(lambda _: ["BTC-USD", "BTC-EUR"])
    editor.feed("book b\t")
    assert editor.text == "book BTC-"


def test_control_d_ends_an_empty_line_only() -> None:
    typed("a\x04")
    with pytest.raises(EndOfInput):
        typed("\x04")
