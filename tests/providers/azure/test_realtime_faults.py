"""What breaks, and what the client makes of it: nothing lost, nothing doubled."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.events import Connected, Ended, Notice, Phrase, Started
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.emulator.faults import FaultPlan
from stt_cli.net.websocket import ConnectionBroken
from stt_cli.providers.azure import connection
from stt_cli.providers.azure.errors import broken
from tests.providers.azure.realtime_kit import (
    SECOND,
    MemorySource,
    Service,
    fake_environment,
    over_websocket,
    provider,
    ramp,
    recognized,
    serving,
    silence,
    texts,
    tone,
)

SPOKEN = ramp(1) + silence(0.6) + ramp(1, 16_000) + silence(0.6) + ramp(1, 3_000)
THREE = "One. | Two. | Three."


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Service, FaultPlan]]:
    """One emulator for many cut connections; its faults are planned anew."""
    from stt_cli.emulator.azure import build_app
    from stt_cli.emulator.config import EmulatorConfig
    from stt_cli.emulator.server import running

    config = EmulatorConfig(transcripts=(THREE,))
    with running(build_app(config), config) as base_url:
        yield Service(base_url, config.journal), config.faults


def heard_audio(service: Service, session_id: str) -> bytes:
    """Return the audio of a session's turns, put together by acknowledged time.

    A later turn begins where the last phrase before it ended; what an earlier
    turn heard beyond that is heard again.
    """
    starts = {}
    for entry in service.journal.all("speech.context"):
        streams = entry["body"].get("continuation", {}).get("audio", {"streams": {}})
        offset = int(streams["streams"].get("1", {"offset": 0})["offset"])
        starts[entry["request_id"]] = offset * SECOND // 10_000_000
    whole = b""
    for turn in service.journal.all("turn"):
        if turn["session"] == session_id:
            start = starts[turn["request_id"]]
            assert start <= len(whole)
            whole = whole[:start] + service.pcm_of(turn["request_id"])
    return whole


@pytest.mark.conformance("BS-37")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cut=st.integers(1, len(SPOKEN) - 1), again=st.integers(1, len(SPOKEN)))
def test_a_cut_anywhere_loses_and_doubles_nothing(
    shared: tuple[Service, FaultPlan], cut: int, again: int
) -> None:
    service, faults = shared
    faults.add(f"drop-after:{cut}")
    source = MemorySource(SPOKEN)
    client = provider(service.base_url)
    events = []

    for event in client.recognize(source, over_websocket()):
        events.append(event)
        if isinstance(event, Notice):
            faults.add(f"drop-after:{again}")
            again = 10 * len(SPOKEN)
    client.close()
    faults.take("drop-after")
    assert texts(events) == ["One.", "Two.", "Three."]
    starts = [event.segment.start for event in events if isinstance(event, Phrase)]
    assert starts == [pytest.approx(at, abs=0.05) for at in (0.0, 1.6, 3.2)]
    first = events[0]
    assert isinstance(first, Started)
    assert heard_audio(service, first.ids.session_id or "") == SPOKEN
    sessions = {
        entry["session"]
        for entry in service.journal.all("turn")
        if entry["session"] == first.ids.session_id
    }
    assert len(sessions) == 1
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.duration == pytest.approx(len(SPOKEN) / SECOND)


@pytest.mark.conformance("BS-20", "BS-27", "BS-37")
def test_a_new_connection_keeps_the_session_id_and_gets_a_new_request_id() -> None:
    with serving(THREE, faults=("drop-after:60000",)) as service:
        events = recognized(service, SPOKEN)
        turns = service.journal.wait_for("turn", 2)
        connects = service.journal.all("connect")
    assert texts(events) == ["One.", "Two.", "Three."]
    assert len({connect["session"] for connect in connects}) == 1
    assert len({turn["request_id"] for turn in turns}) == 2
    assert len([e for e in events if isinstance(e, Connected)]) == 2


@pytest.mark.conformance("BS-37")
def test_without_replay_the_audio_of_the_break_is_given_up() -> None:
    with serving(THREE, faults=("drop-after:80000",)) as service:
        events = recognized(service, SPOKEN, replay=False)
        turns = service.journal.wait_for("turn", 2)
        second = service.pcm_of(turns[1]["request_id"])
    told = [event.message for event in events if isinstance(event, Notice)]
    assert any("s of audio" in message for message in told)
    assert len(second) < len(SPOKEN) - SECOND


@pytest.mark.conformance("BS-36")
def test_a_turn_that_broke_off_has_its_telemetry_sent_on_the_next_connection() -> None:
    with serving(THREE, faults=("drop-after:80000",)) as service:
        recognized(service, SPOKEN)
        telemetry = service.journal.wait_for("telemetry", 2)
        turns = service.journal.all("turn")
    assert [entry["request_id"] for entry in telemetry] == [
        turn["request_id"] for turn in turns
    ]
    received = telemetry[0]["body"]["ReceivedMessages"]
    assert list(received[0]) == ["turn.start"]
    kinds = [entry.kind for entry in service.journal.all()]
    after = kinds.index("speech.config", kinds.index("turn"))
    assert kinds[after + 1] == "telemetry"


@pytest.mark.conformance("BS-35")
def test_a_retry_that_succeeds_reports_all_attempts_in_its_turns_message() -> None:
    with serving("Hi.", faults=("status:503:2",)) as service:
        recognized(service, tone(1))
        telemetry = service.journal.wait_for("telemetry")
    metrics = telemetry[0]["body"]["Metrics"]
    connections = [m for m in metrics if m["Name"] == "Connection"]
    assert [m.get("Error") for m in connections] == [
        "ServerUnavailable",
        "ServerUnavailable",
        None,
    ]


@pytest.mark.conformance("BS-35")
def test_a_connection_given_up_is_reported_by_the_next_run() -> None:
    with serving("Hi.", faults=("status:503:5",)) as service:
        with pytest.raises(ProviderError):
            recognized(service, tone(1))
        assert service.journal.all("telemetry") == []
        recognized(service, tone(1))
        telemetry = service.journal.wait_for("telemetry", 2)
        kinds = [e.kind for e in service.journal.all() if e.kind != "connect"]
        turn = service.journal.all("turn")[0]
        recognized(service, tone(1))
        again = service.journal.wait_for("telemetry", 3)
    assert kinds[:3] == ["speech.config", "telemetry", "speech.context"]
    kept = telemetry[0]
    assert kept["request_id"] != turn["request_id"]
    assert "ReceivedMessages" not in kept["body"]
    errors = [metric["Error"] for metric in kept["body"]["Metrics"]]
    assert errors == ["ServerUnavailable"] * 5
    assert len(again) == 3


@pytest.mark.conformance("BS-35")
def test_kept_telemetry_is_for_its_host_alone() -> None:
    with serving("Hi.", faults=("status:503:5",)) as first:
        with pytest.raises(ProviderError):
            recognized(first, tone(1))
        with serving("Hi.") as second:
            recognized(second, tone(1))
            assert len(second.journal.wait_for("telemetry")) == 1


REFUSALS: list[tuple[int, type[SttError], ExitStatus, int]] = [
    (400, UsageError, ExitStatus.USAGE, 1),
    (401, CredentialsError, ExitStatus.CREDENTIALS, 1),
    (403, CredentialsError, ExitStatus.CREDENTIALS, 1),
    (404, ConfigurationError, ExitStatus.USAGE, 1),
    (418, ProviderError, ExitStatus.UNREACHABLE, 1),
    (429, RateLimitedError, ExitStatus.RATE_LIMITED, 5),
    (500, ProviderError, ExitStatus.UNREACHABLE, 5),
    (503, ProviderError, ExitStatus.UNREACHABLE, 5),
]


@pytest.mark.conformance("BS-39")
@pytest.mark.parametrize(("status", "kind", "exit_status", "attempts"), REFUSALS)
def test_a_refused_handshake_is_the_right_error_and_retried_only_if_transient(
    status: int, kind: type[SttError], exit_status: ExitStatus, attempts: int
) -> None:
    with serving("Hi.", faults=(f"status:{status}:99",)) as service:
        with pytest.raises(kind) as caught:
            recognized(service, tone(1))
        connects = service.journal.all("connect")
    assert caught.value.exit_status is exit_status
    assert caught.value.http_status == status
    assert caught.value.hint
    assert "a planned fault" in caught.value.message
    assert caught.value.ids.session_id == connects[0]["session"]
    assert len(connects) == attempts


CLOSES: list[tuple[int, type[SttError], int]] = [
    (1002, ProviderError, 1),
    (1007, QuotaError, 1),
    (1011, UnreachableError, 5),
    (1012, UnreachableError, 5),
    (4429, RateLimitedError, 5),
]


@pytest.mark.conformance("BS-39")
@pytest.mark.parametrize(("code", "kind", "attempts"), CLOSES)
def test_a_close_code_is_the_right_error_with_its_reason(
    code: int, kind: type[SttError], attempts: int
) -> None:
    with serving("Hi.", faults=(f"close:{code}:99",)) as service:
        with pytest.raises(kind) as caught:
            recognized(service, tone(1))
        connects = service.journal.all("connect")
    assert caught.value.provider_code == str(code)
    assert caught.value.ids.session_id == connects[0]["session"]
    assert caught.value.ids.request_id
    assert len(connects) == attempts
    reasons = {1002: "Missing/Empty header", 1007: "Quota exceeded", 1011: "Internal"}
    assert reasons.get(code, "") in caught.value.message


@pytest.mark.conformance("BS-39")
@pytest.mark.parametrize(
    ("end", "kind", "exit_status"),
    [
        (ConnectionBroken(1007, "audio format error"), AudioError, ExitStatus.AUDIO),
        (ConnectionBroken(1007, "Quota exceeded"), QuotaError, ExitStatus.CREDENTIALS),
        (ConnectionBroken(1000), UnreachableError, ExitStatus.UNREACHABLE),
        (ConnectionBroken(None), UnreachableError, ExitStatus.UNREACHABLE),
        (ConnectionBroken(4000, "bad"), UnreachableError, ExitStatus.UNREACHABLE),
    ],
)
def test_close_codes_and_their_exit_status(
    end: ConnectionBroken, kind: type[SttError], exit_status: ExitStatus
) -> None:
    error = broken(end, "Azure Speech", "turn.start")
    assert type(error) is kind
    assert error.exit_status is exit_status
    assert "(after turn.start)" in error.message
    assert error.transient is (end.code in (None, 1000))


def test_a_break_is_survived_when_the_next_connection_holds() -> None:
    with serving("Hi.", faults=("close:1011:2",)) as service:
        events = recognized(service, tone(1))
    assert texts(events) == ["Hi."]


@pytest.mark.conformance("BS-28", "BS-32")
@pytest.mark.parametrize("fault", ["garbage", "no-turn-start", "truncated"])
def test_a_connection_that_makes_no_sense_is_replaced(fault: str) -> None:
    with serving("Hi.", faults=(fault,)) as service:
        events = recognized(service, tone(1))
        assert len(service.journal.all("connect")) == 2
    assert texts(events) == ["Hi."]


def test_a_service_that_never_makes_sense_is_an_error_with_the_last_messages() -> None:
    with (
        serving("Hi.", faults=("truncated:99",)) as service,
        pytest.raises(ProviderError, match="unexpected message") as caught,
    ):
        recognized(service, tone(1))
    assert "turn.start" in caught.value.message
    assert caught.value.exit_status is ExitStatus.UNREACHABLE


@pytest.mark.conformance("BS-32")
def test_without_turn_end_the_result_stands_and_the_connection_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "TURN_END_SECONDS", 0.1)
    with serving("Hi.", faults=("no-turn-end",)) as service:
        client = provider(service.base_url)

        options = over_websocket()
        first = list(client.recognize(MemorySource(tone(1)), options))
        second = list(client.recognize(MemorySource(tone(1)), options))
        client.close()
        connects = service.journal.all("connect")
    assert texts(first) == texts(second) == ["Hi."]
    assert any(
        "did not end the turn" in e.message for e in first if isinstance(e, Notice)
    )
    assert len(connects) == 2


def test_a_silent_service_is_an_error_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)
    with serving("Hi.", faults=("silent",)) as service:
        with pytest.raises(UnreachableError, match="no response") as caught:
            recognized(service, tone(0.2))
        session = service.journal.all("connect")[0]["session"]
    assert caught.value.ids.session_id == session


def test_nobody_listening_is_exit_8_with_the_session_id() -> None:
    with serving("Hi.") as service:
        gone = service.base_url
    with pytest.raises(UnreachableError, match="refused the connection") as caught:
        recognized(gone, tone(1))
    assert caught.value.exit_status is ExitStatus.UNREACHABLE
    assert caught.value.ids.session_id


@pytest.mark.conformance("BS-17")
@pytest.mark.parametrize("fault", ["no-end-detected", "no-hypotheses"])
def test_nothing_waits_for_what_may_be_absent(fault: str) -> None:
    with serving("Hi.", faults=(fault,)) as service:
        events = recognized(service, tone(1))
        service.journal.wait_for("telemetry")
    assert texts(events) == ["Hi."]


@pytest.mark.parametrize(
    ("marker", "status"),
    [
        ("[silence]", RecognitionStatus.INITIAL_SILENCE),
        ("[babble]", RecognitionStatus.BABBLE),
        ("[nomatch]", RecognitionStatus.NO_MATCH),
    ],
)
def test_nothing_recognized_has_its_own_status(
    marker: str, status: RecognitionStatus
) -> None:
    with serving(marker) as service:
        ended = recognized(service, tone(1))[-1]
    assert isinstance(ended, Ended)
    assert ended.status is status


def test_a_service_that_fails_for_good_is_told_with_its_word() -> None:
    with (
        serving("[error]") as service,
        pytest.raises(ProviderError, match="failed to recognize") as caught,
    ):
        recognized(service, tone(0.5))
    assert caught.value.provider_code == "Error"


def test_audio_that_cannot_be_read_fails_before_anything_is_sent() -> None:
    def torn(_at: int) -> None:
        raise AudioError("torn")

    with serving("Hi.") as service:
        with pytest.raises(AudioError, match="torn"):
            recognized(service, MemorySource(tone(1), before_block=torn))
        with pytest.raises(AudioError, match="no audio"):
            recognized(service, b"")
        assert service.journal.all("connect") == []


def test_audio_that_breaks_off_gives_what_was_heard_and_the_error() -> None:
    def torn(at: int) -> None:
        if at > SECOND:
            raise AudioError("the file is torn")

    with serving("Hi.") as service:
        client = provider(service.base_url)

        events: list[Any] = []
        source = MemorySource(tone(3), before_block=torn)
        run = client.recognize(source, over_websocket())
        with pytest.raises(AudioError, match="torn"):
            events.extend(run)
        client.close()
    assert events
    assert texts(events) == ["Hi."]


def test_live_audio_that_stands_still_is_sent_as_far_as_it_came() -> None:
    """A pipe that stops in the middle holds nothing back."""
    heard = threading.Event()

    def pause(at: int) -> None:
        if at >= SECOND:
            heard.wait(5)

    with serving("Hi.") as service:
        source = MemorySource(tone(1.5), live=True, before_block=pause)
        client = provider(service.base_url)

        def go_on_once_heard() -> None:
            service.journal.wait_for("audio", 10)
            heard.set()

        for event in client.recognize(source, over_websocket()):
            if isinstance(event, Connected):
                threading.Thread(target=go_on_once_heard).start()
            if isinstance(event, Ended):
                assert event.duration == pytest.approx(1.5)
        client.close()


@pytest.mark.conformance("BS-38")
def test_a_connection_near_ten_minutes_is_replaced_between_phrases() -> None:
    clock = [0.0]

    def age(at: int) -> None:
        if at >= SECOND:
            clock[0] = 575.0

    environment = fake_environment(monotonic=lambda: clock[0])
    with serving(THREE) as service:
        source = MemorySource(SPOKEN, before_block=age)
        events = recognized(service, source, environment=environment)
        assert len(service.journal.all("connect")) >= 2
        session = service.journal.all("connect")[0]["session"]
        assert heard_audio(service, session) == SPOKEN
    assert texts(events) == ["One.", "Two.", "Three."]
    assert not [event for event in events if isinstance(event, Notice)]


@pytest.mark.conformance("BS-38")
def test_an_idle_connection_is_not_used_again_and_nobody_hears_of_it() -> None:
    clock = [0.0]
    environment = fake_environment(monotonic=lambda: clock[0])
    with serving("Hi.") as service:
        client = provider(service.base_url, environment=environment)

        options = over_websocket()
        list(client.recognize(MemorySource(tone(0.5)), options))
        clock[0] = 175.0
        events = list(client.recognize(MemorySource(tone(0.5)), options))
        client.close()
        assert len(service.journal.all("connect")) == 2
    assert texts(events) == ["Hi."]
    assert not [event for event in events if isinstance(event, Notice)]


def test_ramp_samples_are_what_they_should_be() -> None:
    assert struct.unpack("<3h", ramp(1)[:6]) == (8000, 8001, 8002)
