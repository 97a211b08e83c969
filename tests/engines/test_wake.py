"""A wake phrase is heard where it is spoken, and nothing before it is handed on."""

from __future__ import annotations

import io

import pytest

from stt_cli.audio.open import open_source
from stt_cli.audio.wav import pcm_header
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import NothingFoundError, UsageError
from stt_cli.core.events import Phrase
from stt_cli.core.options import RecognizeOptions
from stt_cli.engines.wake import WakePhrase, WokenSource
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.local.spec import SPEC
from tests.audio.tones import WEATHER

PCM = WEATHER.read_bytes()[44:]
ENVIRONMENT = Environment(
    variables={},
    directories=Directories(),
    stdin=io.BytesIO(),
    stdout=io.StringIO(),
    stderr=io.StringIO(),
)


def test_only_what_comes_behind_the_phrase_is_heard() -> None:
    source = WokenSource(open_source(str(WEATHER), ENVIRONMENT), "Like Today")
    behind = b"".join(source.pcm())
    assert source.woken is not None
    assert 0.8 < source.woken.start < 1.4
    assert 1.4 < source.woken.end < 2.1
    assert behind == PCM[round(source.woken.end * 16_000) * 2 :]


def test_the_stream_at_other_rates_and_as_a_wav() -> None:
    source = WokenSource(open_source(str(WEATHER), ENVIRONMENT), "like today")
    wav = b"".join(source.original())
    assert wav[:44] == pcm_header(16_000)
    assert source.woken is not None
    assert wav[44:] == PCM[round(source.woken.end * 16_000) * 2 :]
    slow = WokenSource(open_source(str(WEATHER), ENVIRONMENT), "like today")
    assert sum(map(len, slow.pcm(8000))) == pytest.approx(len(wav) / 2, abs=50)


def test_the_local_provider_waits_for_it() -> None:
    provider = SPEC.open(ProviderContext(ENVIRONMENT))
    source = open_source(str(WEATHER), ENVIRONMENT)
    options = RecognizeOptions(wake="like today")
    events = list(provider.recognize(source, options))
    provider.close()
    texts = [event.segment.text for event in events if isinstance(event, Phrase)]
    assert texts == ["It will rain in the morning."]


def test_a_phrase_that_nobody_speaks() -> None:
    source = WokenSource(open_source(str(WEATHER), ENVIRONMENT), "hey computer")
    with pytest.raises(NothingFoundError, match="'hey computer' was not detected"):
        list(source.pcm())
    assert source.woken is None


@pytest.mark.parametrize("phrase", ["", "  ", "hey xyzzyplugh"])
def test_a_phrase_that_cannot_be_heard(phrase: str) -> None:
    with pytest.raises(UsageError, match="wake phrase has") as caught:
        WakePhrase(phrase)
    assert "--wake" in str(caught.value.hint)
