"""``stt history``: what the ledger holds, as table, lines or JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UnreachableError, UsageError
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger
from stt_cli.workflows.since import since
from tests.conftest import Runner
from tests.state_fixtures import Clock, EnvironmentFactory

SESSION = "9f4ffa5113a846eba289aa98b28e766f"
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kept(make_environment: EnvironmentFactory, clock: Clock) -> None:
    """Three operations: one that succeeded, one that failed, one that was killed."""
    with open_ledger(make_environment(now=clock.now)) as ledger:
        first = ledger.begin("recognize", "azure", "meeting.wav")
        first.learn(Identifiers.of(session_id=SESSION))
        first.finish("success")
        clock.move(hours=1)
        second = ledger.begin("recognize", "soniox", "talk.flac")
        error = UnreachableError("soniox broke off", ids=Identifiers.of(request_id="r"))
        second.finish("failed", error=error)
        clock.move(hours=1)
        ledger.begin("tts", "local", None)


def test_a_pipe_gets_a_line_each_newest_first(stt: Runner) -> None:
    done = stt("history")
    assert done.lines == [
        "2026-11-20T16:00:00.000Z\ttts\tlocal\trunning\t\t\t\t",
        "2026-11-20T15:00:00.000Z\trecognize\tsoniox\tfailed\tr\ttalk.flac"
        "\trequest id\tsoniox broke off",
        f"2026-11-20T14:00:00.000Z\trecognize\tazure\tsuccess\t{SESSION}"
        "\tmeeting.wav\tsession id\t",
    ]
    assert (done.status, done.stderr) == (0, "")


def test_a_terminal_gets_whole_ids(stt_terminal: Runner) -> None:
    done = stt_terminal("history", "meeting", env={"COLUMNS": "160"})
    assert SESSION in done.text
    local = NOW.astimezone()
    assert f"{local:%m-%d %H:%M}" in done.text


def test_a_terminal_has_the_reason_of_a_failure(stt_terminal: Runner) -> None:
    shown = stt_terminal("history", "talk", env={"COLUMNS": "160"}).text
    assert "soniox broke off" in shown


@pytest.mark.conformance("ID-20")
def test_what_it_prints_is_read_back_with_its_kind(stt: Runner) -> None:
    listed = stt("history").stdout
    found = stt("session-id", "--kind", "session", stdin=listed)
    assert found.lines == [SESSION]


def test_json_is_always_an_array(stt: Runner) -> None:
    found = json.loads(stt("history", "talk", "--json").text)
    assert [row["provider"] for row in found] == ["soniox"]
    assert found[0]["error"] == {
        "code": "unreachable",
        "message": "soniox broke off",
        "http_status": None,
    }
    assert json.loads(stt("history", "nothing-like-it", "--json").text) == []


def test_words_provider_time_and_limit_narrow_it(stt: Runner, clock: Clock) -> None:
    def inputs(*arguments: str) -> list[str]:
        done = stt("history", *arguments, now=clock.now)
        return [line.split("\t")[5] for line in done.lines]

    assert inputs(SESSION.upper()) == ["meeting.wav"]
    assert inputs("9f4ffa51-13a8-46eb") == ["meeting.wav"]
    assert inputs("-p", "soniox") == ["talk.flac"]
    assert inputs("--since", "90m") == ["", "talk.flac"]
    assert inputs("--since", "2026-11-20T15:30Z") == [""]
    assert inputs("--limit", "2") == ["", "talk.flac"]
    assert len(inputs("--limit", "0")) == 3
    assert "showing the first 1" in stt("history", "--limit", "1").stderr
    assert stt("history", "--limit", "3").stderr == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", "2026-11-20T12:00:00+00:00"),
        ("3d", "2026-11-17T14:00:00+00:00"),
        ("1w", "2026-11-13T14:00:00+00:00"),
        ("90 min", "2026-11-20T12:30:00+00:00"),
        ("2026-11-20T14:00+02:00", "2026-11-20T12:00:00+00:00"),
        # Chatham, 13 h 45 min ahead in November: tests/conftest.py
        ("2026-11-20", "2026-11-19T10:15:00+00:00"),
        ("today", "2026-11-20T10:15:00+00:00"),
        ("Yesterday", "2026-11-19T10:15:00+00:00"),
    ],
)
def test_since_takes_durations_and_dates(
    text: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    time.tzset()
    assert since(text, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ["", "tomorrow", "2 parsecs", "99999999999w", "-1h"])
def test_what_is_no_time_is_refused(stt: Runner, text: str) -> None:
    with pytest.raises(UsageError):
        since(text, NOW)
    done = stt("history", f"--since={text or '?'}")
    assert done.status == 2
    assert "hint: use 2h, 3d" in done.stderr


@given(
    st.text(max_size=20) | st.from_regex(r"\d{1,12} ?(s|min|m|h|d|w)", fullmatch=True)
)
def test_any_text_is_a_moment_in_utc_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert since(text, NOW).utcoffset() == timedelta(0)


def test_a_ledger_turned_off_is_told(stt: Runner) -> None:
    done = stt("history", "--json", env={"STT_LEDGER": "off"})
    assert (done.status, json.loads(done.text)) == (0, [])
    assert "warning: the ledger is disabled" in done.stderr


def test_a_damaged_ledger_is_told_and_kept(stt: Runner, stt_home: Path) -> None:
    for path in (stt_home / "state").iterdir():
        path.write_bytes(b"nonsense" * 999)
    done = stt("history")
    assert (done.status, done.stdout) == (0, b"")
    assert "warning: the ledger was damaged" in done.stderr
    assert "hint: the old one was saved as" in done.stderr
    assert "warning" not in stt("history").stderr


def test_what_a_provider_sent_cannot_steer_the_terminal(
    stt: Runner, make_environment: EnvironmentFactory
) -> None:
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "azure", "a\x1b[2J\tb\n[bold]c.wav").finish("success")
    line = stt("history", "bold").text
    assert line.count("\n") == 1
    assert line.count("\t") == 7
    assert "\x1b" not in line
    assert "[bold]" in line
