"""What follows each final phrase: its intent, and a command that gets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_recognize import say
from tests.conftest import Runner
from tests.emulating import KEY, emulated
from tests.loopback import RESET, Answer, serving

pytestmark = pytest.mark.usefixtures("parrot")

ELEVATOR = """\
[go-to-floor]
go to floor {floor}

[stop]
stop [please]
"""


@pytest.fixture
def patterns(tmp_path: Path) -> Path:
    path = tmp_path / "commands.txt"
    path.write_text(ELEVATOR)
    return path


def intents(text: str) -> list[Any]:
    return [segment["intent"] for segment in json.loads(text)["segments"]]


@pytest.mark.conformance("IN-02")
def test_patterns_give_phrases_their_intents(
    stt: Runner, recording: Path, patterns: Path
) -> None:
    said = say("Go to floor 5.", "hello there", "stop")
    done = stt("recognize", recording, *said, "--intents", patterns)
    assert done.lines == ["Go to floor 5.", "hello there", "stop"]
    told = [line for line in done.stderr.splitlines() if line.startswith("intent:")]
    assert told == ["intent: go-to-floor (floor: 5)", "intent: stop"]
    assert (
        "intent:"
        not in stt("recognize", recording, *said, "--intents", patterns, "-q").stderr
    )
    first, second, third = intents(
        stt("recognize", recording, *said, "--intents", patterns, "--json").text
    )
    assert first == {
        "query": "Go to floor 5.",
        "topScoringIntent": {"intent": "go-to-floor", "score": 1.0},
        "entities": [
            {"entity": "5", "type": "floor", "startIndex": 12, "endIndex": 12}
        ],
    }
    assert second is None
    assert third["topScoringIntent"]["intent"] == "stop"


def test_intents_outlive_a_conversion(
    stt: Runner, recording: Path, patterns: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "a.json"
    how = ["--intents", patterns, "-o", saved]
    assert stt("recognize", recording, *say("stop"), *how).status == 0
    again = stt("convert", saved, "-f", "json")
    assert intents(again.text) == intents(saved.read_text())
    assert intents(again.text)[0] is not None


@pytest.mark.conformance("IN-01")
def test_a_service_is_asked_about_each_phrase(
    stt: Runner, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with emulated("intent", patterns=ELEVATOR) as service:
        url = f"{service.url}/luis/v2.0/apps/1?verbose=true&q="
        said = say("go to floor 7", "what?")
        refused = stt("recognize", recording, *said, "--intent-url", url)
        assert refused.status == 0
        assert "notice: no intent: the intent service returned HTTP 401" in (
            refused.stderr
        )
        assert "hint: set STT_INTENT_KEY" in refused.stderr
        monkeypatch.setenv("STT_INTENT_KEY", KEY)
        done = stt("recognize", recording, *said, "--intent-url", url, "--json", "-v")
        keyed = f"{service.url}/x?subscription-key={KEY}"
        monkeypatch.delenv("STT_INTENT_KEY")
        by_query = stt("recognize", recording, *said, "--intent-url", keyed, "-v")
    first, second = intents(done.text)
    assert first["topScoringIntent"] == {"intent": "go-to-floor", "score": 1.0}
    assert second["topScoringIntent"]["intent"] == "None"
    assert "intent: go-to-floor (floor: 7)" in by_query.stderr
    for run in (done, by_query):
        assert KEY not in run.stderr + run.text


@pytest.mark.conformance("IN-01", "IN-02")
def test_the_service_is_asked_for_what_no_pattern_fits(
    stt: Runner, recording: Path, patterns: Path
) -> None:
    with serving() as service:
        service.answers(Answer(body=b'{"intent": {"name": "greet"}, "entities": []}'))
        how = ["--intents", patterns, "--intent-url", f"{service.url}/parse"]
        done = stt("recognize", recording, *say("stop", "hello"), *how)
    assert [r.target for r in service.received] == ["/parse?q=hello"]
    assert "intent: stop\nintent: greet" in done.stderr


@pytest.mark.conformance("IN-01")
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(status=500), "the intent service returned HTTP 500"),
        (Answer(body=b"<html>"), "the intent service did not return JSON"),
        (Answer(body=b"[]"), "the intent service did not return a JSON object"),
        (Answer(body=b"{" + b" " * (2 << 20)), "no intent: "),
        (RESET, "no intent: "),
    ],
)
def test_a_service_that_fails_costs_no_phrase_and_is_given_up(
    stt: Runner, recording: Path, answer: Answer | str, told: str
) -> None:
    with serving() as service:
        service.answers(answer)
        said = say(*(f"phrase {number}" for number in range(9)))
        done = stt("recognize", recording, *said, "--intent-url", service.url)
    assert done.status == 0
    assert len(done.lines) == 9
    assert told in done.stderr
    assert "for intents: it failed 3 times" in done.stderr
    assert len(service.received) == 3


@pytest.mark.conformance("IN-01")
def test_a_key_goes_to_no_other_host(
    stt: Runner, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STT_INTENT_KEY", KEY)
    with serving() as other, serving() as service:
        moved = (("Location", f"{other.url}/elsewhere"),)
        service.answers(Answer(status=302, headers=moved))
        stt("recognize", recording, *say("hello"), "--intent-url", service.url)
    assert service.received[0].header("Ocp-Apim-Subscription-Key") == KEY
    assert not [r for r in other.received if KEY in str(r)]


@pytest.mark.conformance("IN-01")
def test_a_key_does_not_leave_in_clear_text(
    stt: Runner, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STT_INTENT_KEY", KEY)
    far = ["--intent-url", "http://intents.invalid/"]
    done = stt("recognize", recording, *say("hello"), *far)
    assert done.status == 0
    assert "refusing to send the key unencrypted to intents.invalid" in done.stderr


SAVING = (
    f"{sys.executable} -c "
    "\"import os,sys; open('heard.txt', 'a').write("
    "sys.stdin.read() + os.environ['STT_INTENT'] + '|')\""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.conformance("IN-03")
def test_a_command_gets_each_phrase_in_order(
    stt: Runner, recording: Path, patterns: Path, folder: Path
) -> None:
    said = say("stop", "$(touch pwned) `touch pwned`", "last")
    done = stt("recognize", recording, *said, "--intents", patterns, "--exec", SAVING)
    assert done.status == 0
    assert (folder / "heard.txt").read_text() == (
        "stop\nstop|$(touch pwned) `touch pwned`\n|last\n|"
    )
    assert not (folder / "pwned").exists()


@pytest.mark.conformance("IN-03")
def test_a_command_finds_the_whole_phrase_in_its_environment(
    stt: Runner, recording: Path, folder: Path
) -> None:
    command = "sh -c 'printf %s \"$STT_PHRASE\" > phrase.json'"
    assert stt("recognize", recording, *say("hi"), "--exec", command).status == 0
    phrase = json.loads((folder / "phrase.json").read_text())
    assert (phrase["text"], phrase["start"], phrase["intent"]) == ("hi", 0.0, None)


@pytest.mark.conformance("IN-03")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("false", "notice: false failed with exit code 1"),
        ("sh -c 'echo oops >&2; exit 3'", "notice: sh: oops\n"),
        ("sh -c 'kill -9 $$'", "notice: sh was killed by SIGKILL"),
        ("sh -c 'exec <&-; sleep 0.1'", ""),  # reads nothing of what it is given
        ("printf '\\033[2Jhi'", r"notice: printf: \x1b[2Jhi"),
    ],
)
def test_a_command_that_fails_is_told_and_stops_nothing(
    stt: Runner, recording: Path, command: str, told: str
) -> None:
    long = "word " * 50_000  # more than a pipe holds
    done = stt("recognize", recording, *say("one", long), "--exec", command)
    assert done.status == 0
    assert len(done.lines) == 2
    assert told in done.stderr


@pytest.mark.conformance("IN-03")
def test_a_program_that_does_not_exist_is_refused_before_any_work(
    stt: Runner, recording: Path
) -> None:
    refused = stt("recognize", recording, *say("hi"), "--exec", "no-such-program x")
    assert refused.status == 2
    assert "command not found: 'no-such-program'" in refused.stderr
    assert "session id" not in refused.stderr


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.conformance("IN-03")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_the_command_too(
    recording: Path, folder: Path, number: int
) -> None:
    command = "sh -c 'echo $$ > pid; exec sleep 600'"
    arguments = ["recognize", str(recording), *say("one", "two"), "--exec", command]
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        until(lambda: Path("pid").exists() and Path("pid").read_text().strip())
        child = int(Path("pid").read_text())
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert out == "one\ntwo\n"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--intent-url", "nonsense"], "invalid --intent-url"),
        (["--intent-url", "ftp://h/x"], "invalid --intent-url"),
        (["--intents", "missing.txt"], "cannot read missing.txt"),
        (["--exec", "'open"], "invalid --exec"),
        (["--exec", "true", "--fallback", "local"], "cannot be used with --exec"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    stt: Runner, recording: Path, options: list[str], told: str
) -> None:
    refused = stt("recognize", recording, *say("hi"), *options)
    assert refused.status == 2
    assert told in refused.stderr
    assert "session id" not in refused.stderr


def test_the_emulator_wants_its_patterns(stt: Runner, patterns: Path) -> None:
    assert stt("emulate", "intent").status == 2
    refused = stt("emulate", "azure", "--intents", patterns)
    assert refused.status == 2
    assert (
        "--intents is required for, and only works with, `stt emulate intent`"
        in refused.stderr
    )


@pytest.mark.conformance("IN-02")
def test_turns_end_recognition_on_this_machine(stt: Runner) -> None:
    weather = Path(__file__).parents[2] / "examples" / "weather.wav"
    done = stt("recognize", weather, "-p", "local", "--turns", "1")
    assert done.status == 0
    assert len(done.lines) == 1
    assert "weather" in done.text
