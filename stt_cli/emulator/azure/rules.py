"""What sets the two emulated services apart: today's, and that of 2018."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stt_cli.protocols.azure_rest.limits import AZURE_MOST_SECONDS, BING_MOST_SECONDS
from stt_cli.protocols.azure_tts.formats import AZURE_FORMATS, BING_FORMATS
from stt_cli.protocols.azure_tts.pieces import AZURE_LIMITS, BING_LIMITS, Limits
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices

_SHORT_NAME = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)*-[A-Z]{2}-\w+(:\w+)?|.*\(.+, .+\)")


@dataclass(frozen=True, slots=True)
class SpeechRules:
    """How one service speaks.

    Args:
        prefixes: what may stand before ``path``; a custom domain's has ``/tts``.
        knows: whether there is a voice of that name.
        search_ids: headers that must name the client, by a GUID without dashes.
        cuts: whether audio over the limit is cut there, not refused.
    """

    path: str
    prefixes: tuple[str, ...]
    formats: tuple[str, ...]
    limits: Limits
    knows: Callable[[str], bool]
    search_ids: tuple[str, ...] = ()
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """One service.

    Args:
        no_credentials, wrong_credentials: the statuses that refuse them.
        socket_takes_key: whether the WebSocket takes more than tokens.
        wrong_type: the status for a media type that it does not take.
        most_seconds: of audio in one REST request.
        media_types: what REST takes besides WAV, as their beginnings.
        realtime_paths: the WebSocket's.
        needs_language: whether the WebSocket's query must name a language.
        describes_device: whether speech.config must describe the device.
    """

    no_credentials: int
    wrong_credentials: int
    socket_takes_key: bool
    wrong_type: int
    most_seconds: float
    media_types: tuple[str, ...]
    realtime_paths: tuple[str, ...]
    needs_language: bool
    describes_device: bool
    speech: SpeechRules


_MODE_PATH = "/speech/recognition/{mode}/cognitiveservices/v1"

AZURE = ServiceRules(
    no_credentials=403,
    wrong_credentials=401,
    socket_takes_key=True,
    wrong_type=415,
    most_seconds=AZURE_MOST_SECONDS,
    media_types=("audio/ogg",),
    realtime_paths=(
        _MODE_PATH,
        f"/stt{_MODE_PATH}",
        "/stt/speech/universal/v2",
        "/speech/universal/v2",
    ),
    needs_language=False,
    describes_device=False,
    speech=SpeechRules(
        path="/cognitiveservices/v1",
        prefixes=("", "/tts"),
        formats=AZURE_FORMATS,
        limits=AZURE_LIMITS,
        knows=lambda name: _SHORT_NAME.fullmatch(name) is not None,
    ),
)

BING = ServiceRules(
    # The 2018 document has 401 for none and 403 for bad ones; today's service has
    # it the other way round.
    no_credentials=401,
    wrong_credentials=403,
    socket_takes_key=False,
    wrong_type=400,
    most_seconds=BING_MOST_SECONDS,
    media_types=(),
    realtime_paths=(_MODE_PATH,),
    needs_language=True,
    describes_device=True,
    speech=SpeechRules(
        path="/synthesize",
        prefixes=("",),
        formats=BING_FORMATS,
        limits=BING_LIMITS,
        knows=lambda name: any(voice.id == name for voice in bing_voices()),
        search_ids=("x-search-appid", "x-search-clientid"),
        cuts=False,
    ),
)
