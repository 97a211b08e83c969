"""Patterns with slots: what they fit, and what is wrong with a file of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.protocols.intents.patterns import Match, match, parse_patterns

ELEVATOR = parse_patterns(
    """\ufeff
# voice commands
[go-to-floor]
go to floor {floor}
take me [up|all the way down] to the {floor:first|second|top} floor

[stop]
stop [please]
don't go

[order]
bring {what} to {where}
bring coffee to {where}

[price]
it costs {amount} euros
""",
    "commands.txt",
)


def found(text: str) -> tuple[str, dict[str, str]] | None:
    matched = match(text, ELEVATOR)
    if matched is None:
        return None
    assert all(text[slot.start : slot.end] == slot.value for slot in matched.slots)
    return matched.intent, {slot.name: slot.value for slot in matched.slots}


@pytest.mark.conformance("IN-02")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go to floor 5.", ("go-to-floor", {"floor": "5"})),
        ("go, to FLOOR twenty-five!", ("go-to-floor", {"floor": "twenty-five"})),
        ("Go to floor number five", ("go-to-floor", {"floor": "number five"})),
        ("Take me to the top floor.", ("go-to-floor", {"floor": "top"})),
        ("take me up to the First floor", ("go-to-floor", {"floor": "First"})),
        (
            "take me all the way down to the top floor",
            ("go-to-floor", {"floor": "top"}),
        ),
        ("take me to the third floor", None),  # not one of the choices
        ("go to floor", None),  # a slot has a word
        ("please go to floor 5", None),  # a phrase fits as a whole
        ("Stop!", ("stop", {})),
        ("stop, please", ("stop", {})),
        ("Don’t go.", ("stop", {})),
        ("It costs 12.50 euros.", ("price", {"amount": "12.50"})),
        # More words of the pattern's own win, wherever it stands.
        ("bring coffee to room 7", ("order", {"where": "room 7"})),
        ("bring a to b to c", ("order", {"what": "a", "where": "b to c"})),
        ("", None),
        ("...", None),
    ],
)
def test_a_phrase_has_the_intent_of_the_pattern_that_fits(
    text: str, expected: tuple[str, dict[str, str]] | None
) -> None:
    assert found(text) == expected


def test_words_of_any_language_are_words() -> None:
    patterns = parse_patterns("[öffnen]\nöffne {was:die Tür|das Fenster}", "f")
    decomposed = "O\u0308ffne die Tu\u0308r!"
    matched = match(decomposed, patterns)
    assert matched is not None
    assert matched.slots[0].value == "die Tu\u0308r"
    assert match("開けて ドア", parse_patterns("[a]\n開けて {x}", "f")) is not None


@pytest.mark.conformance("IN-02")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("go home", "commands.txt:1: no intent before this pattern"),
        ("[a]\ngo {", "commands.txt:2: unexpected '{'"),
        ("[a]\n\ngo {two words}", "commands.txt:3: invalid slot {two words}"),
        ("[a]\n{x} and {x}", "commands.txt:2: the slot {x} occurs twice"),
        ("[a]\ngo {x:|up}", "commands.txt:2: a choice is empty"),
        ("[a]\ngo [] now", "commands.txt:2: a choice is empty"),
        ("[a]\na | b", "commands.txt:2: unexpected '|'"),
        ("[ ]\na", "commands.txt:1: the intent has no name"),
        (
            "[a]\n" + "word " * 101,
            "commands.txt:2: a pattern can have at most 100 words",
        ),
        ("# nothing\n[a]\n", "commands.txt contains no patterns"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_patterns(text, "commands.txt")
    assert told in str(raised.value)


def test_a_hard_pattern_takes_no_long_time() -> None:
    slots = " a ".join(f"{{s{number}}}" for number in range(40))
    patterns = parse_patterns(f"[a]\n{slots} b", "f")
    assert match("a " * 399, patterns) is None
    assert match("a " * 401, patterns) is None  # a longer phrase is no command


@given(st.text())
def test_any_file_is_read_or_refused(text: str) -> None:
    try:
        patterns = parse_patterns(text, "f")
    except UsageError:
        return
    assert match("anything at all", patterns) is None or patterns


WORDS = st.lists(st.sampled_from(["go", "to", "floor", "five", "up"]), min_size=1)


@given(WORDS, WORDS)
def test_a_slot_takes_what_is_between_its_neighbors(
    before: list[str], inside: list[str]
) -> None:
    patterns = parse_patterns(f"[a]\n{' '.join(before)} {{slot}} end", "f")
    text = " ".join([*before, *inside, "end"])
    matched = match(text, patterns)
    assert isinstance(matched, Match)
    assert matched.slots[0].value == " ".join(inside)
