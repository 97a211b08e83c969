"""Live captions: what stays, what vanishes, and what a pipe receives."""

from __future__ import annotations

import pytest

from tests.ui.terminal import show

TALK = """
with reporter.captions({source}) as captions:
    captions.partial(Partial("the quick"))
    reporter.screen.refresh()
    captions.phrase(Segment("The quick brown fox.", speaker="2"))
    captions.partial(Partial("{heard}"))
    {end}
"""


def talk(
    source: str = "'a.wav'", heard: str = "jumps over", end: str = "leave()"
) -> str:
    return TALK.format(source=source, heard=heard, end=end)


def test_finished_phrases_stay_and_the_hypothesis_is_below_them() -> None:
    seen = show(talk())
    assert seen.rows[:2] == ["Speaker 2: The quick brown fox.", "jumps over"]
    assert seen.rows[2].startswith("a.wav ")


def test_at_the_end_only_the_transcript_is_left() -> None:
    seen = show(talk(end="reporter.screen.refresh()"))
    assert seen.text == "Speaker 2: The quick brown fox."


def test_a_microphone_shows_that_it_listens_and_how_loud_it_is() -> None:
    seen = show(talk(source="Microphone()"))
    assert seen.rows[2].startswith("● listening  0:00  █")
    assert seen.rows[2].endswith("  Enter to stop")


def test_a_microphone_that_is_off_says_so_and_names_no_key() -> None:
    off = "Microphone.listening = False; leave()"
    seen = show(talk(source="Microphone()", end=off))
    assert seen.rows[2] == "● finishing  0:00"


def test_guesses_leave_nothing_behind_where_columns_is_set_too_high() -> None:
    words = " ".join(f"word{n}" for n in range(30))
    end = "captions.partial(Partial('no')); reporter.screen.refresh()"
    seen = show(talk(heard=words, end=end), columns=60, env={"COLUMNS": "100"})
    assert seen.text == "Speaker 2: The quick brown fox."


def test_a_pipe_receives_the_final_phrases_alone() -> None:
    seen = show(talk(end="reporter.screen.refresh()"), stdout_piped=True)
    assert seen.piped == b"Speaker 2: The quick brown fox.\n"
    assert "jumps over" in seen.raw


def test_captions_are_drawn_on_stdout_where_stderr_is_no_terminal() -> None:
    seen = show(talk(), stderr_piped=True)
    assert seen.rows[:2] == ["Speaker 2: The quick brown fox.", "jumps over"]
    assert seen.piped == b""


def test_without_any_terminal_nothing_is_drawn() -> None:
    seen = show(
        talk(end="reporter.screen.refresh()"), stdout_piped=True, stderr_piped=True
    )
    assert seen.piped == b"Speaker 2: The quick brown fox.\n"


def test_a_long_hypothesis_is_cut_at_the_top_and_never_scrolls() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    seen = show(talk(heard=words), columns=40, rows=8)
    assert seen.rows[0] == "Speaker 2: The quick brown fox."
    assert seen.rows[3].endswith("word199")
    assert seen.rows[4].startswith("a.wav")


def test_a_tiny_terminal_is_not_overrun() -> None:
    seen = show(
        talk(heard="some words " * 30, source="Microphone()"), columns=12, rows=3
    )
    assert len([row for row in seen.rows if row]) <= 3


@pytest.mark.conformance("CO-06")
def test_what_a_provider_sends_is_shown_and_not_obeyed() -> None:
    seen = show(talk(heard=r"\x1b[2J[red]x[/red]\x9b1m\r\n:boom:"))
    assert seen.rows[0] == "Speaker 2: The quick brown fox."
    assert seen.rows[1] == r"\x1b[2J[red]x[/red]\x9b1m :boom:"
    phrase = show(
        r'reporter.captions("a").phrase(Segment("\x1b[2J[red]x", speaker="\x07"))'
    )
    assert phrase.rows[0] == r"\x07: \x1b[2J[red]x"


def test_an_interruption_wipes_what_was_drawn() -> None:
    seen = show(talk(end="reporter.screen.refresh(); raise KeyboardInterrupt"))
    assert "jumps over" in seen.raw
    assert "jumps over" not in seen.text.partition("Traceback")[0]


TRANSLATED = """
with reporter.captions("a.wav") as captions:
    german, french = {german!r}, "le renard"
    captions.partial(Partial("a fox", translations={{"de": german, "fr": french}}))
    reporter.screen.refresh()
    captions.phrase(Segment("A fox.", translations={{"de": "Ein Fuchs."}}))
    captions.partial(Partial("jumps", translations={{"de": german, "fr": french}}))
    {end}
"""


def test_translations_follow_what_is_heard_and_what_is_final() -> None:
    seen = show(TRANSLATED.format(german="springt", end="leave()"))
    assert seen.rows[:5] == [
        "A fox.",
        "  [de] Ein Fuchs.",
        "jumps",
        "  [de] springt",
        "  [fr] le renard",
    ]
    assert seen.rows[5].startswith("a.wav ")


def test_translated_guesses_vanish_and_a_pipe_receives_final_ones() -> None:
    end = "reporter.screen.refresh()"
    seen = show(TRANSLATED.format(german="springt", end=end))
    assert seen.text == "A fox.\n  [de] Ein Fuchs."
    piped = show(TRANSLATED.format(german="springt", end=end), stdout_piped=True)
    assert piped.piped == b"A fox.\n  [de] Ein Fuchs.\n"


@pytest.mark.parametrize(("columns", "rows"), [(12, 3), (40, 8)])
def test_long_translations_do_not_overrun_the_terminal(columns: int, rows: int) -> None:
    words = " ".join(f"wort{n}" for n in range(200))
    seen = show(
        TRANSLATED.format(german=words, end="leave()"), columns=columns, rows=rows
    )
    assert len(seen.rows) <= rows
    if rows > 3:
        assert seen.rows[0] == "A fox."
        assert seen.rows[4].endswith("wort199")
