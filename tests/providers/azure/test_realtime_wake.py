"""A wake phrase opens the way to the service, and telemetry tells how long it took."""

from __future__ import annotations

import pytest

from stt_cli.core.errors import NothingFoundError
from stt_cli.core.events import Notice
from tests.audio.tones import WEATHER
from tests.providers.azure.realtime_kit import MemorySource, recognized, serving, texts

PCM = WEATHER.read_bytes()[44:]


@pytest.mark.conformance("BS-43")
@pytest.mark.parametrize("bing", [False, True])
@pytest.mark.parametrize("live", [False, True])
def test_what_follows_the_wake_phrase_is_sent_and_the_trigger_is_timed(
    bing: bool, live: bool
) -> None:
    with serving("It will rain.", bing=bing) as service:
        source = MemorySource(PCM, live=live)
        events = recognized(service, source, bing=bing, wake="like today")
        telemetry = service.journal.wait_for("telemetry")[0]
        turn = service.journal.all("turn")[0]["request_id"]
        heard = service.pcm_of(turn)
    assert texts(events) == ["It will rain."]
    assert PCM.endswith(heard)
    assert 0 < len(heard) < len(PCM) - 32_000
    metrics = {metric["Name"]: metric for metric in telemetry["body"]["Metrics"]}
    trigger = metrics["ListeningTrigger"]
    assert trigger["Start"] <= trigger["End"] <= metrics["Microphone"]["End"]
    told = [event.message for event in events if isinstance(event, Notice)]
    assert told == ["listening for 'like today'"]


@pytest.mark.conformance("BS-43")
def test_without_the_wake_phrase_nothing_is_sent() -> None:
    with serving("It will rain.") as service:
        with pytest.raises(NothingFoundError, match="was not detected"):
            recognized(service, MemorySource(PCM), wake="hey computer")
        assert service.journal.all("connect") == []
