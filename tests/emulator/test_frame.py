"""What all emulators share: faults, transcripts, journal, server, refusals."""

from __future__ import annotations

import threading
from contextlib import closing
from time import monotonic

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig, Journal
from stt_cli.emulator.faults import FAULTS, FaultPlan
from stt_cli.emulator.hearing import Ear, Heard
from stt_cli.emulator.network_faults import ABORT
from stt_cli.emulator.server import running
from tests.audio.tones import WEATHER
from tests.conftest import Runner
from tests.emulating import emulated


def test_a_counted_fault_happens_that_often() -> None:
    faults = FaultPlan(["status:503:2", "rate-limit"])
    assert [faults.take_status() for _ in range(4)] == [429, 503, 503, None]


def test_a_fault_without_a_count_stays() -> None:
    faults = FaultPlan(["slow:0.5"])
    assert [faults.take("slow") for _ in range(3)] == [0.5, 0.5, 0.5]
    assert faults.value("garbage") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("explode", "unknown fault 'explode'"),
        ("drop-after", "is drop-after:BYTES\\[:TIMES\\]"),
        ("drop-after:x", "is drop-after:BYTES"),
        ("slow:1:2", "is slow:SECONDS"),
        ("slow:-1", "cannot be negative"),
    ],
)
def test_a_wrong_fault_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        FaultPlan([text])


@given(st.text())
def test_no_text_breaks_the_parser_of_faults(text: str) -> None:
    try:
        FaultPlan([text])
    except UsageError:
        return
    assert text.split(":")[0] in FAULTS


def test_given_transcripts_come_in_turn_and_in_phrases() -> None:
    ear = Ear(("One. | Two.", "Three."))
    assert ear.given() == [Heard("One."), Heard("Two.")]
    assert ear.given() == [Heard("Three.")]
    assert ear.given() == [Heard("One."), Heard("Two.")]
    assert Ear(()).given() is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("azure", "/speech/universal/v2?language=en-US"),
        ("bing", "/speech/recognition/interactive/cognitiveservices/v1"),
        ("watson", "/v1/recognize"),
        ("soniox", "/transcribe-websocket"),
        ("scriptix", "/v2/realtime"),
        ("azure", "/no/such/path"),
    ],
)
def test_a_refused_websocket_leaves_no_line_but_ours(
    name: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with emulated(name, "status:503:1") as service:
        address = service.url.replace("http", "ws") + path
        with pytest.raises(InvalidStatus), connect(address):
            pass
    assert [record.getMessage() for record in caplog.records] == []
    (line,) = service.log
    assert line.startswith(f"WEBSOCKET {path} ")


def test_the_engine_hears_phrases_and_when_their_words_were() -> None:
    import soundfile

    samples, rate = soundfile.read(WEATHER, dtype="int16")
    assert rate == 16_000
    said = samples.tobytes()
    heard = Ear(()).hear(said + bytes(64_000) + said)
    first, second = heard[0], heard[-1]
    assert "weather" in first.text
    assert "weather" in " ".join(part.text for part in heard[len(heard) // 2 :])
    length = len(said) / 32_000
    end, start = first.words[-1].end, second.words[0].start
    assert end is not None
    assert end <= length
    assert start is not None
    assert start > length + 1.5
    assert Ear(()).hear(bytes(64_000)) == []


def test_who_hears_keeps_nobody_waiting() -> None:
    import soundfile

    samples, _rate = soundfile.read(WEATHER, dtype="int16")
    ear = Ear(())
    ear.hear(samples.tobytes())  # the model is loaded
    done = threading.Event()
    longest = [0.0]

    def watch() -> None:
        before = monotonic()
        while not done.wait(0.005):
            now = monotonic()
            longest[0] = max(longest[0], now - before)
            before = now

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = monotonic()
    ear.hear(samples.tobytes() * 4)
    took = monotonic() - began
    done.set()
    watcher.join()
    assert longest[0] < took / 3, (longest, took)


def test_words_without_times_are_spread_evenly() -> None:
    words = Heard("What's up, Doc?").timed(1.0, 4.0)
    assert [(w.text, w.start, w.end) for w in words] == [
        ("what's", 1.0, 2.0),
        ("up", 2.0, 3.0),
        ("doc", 3.0, 4.0),
    ]


def test_a_journal_waits_for_what_is_to_come() -> None:
    journal = Journal()
    threading.Timer(0.05, journal.add, ("turn",), {"id": 7}).start()
    assert journal.wait_for("turn")[0]["id"] == 7
    assert [entry.kind for entry in journal.all()] == ["turn"]


async def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def cut(request: Request) -> PlainTextResponse:
    request.scope["extensions"][ABORT]()
    return PlainTextResponse("never")


def test_a_server_on_a_thread_answers_logs_and_ends() -> None:
    lines: list[str] = []
    config = EmulatorConfig(key=Secret("swordfish"), log=lines.append)
    app = Starlette(routes=[Route("/hello", hello), Route("/cut", cut)])
    with running(app, config) as base_url, closing(httpx.Client(timeout=60)) as client:
        assert client.get(f"{base_url}/hello?key=swordfish").text == "hello"
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{base_url}/cut")
    assert lines[0] == "GET /hello?key=*** 200"
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)


def test_a_port_in_use_is_told() -> None:
    app = Starlette()
    with running(app, EmulatorConfig()) as base_url:
        port = int(base_url.rpartition(":")[2])
        with (
            pytest.raises(ConfigurationError, match="cannot listen"),
            running(app, EmulatorConfig(port=port)),
        ):
            pass


def test_an_unknown_emulator_is_refused(stt: Runner) -> None:
    with pytest.raises(UsageError, match="unknown emulator 'siri'"):
        build_emulator("siri", EmulatorConfig())
    done = stt("emulate", "siri")
    assert done.status == 2
    assert "choose from azure, bing, watson, soniox, scriptix" in done.stderr


def test_an_unknown_fault_is_refused_with_the_list(stt: Runner) -> None:
    done = stt("emulate", "azure", "--fault", "boom")
    assert done.status == 2
    assert "drop-after:BYTES[:TIMES]" in done.stderr


def test_transcripts_come_from_one_place(stt: Runner) -> None:
    done = stt("emulate", "azure", "--transcript", "a", "--transcripts", "b")
    assert (done.status, "cannot be used with" in done.stderr) == (2, True)
    done = stt("emulate", "azure", "--transcripts", "no-such-file")
    assert (done.status, "cannot read no-such-file" in done.stderr) == (2, True)
