"""Scriptix' real-time socket through the command line, against the emulator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.emulating import KEY, emulated
from tests.providers.conftest import Shell


def test_start_audio_stop_and_the_session_id_at_once(shell: Shell, wav: Path) -> None:
    with emulated("scriptix", transcripts=("Good day. | All of you.",)) as service:
        done = shell(service, "recognize", wav, "-p", "scriptix", "-l", "nl-NL")
        assert (done.status, done.text) == (0, "Good day.\nAll of you.\n")
        actions = [entry["action"] for entry in service.all("action")]
        kinds = [entry.kind for entry in service.journal.all()]
        assert sum(entry["size"] for entry in service.all("audio")) == 64_000
        assert any("language=nl-nl" in line for line in service.log)
        assert KEY not in str(service.log)
    assert actions == ["start", "stop"]
    assert (kinds[0], kinds[-1]) == ("action", "action")
    assert re.search(r"^session id: [0-9a-f]{26}$", done.stderr, re.M)


def test_words_have_times_and_the_engine_is_chosen(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        found = shell.json(
            service, "recognize", wav, "-p", "scriptix", "--speakers",
            "--param", "type=quality",
        )  # fmt: skip
        assert any("type=quality" in line for line in service.log)
    (segment,) = found["segments"]
    assert [word["text"] for word in segment["words"]] == ["Hello", "world."]
    assert segment["speaker"] == "Speaker 1"
    assert segment["words"][1]["end"] == pytest.approx(2.0)


def test_a_token_of_its_own_is_used_for_streams(shell: Shell, wav: Path) -> None:
    shell.variables["SCRIPTIX_REALTIME_TOKEN"] = "made-up-realtime-1"
    with emulated("scriptix", key="made-up-realtime-1") as service:
        assert shell(service, "recognize", wav, "-p", "scriptix").status == 0


def test_a_broken_stream_goes_on(shell: Shell, wav: Path) -> None:
    with emulated("scriptix", "drop-after:20000") as service:
        done = shell(service, "recognize", wav, "-p", "scriptix")
        assert (done.status, done.text) == (0, "Hello world.\n")
    assert "reconnecting" in done.stderr


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("close:1006:0", 0),
        ("close:1011:100", 8),
        ("status:401:100", 4),
        ("status:503:100", 8),
        ("rate-limit:100", 9),
        ("garbage:100", 8),
        ("no-turn-end", 0),
    ],
)
def test_faults_have_their_exit_codes(
    shell: Shell, wav: Path, fault: str, status: int
) -> None:
    with emulated("scriptix", fault) as service:
        done = shell(service, "recognize", wav, "-p", "scriptix")
        handshakes = [line for line in service.log if "WEBSOCKET" in line]
    assert done.status == status, done.stderr
    # Three refusals block a token: no more than three attempts are made.
    assert len([line for line in handshakes if "closed" not in line]) <= 3
    if status == 4:
        assert "type Realtime" in done.stderr


def test_raw_answers_are_kept(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        found = shell.json(service, "recognize", wav, "-p", "scriptix", "--raw")
    assert found["raw"][-1] == {"state": "stopped"}
    assert json.dumps(found["raw"])
