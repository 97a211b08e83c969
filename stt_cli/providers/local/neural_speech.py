"""What a neural voice is to say: text and SSML become sentences and pauses.

Of SSML it keeps what such a voice can do: breaks, rate, volume, pronunciations and
substitutes. Pitch and contour are the voice's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from stt_cli.core.errors import UsageError
from stt_cli.core.options import SpeechOptions, SpeechText
from stt_cli.engines.piper import (
    Pause,
    Piece,
    Spoken,
    VoiceFile,
    cut,
    plain,
    pronounced,
)
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.prosody import Prosody, Unit
from stt_cli.protocols.sentences import sentences

_RATES = {"x-slow": 0.6, "slow": 0.8, "fast": 1.25, "x-fast": 1.6}
_VOLUMES = {"silent": 0.0, "x-soft": 0.3, "soft": 0.65, "loud": 1.5, "x-loud": 2.0}
_WORDS_A_MINUTE = 175.0  # what a number means for the other engine here, too
_USUAL_VOLUME = 100.0
_SLOWEST, _FASTEST, _LOUDEST = 0.25, 4.0, 4.0
# Seconds by the strength of a break (SSML 1.1, 3.2.3, leaves them to us).
_STRENGTHS = {
    "none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7,
    "x-strong": 1.2,
}  # fmt: skip
_LONGEST_PAUSE_S = 60.0
_UNSPOKEN = frozenset({"metadata", "meta", "lexicon", "desc", "title"})
_PARAGRAPH_S = 0.4


def pieces_of(
    speech: SpeechText, options: SpeechOptions, voice: VoiceFile
) -> list[Piece]:
    """Return what the voice is to say.

    Raises:
        UsageError: the SSML is not well-formed, or options ask for what the voice
            lacks: another pitch, another language, another alphabet.
    """
    if options.pitch or options.contour:
        raise UsageError(
            "neural voices do not support pitch",
            hint="remove --pitch and --contour, or use an eSpeak NG voice",
        )
    wanted = (options.language or "").replace("_", "-").partition("-")[0].casefold()
    if wanted and wanted != voice.language.partition("-")[0].casefold():
        raise UsageError(
            f"the voice {voice.name} speaks {voice.language}, not {options.language}",
            hint="choose a voice for that language",
        )
    text = speech.text
    if options.breaks or options.phonemes:
        style = ssml.style_of(
            language=voice.language, breaks=options.breaks, phonemes=options.phonemes
        )
        text = ssml.build(text, style)
    elif not speech.is_ssml:
        text = ssml.build(text, ssml.Style(language=voice.language))
    style_ = _Style(
        _rate(prosody.rate(options.rate), 1.0) if options.rate else 1.0,
        _gain(prosody.volume(options.volume), 1.0) if options.volume else 1.0,
    )
    return _Script(style_).read(text)


@dataclass(frozen=True, slots=True)
class _Style:
    rate: float = 1.0
    gain: float = 1.0


class _Script:
    """Walks through a document and collects what is to be said."""

    def __init__(self, style: _Style) -> None:
        self._styles = [style]
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._unspoken = 0

    def read(self, document: str) -> list[Piece]:
        parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(document.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as fault:
            raise UsageError(f"the SSML is not well-formed: {fault}") from None
        self._flush()
        return self._pieces

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        name = full_name.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        style = self._styles[-1]
        if self._unspoken or name in _UNSPOKEN:
            self._unspoken += 1
        elif name == "break":
            self._flush()
            self._pieces.append(Pause(_pause(given)))
        elif name in ("p", "s"):
            self._flush()
        elif name == "prosody":
            self._flush()
            style = _changed(style, given)
        elif name == "sub" and "alias" in given:
            self._text.append(plain(given["alias"]))
            self._unspoken += 1
        elif name == "phoneme" and given.get("ph"):
            self._sound(given)
            self._unspoken += 1
        self._styles.append(style)

    def _end(self, full_name: str) -> None:
        name = full_name.rpartition(" ")[2]
        if self._unspoken:
            self._unspoken -= 1
        elif name in ("p", "s", "prosody"):
            self._flush()
            if name == "p":
                self._pieces.append(Pause(_PARAGRAPH_S))
        self._styles.pop()

    def _characters(self, text: str) -> None:
        if not self._unspoken:
            self._text.append(plain(text))

    def _sound(self, given: dict[str, str]) -> None:
        alphabet = given.get("alphabet", "ipa")
        if alphabet != "ipa":
            raise UsageError(
                f"neural voices do not support {alphabet} phonemes",
                hint="use IPA",
            )
        self._text.append(pronounced(given["ph"]))

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        style = self._styles[-1]
        for part in _parts(text):
            self._pieces.append(Spoken(part, style.rate, style.gain))


def _parts(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        for part in cut(sentence.strip()):
            if part:
                yield part


def _changed(style: _Style, given: dict[str, str]) -> _Style:
    rate, gain = style.rate, style.gain
    if "rate" in given:
        rate = _rate(prosody.rate(given["rate"]), style.rate)
    if "volume" in given:
        gain = _gain(prosody.volume(given["volume"]), style.gain)
    return _Style(rate, gain)


def _rate(value: Prosody, around: float) -> float:
    return min(_FASTEST, max(_SLOWEST, _share(value, _RATES, around, _WORDS_A_MINUTE)))


def _gain(value: Prosody, around: float) -> float:
    return min(_LOUDEST, max(0.0, _share(value, _VOLUMES, around, _USUAL_VOLUME)))


def _share(
    value: Prosody, names: dict[str, float], around: float, usual: float
) -> float:
    match value.unit:
        case Unit.NAME:
            return names.get(value.name, 1.0)
        case Unit.PERCENT:
            return around * (100 + value.amount) / 100
        case Unit.DECIBELS:
            return around * float(10 ** (value.amount / 20))
        case _:
            return (value.amount + (usual if value.relative else 0.0)) / usual


def _pause(given: dict[str, str]) -> float:
    if "time" in given:
        read = ssml.read_break(given["time"].strip().removeprefix("+"))
        milliseconds = float(read.value.removesuffix("ms"))
        return min(_LONGEST_PAUSE_S, milliseconds / 1000)
    return _STRENGTHS.get(given.get("strength", "medium"), _STRENGTHS["medium"])
