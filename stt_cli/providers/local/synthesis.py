"""Synthesis on this machine: the common options put into eSpeak NG's terms."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.encoding import ENCODINGS, encoded
from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.events import Started
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import SpeechOptions, SpeechText
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.prosody import Prosody, Unit

if TYPE_CHECKING:
    from stt_cli.core.environment import Environment
    from stt_cli.engines.piper import VoiceFile
    from stt_cli.engines.synthesis import Synthesizer, Utterance

# eSpeak NG's own values for the names of SSML (ssml.c, SetProsodyParameter), as
# shares of the normal value.
_RATE_SHARES = {"x-slow": 60, "slow": 80, "medium": 100, "fast": 125, "x-fast": 160}
_PITCH_SHARES = {"x-low": 70, "low": 85, "medium": 100, "high": 110, "x-high": 120}
_VOLUME_SHARES = {
    "silent": 0,
    "x-soft": 30,
    "soft": 65,
    "medium": 100,
    "loud": 150,
    "x-loud": 200,
}
_NORMAL_RATE, _NORMAL_PITCH, _NORMAL_VOLUME = 175, 50, 100
_ALIASES = {"riff": "wav", "wave": "wav", "pcm": "raw", "oga": "ogg", "vorbis": "ogg"}
_CODECS = {"pcm_s16le": "16-bit mono PCM"}


def synthesize(
    environment: Environment, speech: SpeechText, options: SpeechOptions
) -> Iterator[SpeechEvent]:
    """Speak with an embedded engine; its runs have session IDs like any other."""
    planned = _plan(environment, speech, options)
    form = _form(options.audio_format, planned.sample_rate)
    made = planned.speak()  # refuses at once what it cannot speak
    yield Started(
        Identifiers.of(session_id=environment.new_hex_id()),
        transport="local",
        language=options.language,
    )
    yield SpeechFormatKnown(form)
    with closing(made) as blocks:
        for data in _written(blocks, planned.sample_rate, form):
            yield SpeechAudio(data)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What one of the engines would do: ``head`` describes it, ``text`` it is given."""

    sample_rate: int
    head: tuple[str, ...]
    text: str
    speak: Callable[[], Generator[bytes]]


def _plan(
    environment: Environment, speech: SpeechText, options: SpeechOptions
) -> _Planned:
    voice = _neural_voice(environment, options.voice)
    if voice is not None:
        return _plan_neural(voice, speech, options)
    if options.speaker is not None:
        raise UsageError(
            "--speaker only works with Piper voices",
            hint="choose a Piper voice with --voice; `stt voices` lists them",
        )
    engine = _engine()
    utterance = utterance_for(engine, speech, options)
    kind = "SSML" if utterance.is_ssml else "text"
    head = (
        f"engine: {engine.version}",
        f"voice: {utterance.voice}",
        f"rate: {utterance.rate or _NORMAL_RATE} words per minute",
        f"pitch: {_NORMAL_PITCH if utterance.pitch is None else utterance.pitch}",
        f"volume: {_NORMAL_VOLUME if utterance.volume is None else utterance.volume}",
        f"{kind}: {len(utterance.text)} characters",
    )
    return _Planned(
        engine.sample_rate, head, utterance.text, lambda: engine.speak(utterance)
    )


def _plan_neural(
    voice: VoiceFile, speech: SpeechText, options: SpeechOptions
) -> _Planned:
    from stt_cli.engines.piper import PiperVoice, Spoken
    from stt_cli.providers.local.neural_speech import pieces_of

    speaker = voice.speaker(options.speaker) if options.speaker is not None else 0
    if options.gender is not None:
        raise UsageError(
            "--gender only works with eSpeak NG voices", hint="remove --gender"
        )
    pieces = pieces_of(speech, options, voice)
    loaded = PiperVoice(voice, speaker)
    words = [one.text for one in pieces if isinstance(one, Spoken)]
    head = (
        "engine: Piper voice with onnxruntime",
        f"voice: {voice.model}",
        f"language: {voice.language}",
        f"sentences: {len(words)}",
    )
    return _Planned(
        voice.sample_rate, head, "\n".join(words), lambda: loaded.speak(pieces)
    )


def _neural_voice(environment: Environment, wanted: str | None) -> VoiceFile | None:
    """Return the voice of piper's format that ``--voice`` names, if it names one.

    Raises:
        ConfigurationError: it is to be downloaded first.
    """
    if wanted is None:
        return None
    from stt_cli.engines.piper import SUFFIX, find_voice
    from stt_cli.engines.piper_catalog import known_voices
    from stt_cli.providers.local.voices import voices_folder

    names_a_file = any(mark in wanted for mark in ("/", "\\", SUFFIX))
    is_folder = not names_a_file and Path(wanted).is_dir()
    if is_folder and not any(Path(wanted).glob(f"*{SUFFIX}")):
        return None
    found = find_voice(wanted, voices_folder(environment))
    if found is None and wanted in known_voices():
        raise ConfigurationError(
            f"the voice {wanted} is not installed",
            hint=f"to install it, run: stt voices download {wanted}",
        )
    return found


def _written(
    blocks: Iterator[bytes], sample_rate: int, form: SpeechFormat
) -> Iterator[bytes]:
    """Yield PCM in the format that is asked for."""
    if form.suffix in ENCODINGS:
        yield from encoded(blocks, sample_rate, ENCODINGS[form.suffix])
        return
    if form.container == "wav":
        # The length is not known yet; this value says so to most readers.
        yield pcm_header(sample_rate, 0xFFFF_FFFF)
    yield from blocks


def preview(
    environment: Environment, speech: SpeechText, options: SpeechOptions
) -> str:
    """Return what the engine would be given, for ``--dry-run``."""
    planned = _plan(environment, speech, options)
    form = _form(options.audio_format, planned.sample_rate)
    planned.speak().close()  # refuses what it cannot speak
    audio = f"audio: {form.container}, {_CODECS.get(form.codec, form.codec)}, "
    audio += f"{form.sample_rate} Hz"
    return "\n".join([*planned.head, audio, "", planned.text])


def utterance_for(
    engine: Synthesizer, speech: SpeechText, options: SpeechOptions
) -> Utterance:
    """Return what the engine is to speak.

    Raises:
        UsageError: the options ask for what the engine lacks.
        NotFoundError: there is no such voice.
    """
    from stt_cli.engines.synthesis import Utterance

    if options.contour:
        raise UsageError(
            "eSpeak NG does not support pitch contours",
            hint="use --pitch, or a different provider",
        )
    language = options.language
    if speech.is_ssml:
        language = language or ssml.check(speech.text).language
    voice = engine.choose(options.voice, language, options.gender)
    text, is_ssml = speech.text, speech.is_ssml
    if options.breaks or options.phonemes:
        style = ssml.style_of(
            language=voice.language, breaks=options.breaks, phonemes=options.phonemes
        )
        _require_known_alphabet(style.phonemes)
        text, is_ssml = ssml.build(text, style), True
    return Utterance(
        text=text,
        voice=voice.id,
        is_ssml=is_ssml,
        rate=rate_for(options.rate),
        pitch=pitch_for(options.pitch),
        volume=volume_for(options.volume),
    )


def rate_for(typed: str | None) -> int | None:
    """Return words a minute; a number as typed is just that."""
    if typed is None:
        return None
    value = prosody.rate(typed)
    wanted = _scaled(value, _RATE_SHARES, _NORMAL_RATE)
    return _within(wanted, 80, 900, f"--rate {typed} is {wanted} words per minute")


def pitch_for(typed: str | None) -> int | None:
    """Return the engine's pitch from 0 to 100; a number as typed is just that."""
    if typed is None:
        return None
    value = prosody.pitch(typed)
    if value.unit is Unit.HERTZ:
        raise UsageError(
            "eSpeak NG does not support pitch in hertz",
            hint="use a pitch such as +10%, +2st or 0 to 100",
        )
    wanted = _scaled(value, _PITCH_SHARES, _NORMAL_PITCH)
    return _within(wanted, 0, 100, f"--pitch {typed} is {wanted} for eSpeak NG")


def volume_for(typed: str | None) -> int | None:
    """Return the engine's volume from 0 to 200; a number as typed is just that."""
    if typed is None:
        return None
    value = prosody.volume(typed)
    wanted = _scaled(value, _VOLUME_SHARES, _NORMAL_VOLUME)
    return _within(wanted, 0, 200, f"--volume {typed} is {wanted} for eSpeak NG")


def _scaled(value: Prosody, shares: dict[str, int], normal: int) -> int:
    match value.unit:
        case Unit.NAME:
            return normal * shares.get(value.name, 100) // 100
        case Unit.PERCENT:
            return round(normal * (100 + value.amount) / 100)
        case Unit.SEMITONES:
            return round(normal * 2 ** (value.amount / 12))
        case Unit.DECIBELS:
            return round(normal * 10 ** (value.amount / 20))
        case _:
            return round(value.amount + (normal if value.relative else 0))


def _within(value: int, low: int, high: int, said: str) -> int:
    if not low <= value <= high:
        raise UsageError(said, hint=f"use {low} to {high}")
    return value


def _require_known_alphabet(phonemes: tuple[ssml.Phoneme, ...]) -> None:
    for sound in phonemes:
        if sound.alphabet not in ("ipa", "espeak"):
            raise UsageError(
                f"eSpeak NG does not support {sound.alphabet} phonemes",
                hint=f"use IPA, or --phoneme {sound.word}=espeak:…",
            )


def _form(audio_format: str | None, sample_rate: int) -> SpeechFormat:
    name = (audio_format or "wav").lower()
    name = _ALIASES.get(name, name)
    if name in ENCODINGS:
        made = ENCODINGS[name]
        return SpeechFormat(
            container=made.container,
            codec=made.codec,
            sample_rate=made.rate_for(sample_rate),
            suffix=name,
            content_type=made.content_type,
        )
    if name not in ("wav", "raw"):
        raise UsageError(
            f"local cannot write {audio_format}",
            hint="use --audio-format wav, flac, ogg, opus, mp3 or raw; for other "
            "formats, use a service (-p)",
        )
    return SpeechFormat(
        container=name,
        codec="pcm_s16le",
        sample_rate=sample_rate,
        suffix=name,
        content_type="audio/wav" if name == "wav" else "audio/L16",
    )


def _engine() -> Synthesizer:
    from stt_cli.engines.espeak import open_espeak

    return open_espeak()
