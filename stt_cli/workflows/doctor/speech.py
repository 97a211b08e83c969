"""The self-test: a sentence is spoken and recognized, all on this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, ConfigurationError, SttError
from stt_cli.core.events import Phrase
from stt_cli.core.options import RecognizeOptions, SpeechOptions, SpeechText
from stt_cli.core.speech import SpeechAudio
from stt_cli.providers.base import Provider

SENTENCE = "what is the weather like"
_NAME = "self-test"
_ENOUGH = 0.6  # of the words; the synthetic voice is not the model's best speaker


def check_speech(local: Provider, environment: Environment) -> Check:
    """Let the synthesizer say a sentence and the recognizer hear it."""
    began = environment.monotonic()
    try:
        heard = _round_trip(local, environment)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed(_NAME, error)
    took = environment.monotonic() - began
    if share_heard(heard) < _ENOUGH:
        return Check.failed(
            _NAME,
            ConfigurationError(
                f"said {SENTENCE!r}, heard {heard!r}",
                hint="reinstall pocketsphinx and espeakng-loader",
            ),
        )
    return Check(_NAME, "ok", f"said {SENTENCE!r}, heard {heard!r}, in {took:.1f} s")


def share_heard(heard: str) -> float:
    """Return which share of the sentence's words was heard."""
    words = heard.lower().replace("what's", "what is").split()
    wanted = SENTENCE.split()
    return sum(word in words for word in wanted) / len(wanted)


def _round_trip(local: Provider, environment: Environment) -> str:
    from stt_cli.audio.open import open_source

    options = SpeechOptions(language="en-US")
    spoken = local.synthesize(SpeechText(SENTENCE), options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "self-test.wav"
        path.write_bytes(
            b"".join(part.data for part in spoken if isinstance(part, SpeechAudio))
        )
        source = open_source(str(path), environment)
        events = local.recognize(source, RecognizeOptions(language="en-US"))
        phrases = [event.segment.text for event in events if isinstance(event, Phrase)]
    return " ".join(phrases)
