"""Audio that the emulated Watson is sent: checked, decoded, recognised."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.emulator.sound import RawAudio, pcm_of
from stt_cli.emulator.transcribe import Ear, Heard
from stt_cli.emulator.watson_results import seconds_of_pcm
from stt_cli.protocols.watson.requests import LARGEST_AUDIO, SMALLEST_AUDIO

_RAW = ("audio/l16", "audio/mulaw", "audio/alaw", "audio/basic")
_CONTAINERS = (
    "audio/wav", "audio/flac", "audio/mp3", "audio/mpeg", "audio/ogg", "audio/webm",
    "application/octet-stream",
)  # fmt: skip


class Refused(Exception):  # noqa: N818 - what happened
    """The service does not take this audio."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(frozen=True, slots=True)
class Listened:
    """What was heard in one recording of ``seconds``."""

    phrases: list[Heard]
    seconds: float


def check_type(content_type: str | None, *, parts: bool = False) -> dict[str, str]:
    """Return a media type's parameters, its name under an empty key.

    Raises:
        Refused: the service does not know the type, or its rate is missing.
    """
    name, *rest = (part.strip() for part in (content_type or "").split(";"))
    given = dict(part.partition("=")[::2] for part in rest if part)
    if not name:
        if parts:
            raise Refused(400, "part_content_type is missing in the metadata")
        return {"": "application/octet-stream"}
    if name.lower() not in (*_RAW, *_CONTAINERS):
        raise Refused(415, f"unsupported media type: {name}")
    if name in ("audio/l16", "audio/mulaw", "audio/alaw") and "rate" not in given:
        raise Refused(400, f"the rate parameter is missing in {name}")
    return {"": name.lower(), **given}


def listen(ear: Ear, data: bytes, content_type: str | None) -> Listened:
    """Recognise a recording.

    Raises:
        Refused: too short, too long, or no audio of that type.
    """
    check_size(len(data))
    given = check_type(content_type)
    pcm = _decoded(data, given)
    if pcm is None:
        name = given[""]
        raise Refused(
            400, f"unable to transcode data stream {name} -> audio/x-float-array "
        )
    phrases = ear.given()
    if phrases is None:
        phrases = ear.hear(pcm)
    return Listened(phrases, seconds_of_pcm(pcm))


def check_size(size: int) -> None:
    """Raise ``Refused`` for audio below or above the service's limits."""
    if size < SMALLEST_AUDIO:
        raise Refused(
            400,
            f"Stream was {size} bytes but needs to be at least {SMALLEST_AUDIO} bytes.",
        )
    if size > LARGEST_AUDIO:
        raise Refused(
            413, f"Session closed. Reason: Payload exceeds the {LARGEST_AUDIO} bytes "
            "limit.",
        )  # fmt: skip


def _decoded(data: bytes, given: dict[str, str]) -> bytes | None:
    if given[""] not in _RAW:
        return pcm_of(data)
    subtype = {"audio/l16": "PCM_16", "audio/alaw": "ALAW"}.get(given[""], "ULAW")
    raw = RawAudio(
        subtype,
        rate=int(given.get("rate", "8000")),
        channels=int(given.get("channels", "1")),
        big_endian=given.get("endianness") == "big-endian",
    )
    return pcm_of(data, raw)
