"""The two services that speak this wire: Azure Speech, and Bing Speech as of 2018.

What sets them apart is told here as values; the client asks no further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stt_cli.protocols.azure_rest.limits import (
    AZURE_MOST_SECONDS,
    BING_ANSWER_SECONDS,
    BING_MOST_SECONDS,
    BING_WARN_SECONDS,
)
from stt_cli.protocols.usp.limits import DICTATION_SECONDS
from stt_cli.providers.azure.endpoints import AZURE_HOSTS, BING_HOSTS, Hosts
from stt_cli.providers.azure.languages import (
    azure_language,
    bing_language,
    default_mode,
)


@dataclass(frozen=True, slots=True)
class ShortAudioRules:
    """What one REST request may carry, in seconds.

    ``auto_seconds`` is the longest recording that ``auto`` sends by REST;
    ``advised_seconds`` what a page of the document allows, where another allows
    more; ``answer_seconds`` the longest a request may take in all.
    """

    most_seconds: float
    auto_seconds: float
    content_type: str
    advised_seconds: float | None = None
    answer_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Flavor:
    """One service. ``title`` is its name in messages.

    Args:
        hosts: where it lives.
        language: returns a tag as the service spells it, for a mode; raises
            ``UsageError`` for one that it does not know.
        default_mode: the mode for a language where the user names none.
        credentials_hint: what to check after a refusal, by region.
        takes_key: whether a key is sent as it is, not traded for a token.
        sends_context: whether ``speech.context`` opens a turn.
        sends_origin: whether the handshake names its origin.
        dictation_seconds: the longest dictation, where the service has a limit.
    """

    title: str
    hosts: Hosts
    language: Callable[[str, str], str]
    default_mode: Callable[[str], str]
    credentials_hint: Callable[[str | None], str]
    short_audio: ShortAudioRules
    takes_key: bool = True
    sends_context: bool = True
    sends_origin: bool = False
    dictation_seconds: float | None = None


def _azure_hint(region: str | None) -> str:
    where = f"region {region}" if region else "this endpoint"
    return (
        f"check that AZURE_SPEECH_KEY belongs to {where} and that a token is not "
        "older than 10 minutes; `stt doctor -p azure` checks both"
    )


def _bing_hint(_region: str | None) -> str:
    return (
        "check BING_SPEECH_KEY or BING_SPEECH_TOKEN: it is wrong or expired "
        "(tokens are valid for 10 minutes), or the quota, which both keys share, "
        "is used up"
    )


AZURE = Flavor(
    title="Azure Speech",
    hosts=AZURE_HOSTS,
    language=lambda tag, _mode: azure_language(tag),
    default_mode=lambda _language: "conversation",
    credentials_hint=_azure_hint,
    short_audio=ShortAudioRules(
        most_seconds=AZURE_MOST_SECONDS,
        # Longer recordings mostly hold several phrases, and REST gives one result.
        auto_seconds=15.0,
        content_type="audio/wav; codecs=audio/pcm; samplerate=16000",
    ),
)

BING = Flavor(
    title="Bing Speech",
    hosts=BING_HOSTS,
    language=bing_language,
    default_mode=default_mode,
    credentials_hint=_bing_hint,
    short_audio=ShortAudioRules(
        most_seconds=BING_MOST_SECONDS,
        auto_seconds=BING_WARN_SECONDS,
        # "codec" in the 2018 document, "codecs" in today's.
        content_type="audio/wav; codec=audio/pcm; samplerate=16000",
        advised_seconds=BING_WARN_SECONDS,
        answer_seconds=BING_ANSWER_SECONDS,
    ),
    takes_key=False,
    sends_context=False,
    sends_origin=True,
    dictation_seconds=DICTATION_SECONDS,
)
