"""What is the same for all commands: -q, --json, hints, IDs of several inputs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.test_recognize import say
from tests.conftest import Runner

Config = Callable[[str], Path]
SAY_AND_TOUCH = [*say("hello"), "--param=wait=0", "--param=touch=used"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["languages"], 0),
        (["languages", "-p", "bing"], 0),
        (["voices", "-p", "bing"], 0),
        (["providers"], 0),
        (["history"], 0),
        (["history", "nothing-like-that", "--json"], 0),
        (["doctor"], 0),
    ],
)
def test_quiet_is_taken_everywhere_and_leaves_stderr_empty(
    stt: Runner, arguments: list[str], status: int
) -> None:
    done = stt(*arguments, "-q")
    assert (done.status, done.stderr) == (status, "")


@pytest.mark.usefixtures("parrot")
@pytest.mark.parametrize("inputs", [1, 2])
def test_quiet_says_of_a_failure_that_it_failed_and_no_more(
    stt: Runner, recording: Path, inputs: int
) -> None:
    fail = ["-p", "parrot", "--param", "fail=UnreachableError"]
    done = stt("recognize", *[recording] * inputs, *fail, "-q")
    assert done.status == 8
    told = done.stderr.splitlines()
    assert len(told) == inputs
    assert all(line.startswith("error: ") for line in told)
    assert "hint: feed it" in stt("recognize", recording, *fail).stderr


@pytest.mark.usefixtures("parrot")
@pytest.mark.conformance("CO-26")
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["recognize", "a.wav", *SAY_AND_TOUCH], 2, ""),
        (["recognize", "a.wav", *SAY_AND_TOUCH, "-o", "a.txt"], 0, "session id"),
        (["batch", "submit", "a.wav"], 2, ""),
        (["tts", "hello"], 2, ""),
        (["session-id", "--new"], 2, ""),
        (["history", "--json"], 2, ""),
    ],
)
@pytest.mark.conformance("CO-26")
def test_a_closed_stdout_is_an_error_before_any_work(
    recording: Path, arguments: list[str], status: int, said: str
) -> None:
    command = [sys.executable, "-m", "stt_cli", *arguments]
    shell = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(
        shell, cwd=recording.parent, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    assert ("error: stdout is closed" in done.stderr) is (status == 2)
    assert said in done.stderr
    assert (recording.parent / "used").exists() is (status == 0)
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("parrot")
def test_models_are_listed_quietly(stt: Runner) -> None:
    done = stt("models", "-p", "parrot", "--quiet")
    assert (done.status, done.stderr) == (0, "")


def test_devices_are_listed_quietly_or_told_to_be_missing(stt: Runner) -> None:
    done = stt("devices", "-q")
    assert done.status in (0, 10)
    assert (done.stderr == "") is (done.status == 0)


def test_a_quiet_history_without_rows_says_nothing(stt: Runner) -> None:
    assert "no matching operations" in stt("history").stderr
    assert stt("history", "-q").stderr == ""


def test_json_is_told_as_what_the_command_has(stt: Runner) -> None:
    told = stt("voices", "list", "--help").text
    assert "Print a JSON array." in told
    assert "Same as -f json" not in told


def test_a_table_of_our_own_needs_no_key(stt: Runner) -> None:
    languages = stt("languages", "-p", "bing", "--mode", "conversation")
    assert any(line.startswith("en-US\t") for line in languages.lines)
    voices = stt("voices", "-p", "bing", "-l", "de-AT")
    assert len(voices.lines) == 1
    assert stt("languages", "-p", "azure").status == 4


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["recognize", "--endpoint"], "stt recognize"),
        (["recognize", "a.wav", "-p"], "stt recognize"),
        (["batch", "submit", "--endpoint"], "stt batch submit"),
        (["batch", "submit", "--bad"], "stt batch submit"),
        (["batch", "--bad"], "stt batch"),
        (["--bad"], "stt"),
    ],
)
def test_a_wrong_option_names_the_help_of_its_command(
    stt: Runner, arguments: list[str], command: str
) -> None:
    done = stt(*arguments)
    assert done.status == 2
    assert f"hint: run `{command} --help` for usage\n" in done.stderr


@pytest.mark.usefixtures("parrot")
def test_ids_of_several_inputs_tell_whose_they_are(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    other = recording.with_name("b.wav")
    other.write_bytes(recording.read_bytes())
    log = tmp_path / "run.log"
    done = stt("recognize", recording, other, *say("hi"), "--log-file", log)
    said = [line for line in done.stderr.splitlines() if line.startswith("session id:")]
    assert [line.split(" ", 3)[3] for line in said] == [f"({recording})", f"({other})"]
    found = stt("session-id", log)
    assert set(found.lines) == {line.split()[2] for line in said}
    alone = stt("recognize", recording, *say("hi"))
    assert str(recording) not in alone.stderr


class TestNamesInTheConfigFileThatNothingReads:
    def test_a_table_of_no_provider_is_warned_of(
        self, stt: Runner, config_file: Config
    ) -> None:
        config_file('[azuer]\nregion = "x"\n[profile.w.azure]\nregion = "y"\n')
        for command in (["list"], ["get", "azure.region"], ["unset", "language"]):
            done = stt("config", *command)
            assert "unknown provider azuer" in done.stderr
            assert "hint: did you mean azure?" in done.stderr
        found = stt("doctor").text
        assert "warning\tconfig file" in found

    def test_a_misspelled_setting_is_warned_of_where_it_is_not_asked_for(
        self, stt: Runner, config_file: Config
    ) -> None:
        config_file('[profile.w.azure]\nregoin = "x"\n')
        done = stt("config", "set", "language", "de-DE")
        assert "unknown setting profile.w.azure.regoin" in done.stderr
        assert "hint: did you mean region?" in done.stderr
        assert "failed\tconfig file" in stt("doctor").text
        assert stt("config", "list").status == 2


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["recognize", ""], "the argument INPUT"),
        (["recognize", "a.wav", ""], "the argument INPUT"),
        (["batch", "submit", "", "-p", "soniox"], "the argument INPUT"),
        (["batch", "results", ""], "the argument ID"),
        (["session-id", ""], "the argument FILE"),
        (["support", ""], "the argument ID"),
        (["poll", ""], "the argument ID"),
        (["status", ""], "the argument ID"),
        (["convert", ""], "the argument"),
        (["recognize", "a.wav", "-o", ""], "--output"),
        (["recognize", "a.wav", "-p", ""], "--provider"),
        (["recognize", "a.wav", "--endpoint", ""], "--endpoint"),
        (["recognize", "a.wav", "--log-file", ""], "--log-file"),
        (["batch", "submit", "--manifest", ""], "--manifest"),
        (["tts", "--ssml", ""], "--ssml"),
        (["tts", "hello", "-o", ""], "--output"),
    ],
)
@pytest.mark.conformance("CO-23")
def test_an_empty_argument_is_a_mistake_and_never_the_current_folder(
    stt: Runner,
    recording: Path,
    arguments: list[str],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(recording.parent)
    done = stt(*arguments)
    assert (done.status, done.stdout) == (2, b"")
    assert done.stderr.startswith(f"error: {name}")
    assert "is empty\nhint: omit it, or check that its shell variable is set" in (
        done.stderr
    )


def test_a_text_may_be_empty(stt: Runner, config_file: Config) -> None:
    config_file("")
    assert stt("config", "set", "language", "").status in (0, 2)
    assert "nothing to speak" in stt("tts", "").stderr


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["tts", "-5 degrees"], "stt tts -- '-5 degrees'"),
        (["tts", "-42"], "stt tts -- -42"),
        (["tts", "- a list"], "stt tts -- '- a list'"),
        (["tts", "--nope"], None),
        (["history", "-1"], "stt history -- -1"),
    ],
)
def test_a_text_that_looks_like_an_option_is_told_how_to_give_it(
    stt: Runner, arguments: list[str], typed: str | None
) -> None:
    done = stt(*arguments)
    assert done.status == 2
    if typed is None:
        assert "--help` for usage\n" in done.stderr
    else:
        assert f"hint: to pass it as text, use `{typed}`\n" in done.stderr
