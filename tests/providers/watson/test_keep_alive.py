"""Silence while the input pauses: only when asked for, and billed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.options import RecognizeOptions
from stt_cli.providers.watson.keep_alive import kept_alive
from stt_cli.providers.watson.options import parameters_of
from tests.emulating import emulated
from tests.providers.watson.conftest import Shell

SILENCE = bytes(32_000)


@pytest.mark.conformance("WA-10", "WA-23")
def test_a_pause_is_filled_and_nothing_else_is() -> None:
    go_on = threading.Event()

    def blocks() -> Iterator[bytes]:
        yield b"one"
        assert go_on.wait(30)
        yield b"two"

    filled = kept_alive(blocks, pause=0.05)
    assert next(filled) == b"one"
    assert next(filled) == SILENCE
    go_on.set()
    rest = list(filled)
    assert [block for block in rest if block != SILENCE] == [b"two"]


def test_what_breaks_the_input_breaks_the_stream() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"one"
        raise AudioError("unplugged")

    filled = kept_alive(blocks, pause=5)
    assert next(filled) == b"one"
    with pytest.raises(AudioError, match="unplugged"):
        next(filled)


@pytest.mark.conformance("WA-10", "WA-23")
@pytest.mark.parametrize(("given", "wanted"), [("true", True), ("false", False)])
def test_it_is_sent_when_asked_for_and_without_an_end_for_silence(
    given: str, wanted: bool
) -> None:
    options = RecognizeOptions(params={"keep-alive": (given,)})
    values = parameters_of(options)
    assert ("inactivity_timeout" in values) is wanted
    assert "keep-alive" not in values


def test_it_is_asked_for_by_true_or_false() -> None:
    with pytest.raises(UsageError, match="true or false"):
        parameters_of(RecognizeOptions(params={"keep-alive": ("often",)}))


@pytest.mark.conformance("WA-10")
def test_the_user_is_told_that_it_is_billed(shell: Shell, wav: Path) -> None:
    with emulated("watson", transcripts=("good day",)) as emulator:
        plain = shell(emulator, "recognize", wav, "--transport", "rest")
        kept = shell(
            emulator, "recognize", wav, "--transport", "rest",
            "--param", "keep-alive=true",
        )  # fmt: skip
    assert "IBM charges for it" not in plain.stderr
    assert "IBM charges for it" in kept.stderr
    assert kept.lines == ["good day"]


@pytest.mark.conformance("WA-24")
def test_a_language_is_detected_first_and_gets_its_model(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=("[language:fr]", "bonjour")) as emulator:
        done = shell(emulator, "recognize", wav, "-l", "auto", "--transport", "rest")
        [asked] = emulator.all("detect")
        [sent] = emulator.all("recognize")
    assert (done.status, done.lines) == (0, ["bonjour"])
    assert "Watson detected the language fr (0.97)" in done.stderr
    assert asked["size"] > 32_000
    assert sent["query"] == "model=fr-FR"


@pytest.mark.conformance("WA-24")
def test_the_language_of_a_job_is_detected_first(shell: Shell, wav: Path) -> None:
    with emulated("watson", transcripts=("[language:fr]", "bonjour")) as emulator:
        done = shell(emulator, "batch", "submit", wav, "-l", "auto", "--wait")
        assert len(emulator.all("detect")) == 1
    assert (done.status, done.lines) == (0, ["bonjour"])
    assert "Watson detected the language fr (0.97)" in done.stderr


@pytest.mark.conformance("WA-24")
@pytest.mark.parametrize("command", [("recognize",), ("batch", "submit")])
def test_a_dry_run_shows_that_the_language_is_detected_first(
    shell: Shell, wav: Path, command: tuple[str, ...]
) -> None:
    with emulated("watson") as emulator:
        done = shell(emulator, *command, wav, "-l", "auto", "--dry-run")
        assert emulator.all("detect") == []
    assert done.lines[0] == f"POST {emulator.url}/v1/detect_language"
    assert "model=DETECTED" in done.lines[1]


@pytest.mark.conformance("WA-24")
def test_files_together_have_no_language_to_detect(shell: Shell, wav: Path) -> None:
    with emulated("watson") as emulator:
        done = shell(emulator, "recognize", wav, wav, "--together", "-l", "auto")
        assert emulator.all("recognize") == []
    assert done.status == 2
    assert "-l auto selects one for each file" in done.stderr
