"""A microphone at azure: sent while it is spoken, ended by the service or by us."""

from __future__ import annotations

import json

import pytest

from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.audio.tones import WEATHER
from tests.conftest import Runner
from tests.providers.azure.realtime_kit import SECOND, serving


@pytest.mark.conformance("BS-41")
@pytest.mark.parametrize(
    ("mode", "ending"),
    [
        ("interactive", ()),  # the service hears the end of the utterance
        ("conversation", ("--stop-after-silence", "1")),
        ("conversation", ("--max-seconds", "3")),
    ],
)
def test_it_is_sent_while_it_is_spoken_until_somebody_ends_it(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
    mode: str,
    ending: tuple[str, ...],
) -> None:
    with serving("It will rain.") as service:
        with sound.playing(WEATHER):
            done = stt_process(
                *("recognize", "--mic", "--device", "default", "--json"),
                *("-p", "azure", "--endpoint", service.base_url, "--mode", mode),
                *ending,
            )
        turn = service.journal.all("turn")[0]["request_id"]
        config = service.journal.all("speech.config")[0]["body"]
        kinds = [entry.kind for entry in service.journal.all()]
    assert done.status == 0, done.stderr
    told = json.loads(done.text)
    assert (told["text"], told["transport"]) == ("It will rain.", "websocket")
    assert config["context"]["audio"]["source"]["type"] == "Microphones"
    # Hypotheses were sent back in between: it did not come in one piece.
    assert "audio" in kinds[kinds.index("sent") :]
    assert SECOND < len(service.pcm_of(turn)) < 20 * SECOND
