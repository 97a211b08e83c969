"""The synthesis of the two services: where it is, its limits, its voices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from stt_cli.core.catalog import Voice
from stt_cli.core.environment import Environment
from stt_cli.core.errors import NotFoundError, SttError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.options import SpeechOptions, VoiceQuery
from stt_cli.core.private_folder import replace_private
from stt_cli.protocols.azure_tts.formats import AZURE_TABLE, BING_TABLE, FormatTable
from stt_cli.protocols.azure_tts.pieces import AZURE_LIMITS, BING_LIMITS, Limits
from stt_cli.protocols.azure_tts.request import (
    AZURE_PATH,
    BING_PATH,
    VOICES_PATH,
    read_voices,
    synthesis_refusal,
)
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices, find_bing_voice
from stt_cli.protocols.ssml import Document
from stt_cli.providers.azure.endpoints import has_path, synthesis_url
from stt_cli.providers.azure.service import Service

DEFAULT_VOICE = "en-US-JennyNeural"
"""Azure's, where neither voice, language nor gender is named."""

FILE_NAME = "bing-client-id"
_GUID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class ChosenVoice:
    """A voice's name, the language of the document, and what to tell of them."""

    name: str
    language: str
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechRules:
    """What sets one service's synthesis apart.

    Args:
        voices: yields all voices there are.
        choose: picks the voice that the options mean.
        check: refuses the voices of an SSML document that are not there.
        client_id: names this installation, where the service wants a name.
        is_short: whether an answer is so short that it is checked as a whole, and
            its text halved where the audio is too long.
    """

    path: str
    formats: FormatTable
    limits: Limits
    voices: Callable[[SpeechService], Iterable[Voice]]
    choose: Callable[[SpeechService, SpeechOptions], ChosenVoice]
    check: Callable[[Document], None] = lambda _document: None
    client_id: Callable[[Environment], str | None] = lambda _environment: None
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class SpeechService:
    """One service's synthesis with the settings of one command."""

    service: Service
    rules: SpeechRules

    @property
    def title(self) -> str:
        """The service's name in messages."""
        return self.service.title

    @property
    def environment(self) -> Environment:
        """The environment of this run."""
        return self.service.context.environment

    def url(self, path: str) -> str:
        """Return an address. Raises ``ConfigurationError``."""
        service, endpoint = self.service, self.service.context.endpoint
        if endpoint is not None and has_path(endpoint) and path != VOICES_PATH:
            return endpoint
        hosts = service.flavor.hosts
        return synthesis_url(hosts, region=service.region, endpoint=endpoint, path=path)

    def refused(self, response: HttpResponse) -> SttError | None:
        """Return the error for an answer that is no 2xx."""
        if response.is_success:
            return None
        return synthesis_refusal(
            response,
            self.title,
            credentials_hint=self.service.credentials_hint,
            limit=self.rules.limits.words,
        )


def voices(service: SpeechService, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices that match: the table of 2018, or the service's own list."""
    wanted = (query.language or "").replace("_", "-").lower()
    for voice in service.rules.voices(service):
        tags = [voice.language, *(voice.details.get("SecondaryLocaleList") or ())]
        speaks = any(
            tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")
            for tag in tags
        )
        if (speaks or not wanted) and query.gender in (None, voice.gender):
            yield voice


def kept_client_id(environment: Environment) -> str:
    """Return the GUID that names this installation to Bing Speech, made once.

    Where none can be kept, it is for this run.
    """
    path = environment.directories.state / FILE_NAME
    with suppress(OSError, UnicodeDecodeError):
        kept = path.read_text(encoding="ascii").strip()
        if _GUID.fullmatch(kept):
            return kept
    made = environment.new_hex_id()
    with suppress(OSError):
        replace_private(path, f"{made}\n")
    return made


def _listed(service: SpeechService) -> list[Voice]:
    def read(response: HttpResponse) -> list[Voice]:
        error = service.refused(response)
        if error is not None:
            raise error
        return read_voices(response)

    return service.service.send(HttpRequest("GET", service.url(VOICES_PATH)), read)


def _choose_azure(service: SpeechService, options: SpeechOptions) -> ChosenVoice:
    if options.voice:
        language = options.language or _locale_of(options.voice)
        return ChosenVoice(options.voice, language)
    language = options.language or "en-US"
    if language.lower() == "en-us" and not options.gender:
        return ChosenVoice(DEFAULT_VOICE, "en-US")
    first = next(voices(service, VoiceQuery(language, options.gender)), None)
    if first is None:
        kind = f"{options.gender} voice" if options.gender else "voice"
        raise NotFoundError(
            f"Azure Speech has no {kind} for {language}",
            hint="`stt voices -p azure` lists them",
        )
    return ChosenVoice(first.id, language)


def _choose_bing(_service: SpeechService, options: SpeechOptions) -> ChosenVoice:
    found, old = find_bing_voice(options.voice, options.language, options.gender)
    retired = Notice(f"the voice {old} was retired; using {found.name} instead")
    language = options.language or found.language
    return ChosenVoice(found.id, language, (retired,) if old else ())


def _check_bing(document: Document) -> None:
    for name in document.voices:
        find_bing_voice(name, None, None)


def _locale_of(voice: str) -> str:
    """Return the locale in a voice's name, short or long."""
    name = voice.rpartition("(")[2]
    parts = name.replace(",", "-").split("-")
    return "-".join(part.strip() for part in parts[:2]) if len(parts) > 2 else "en-US"


AZURE_SPEECH = SpeechRules(
    path=AZURE_PATH,
    formats=AZURE_TABLE,
    limits=AZURE_LIMITS,
    voices=_listed,
    choose=_choose_azure,
)
BING_SPEECH = SpeechRules(
    path=BING_PATH,
    formats=BING_TABLE,
    limits=BING_LIMITS,
    voices=lambda _service: bing_voices(),
    choose=_choose_bing,
    check=_check_bing,
    client_id=kept_client_id,
    is_short=True,
)
