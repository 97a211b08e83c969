"""The services' output formats: what each name means, and what files they make.

Sources: the 2018 synthesis page (eight formats and the sample's mu-law) and the
"audio outputs" table of today's text-to-speech REST page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from stt_cli.core.errors import UsageError
from stt_cli.core.speech import SpeechFormat

BING_FORMATS = (
    "riff-16khz-16bit-mono-pcm",
    "raw-16khz-16bit-mono-pcm",
    "audio-16khz-128kbitrate-mono-mp3",
    "audio-16khz-64kbitrate-mono-mp3",
    "audio-16khz-32kbitrate-mono-mp3",
    "audio-16khz-16kbps-mono-siren",
    "riff-16khz-16kbps-mono-siren",
    "ssml-16khz-16bit-mono-tts",
    "riff-8khz-8bit-mono-mulaw",  # in the page's sample, not in its list
)
AZURE_FORMATS = (
    "riff-24khz-16bit-mono-pcm",
    "riff-48khz-16bit-mono-pcm",
    "riff-44100hz-16bit-mono-pcm",
    "riff-22050hz-16bit-mono-pcm",
    "riff-16khz-16bit-mono-pcm",
    "riff-8khz-16bit-mono-pcm",
    "riff-8khz-8bit-mono-alaw",
    "riff-8khz-8bit-mono-mulaw",
    "raw-48khz-16bit-mono-pcm",
    "raw-44100hz-16bit-mono-pcm",
    "raw-24khz-16bit-mono-pcm",
    "raw-22050hz-16bit-mono-pcm",
    "raw-16khz-16bit-mono-pcm",
    "raw-8khz-16bit-mono-pcm",
    "raw-8khz-8bit-mono-alaw",
    "raw-8khz-8bit-mono-mulaw",
    "raw-16khz-16bit-mono-truesilk",
    "raw-24khz-16bit-mono-truesilk",
    "audio-16khz-32kbitrate-mono-mp3",
    "audio-16khz-64kbitrate-mono-mp3",
    "audio-16khz-128kbitrate-mono-mp3",
    "audio-24khz-48kbitrate-mono-mp3",
    "audio-24khz-96kbitrate-mono-mp3",
    "audio-24khz-160kbitrate-mono-mp3",
    "audio-48khz-96kbitrate-mono-mp3",
    "audio-48khz-192kbitrate-mono-mp3",
    "audio-16khz-16bit-32kbps-mono-opus",
    "audio-24khz-16bit-24kbps-mono-opus",
    "audio-24khz-16bit-48kbps-mono-opus",
    "ogg-16khz-16bit-mono-opus",
    "ogg-24khz-16bit-mono-opus",
    "ogg-48khz-16bit-mono-opus",
    "webm-16khz-16bit-mono-opus",
    "webm-24khz-16bit-mono-opus",
    "webm-24khz-16bit-24kbps-mono-opus",
    "amr-wb-16000hz",
    "g722-16khz-64kbps",
)
# What the short names and the suffixes of files stand for.
_BING_SHORT = {
    "wav": "riff-16khz-16bit-mono-pcm",
    "raw": "raw-16khz-16bit-mono-pcm",
    "pcm": "raw-16khz-16bit-mono-pcm",
    "mp3": "audio-16khz-128kbitrate-mono-mp3",
    "siren": "audio-16khz-16kbps-mono-siren",
}
_AZURE_SHORT = {
    "wav": "riff-24khz-16bit-mono-pcm",
    "raw": "raw-24khz-16bit-mono-pcm",
    "pcm": "raw-24khz-16bit-mono-pcm",
    "mp3": "audio-24khz-96kbitrate-mono-mp3",
    "ogg": "ogg-24khz-16bit-mono-opus",
    "opus": "ogg-24khz-16bit-mono-opus",
    "webm": "webm-24khz-16bit-mono-opus",
    "silk": "raw-24khz-16bit-mono-truesilk",
    "amr": "amr-wb-16000hz",
    "g722": "g722-16khz-64kbps",
}
_RATE = re.compile(r"(\d+)(k?)hz")
_KBPS = re.compile(r"(\d+)kb(?:itrate|ps)")
_CODECS = {
    "pcm": "pcm_s16le",
    "mulaw": "mulaw",
    "alaw": "alaw",
    "mp3": "mp3",
    "opus": "opus",
    "truesilk": "silk",
    "siren": "siren",
    "tts": "pcm_s16le",
}
_CONTAINERS = {"riff": "wav", "raw": "raw", "ogg": "ogg", "webm": "webm"}
_TYPES = {
    "wav": ("audio/x-wav", "audio/wav", "audio/wave", "audio/vnd.wave"),
    "mp3": ("audio/mpeg", "audio/mp3", "audio/x-mpeg"),
    "ogg": ("audio/ogg", "application/ogg", "audio/opus"),
    "webm": ("audio/webm", "video/webm"),
    "ssml": ("application/ssml+xml", "text/xml", "application/xml"),
}
_ANYTHING = ("application/octet-stream", "audio/basic", "audio/x-raw", "audio/raw")
_MAGIC = {"wav": b"RIFF", "ogg": b"OggS", "webm": b"\x1a\x45\xdf\xa3"}


@dataclass(frozen=True, slots=True)
class FormatTable:
    """The formats of one service, and the short names for the usual ones."""

    title: str
    names: tuple[str, ...]
    short: Mapping[str, str]

    def choose(self, wanted: str | None) -> str:
        """Return the service's name for a format, from its own or a short one.

        Raises:
            UsageError: the service has no such format; near ones are named.
        """
        name = (wanted or "wav").strip().lower()
        name = self.short.get(name, name)
        if name in self.names:
            return name
        near = get_close_matches(name, [*self.names, *self.short], n=3, cutoff=0.5)
        raise UsageError(
            f"{self.title} does not support the audio format {wanted!r}",
            hint=f"use a format such as {', '.join(near or self.short)}",
        )


AZURE_TABLE = FormatTable("Azure Speech", AZURE_FORMATS, _AZURE_SHORT)
BING_TABLE = FormatTable("Bing Speech", BING_FORMATS, _BING_SHORT)


def describe_format(name: str) -> SpeechFormat:
    """Return what a name from the tables means."""
    parts = name.split("-")
    rate = _RATE.search(name)
    sample_rate = int(rate[1]) * (1000 if rate[2] else 1) if rate else 16_000
    if name.startswith("amr-wb"):
        return SpeechFormat("amr", "amr_wb", 16_000, 1, "amr", "audio/amr-wb")
    if name.startswith("g722"):
        return SpeechFormat("raw", "g722", 16_000, 1, "g722", "audio/G722")
    codec = _CODECS[parts[-1]]
    if parts[0] == "ssml":
        return SpeechFormat(
            "ssml", codec, sample_rate, 1, "ssml", "application/ssml+xml"
        )
    if parts[0] == "audio":
        # MP3 frames need no container; Opus comes in Ogg; Siren stands bare.
        container = {"mp3": "mp3", "opus": "ogg"}.get(codec, "raw")
    else:
        container = _CONTAINERS[parts[0]]
    suffix = container
    if container == "raw":
        suffix = {"siren": "siren", "silk": "silk"}.get(codec, "raw")
    kind = _TYPES[container][0] if container in _TYPES else "audio/basic"
    return SpeechFormat(container, codec, sample_rate, 1, suffix, kind)


def seconds_of(name: str, audio_bytes: int) -> float | None:
    """Return how long so many bytes without a header last, where a name tells."""
    made = describe_format(name)
    if made.codec == "pcm_s16le" and made.container != "ssml":
        return audio_bytes / 2 / made.sample_rate
    if made.codec in ("mulaw", "alaw"):
        return audio_bytes / made.sample_rate
    rate = _KBPS.search(name)
    if rate and made.container in ("mp3", "raw", "wav"):
        return audio_bytes * 8 / (int(rate[1]) * 1000)
    return None


def mismatch(made: SpeechFormat, content_type: str, head: bytes) -> str | None:
    """Return what is wrong with an answer in this format, or ``None``.

    Args:
        content_type: the answer's, with or without parameters.
        head: the answer's first bytes.
    """
    kind = content_type.partition(";")[0].strip().lower()
    right = _TYPES.get(made.container, ())
    if kind and kind not in right:
        theirs = next((name for name, kinds in _TYPES.items() if kind in kinds), None)
        if theirs or not (kind in _ANYTHING or kind.startswith("audio/")):
            return f"the response is {kind}, not {made.content_type}"
    magic = _MAGIC.get(made.container)
    if magic and not head.startswith(magic):
        return f"the response is not {made.container} audio"
    if made.container == "raw" and head.startswith((b"RIFF", b"OggS")):
        return "the response has a header, but raw samples were requested"
    mp3 = head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] >= 0xE0)
    if made.container == "mp3" and not mp3:
        return "the response is not mp3 audio"
    return None
