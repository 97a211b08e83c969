"""Dictation in a terminal's window: however it ends, it ends cleanly."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.ui.terminal import Session

pytestmark = pytest.mark.usefixtures("parrot", "sound")

LISTENING = "notice: listening to default; press Enter or Ctrl-C to stop"
SAY = (
    "--param",
    "say=hello",
    "--param",
    f"say={'what a long second phrase it is ' * 3}",
)


@contextmanager
def dictation(*more: str, columns: int = 60) -> Iterator[Session]:
    """Speak to the parrot, which answers when the microphone is off."""
    command = [sys.executable, "-m", "stt_cli", "recognize", "--mic", "-p", "parrot"]
    with Session([*command, *more], columns=columns) as session:
        yield session


def wait_until_heard(session: Session, home: Path) -> None:
    """Wait until something is recorded, and drawn."""
    session.look(lambda text: "● listening" in text and kept(home))


def kept(home: Path) -> list[Path]:
    return sorted((home / "state" / "recordings").glob("*.wav"))


def lines(session: Session) -> list[str]:
    """Return what is on the screen, without the session's own ID."""
    return re.sub(r"[0-9a-f]{32}", "ID", session.text).splitlines()


RESULT = [
    LISTENING,
    "session id: ID",
    "notice: parrots repeat",
    "hint: do not believe them",
    "hello",
    "what a long second phrase it is what a long second phrase it",
    "is what a long second phrase it is",
    "request id: r-1 · feather id: f-1",
]


@pytest.mark.conformance("BS-41", "CO-22")
@pytest.mark.parametrize("keys", ["\n", "one\n", "\x04", "\x03"])
@pytest.mark.conformance("CO-22")
def test_a_key_ends_it_and_only_the_result_is_left(keys: str, stt_home: Path) -> None:
    with dictation(*SAY) as session:
        wait_until_heard(session, stt_home)
        assert not session.echoes
        session.type(keys)
        assert session.wait() == 0
        assert lines(session) == RESULT
        assert session.echoes
    assert kept(stt_home) == []


@pytest.mark.conformance("CO-22")
def test_its_time_limit_ends_it() -> None:
    with dictation(*SAY, "--max-seconds", "1.5") as session:
        assert session.wait() == 0
        assert lines(session) == RESULT
        assert session.echoes


@pytest.mark.conformance("CO-22")
def test_silence_ends_it(
    sound: SoundServer,  # noqa: F811
) -> None:
    from tests.audio.tones import WEATHER

    with (
        dictation(*SAY, "--stop-after-silence", "1") as session,
        sound.playing(WEATHER),
    ):
        assert session.wait() == 0
        assert lines(session) == RESULT
        assert session.echoes


@pytest.mark.conformance("CO-22")
def test_a_failure_ends_it_and_the_recording_is_kept(stt_home: Path) -> None:
    with dictation("--param", "fail=UnreachableError") as session:
        wait_until_heard(session, stt_home)
        session.type("\n")
        assert session.wait() == 8
        assert "error: the parrot raised UnreachableError" in session.text
        assert (
            "hint: to try again, run:\nstt recognize" in session.text
        )  # in one piece, to be copied
        assert session.echoes
    assert len(kept(stt_home)) == 1


@pytest.mark.conformance("CO-22")
def test_time_that_runs_out_ends_it() -> None:
    with dictation("--timeout", "1.5") as session:
        assert session.wait() == 7
        assert "● " not in session.text
        assert session.echoes


@pytest.mark.conformance("CO-22")
def test_the_second_ctrl_c_gives_up(stt_home: Path) -> None:
    with dictation("--param", "say=a", "--param", "wait=60") as session:
        wait_until_heard(session, stt_home)
        session.type("\x03")
        session.look(lambda text: "● finishing" in text)
        session.type("\x03")
        assert session.wait() == 130
        assert "error: interrupted" in session.text
        assert "Traceback" not in session.text
        assert session.echoes
    assert len(kept(stt_home)) == 1


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_and_the_recording_is_kept(
    number: signal.Signals, status: int, stt_home: Path
) -> None:
    with dictation() as session:
        wait_until_heard(session, stt_home)
        session.process.send_signal(number)
        assert session.wait() == status
        assert "recording: saved to" in session.text
        assert session.echoes
    assert len(kept(stt_home)) == 1


@pytest.mark.conformance("CO-22")
def test_a_closed_window_ends_it_and_the_recording_is_kept(stt_home: Path) -> None:
    with dictation() as session:
        wait_until_heard(session, stt_home)
        session.close_window()
        assert session.wait() == 129
    assert len(kept(stt_home)) == 1


@pytest.mark.parametrize("columns", [30, 60, 200])
def test_guesses_leave_nothing_behind_at_any_width(
    columns: int, stt_home: Path
) -> None:
    guess = "what was it that somebody said at this place " * 4
    with dictation(
        "--param", f"say={guess}", "--param", "wait=0.5", columns=columns
    ) as it:
        wait_until_heard(it, stt_home)
        it.type("\n")
        assert it.wait() == 0
        assert "finishing" not in it.text
