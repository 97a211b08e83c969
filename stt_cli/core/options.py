"""What a user asked for, as providers receive it. All are plain, frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stt_cli.core.interrupted import InterruptedSubmission


DETECT_LANGUAGE = "auto"
"""The language of those who do not know it: ``-l auto``."""


class Mode(StrEnum):
    """How people speak to the recognizer."""

    INTERACTIVE = "interactive"
    CONVERSATION = "conversation"
    DICTATION = "dictation"


class Transport(StrEnum):
    """How the audio travels; ``auto`` lets the provider choose and say why."""

    AUTO = "auto"
    REST = "rest"
    WEBSOCKET = "websocket"
    SESSION = "session"
    FAST = "fast"


class Profanity(StrEnum):
    """What becomes of swear words in the display forms."""

    MASKED = "masked"
    REMOVED = "removed"
    RAW = "raw"


class TextForm(StrEnum):
    """Which form of the text plain output shows; ``n-best`` adds all readings."""

    DISPLAY = "display"
    LEXICAL = "lexical"
    ITN = "itn"
    MASKED_ITN = "masked-itn"
    N_BEST = "n-best"


class Pace(StrEnum):
    """How fast audio that already exists is sent."""

    AUTO = "auto"
    REALTIME = "realtime"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """Which service a command is to use, as the user named it.

    ``None`` leaves a choice to the settings. ``endpoint`` is a base address,
    ``cluster`` the address of a Dask scheduler; ``insecure`` lets a key go in clear
    text to a host that is not this machine.
    """

    provider: str | None = None
    endpoint: str | None = None
    insecure: bool = False
    profile: str | None = None
    cluster: str | None = None


Params = Mapping[str, tuple[str, ...]]
"""``--param KEY=VALUE`` as given: each key with all its values, in order."""


@dataclass(frozen=True, slots=True)
class RecognizeOptions:
    """Everything ``stt recognize`` lets a user choose, none of it a secret.

    ``None`` means: not chosen, the provider's default holds. ``timeout`` is in
    seconds and covers the whole command. ``alone`` says that no other input of the
    command wants the cores. ``candidates`` are all languages that may be spoken, where
    there are several; ``language`` is the first of them. ``translate_to`` holds the
    languages to translate into.
    """

    language: str | None = None
    candidates: tuple[str, ...] = ()
    mode: Mode | None = None
    transport: Transport = Transport.AUTO
    detailed: bool = False
    words: bool = False
    speakers: bool = False
    max_speakers: int | None = None
    channels: bool = False
    profanity: Profanity | None = None
    interim: bool | None = None
    text_form: TextForm = TextForm.DISPLAY
    model: str | None = None
    phrases: tuple[str, ...] = ()
    translate_to: tuple[str, ...] = ()
    params: Params = field(default_factory=dict)
    pace: Pace = Pace.AUTO
    replay: bool = True
    turns: int | None = None
    wake: str | None = None
    session_id: str | None = None
    keep_raw: bool = False
    timeout: float | None = None
    jobs: int = 1
    together: bool = False
    alone: bool = False

    @property
    def detects_language(self) -> bool:
        """Whether the language is to be found out, among all or among some."""
        return _is_auto(self.language) or bool(self.candidates)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that were named: none, one, or those to choose from."""
        if self.candidates:
            return self.candidates
        one = self.language
        return () if one is None or _is_auto(one) else (one,)


def _is_auto(language: str | None) -> bool:
    return (language or "").lower() == DETECT_LANGUAGE


class FallbackTo(StrEnum):
    """What may take over where a service fails."""

    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class JobOptions:
    """Everything ``stt batch submit`` lets a user choose for one recording.

    ``client_reference_id`` is the reference by which a lost answer can be found
    again, where the service takes one. ``interrupted`` tells of an earlier attempt
    to submit the same recording, to go on with rather than begin anew.
    """

    recognition: RecognizeOptions = field(default_factory=RecognizeOptions)
    name: str | None = None
    webhook_url: str | None = None
    client_reference_id: str | None = None
    interrupted: InterruptedSubmission | None = None


@dataclass(frozen=True, slots=True)
class JobQuery:
    """Which jobs to list; ``limit`` ``None`` means one page, ``all`` follows all."""

    follow_pages: bool = False
    limit: int | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileQuery:
    """Which uploads to list: a page without ``limit``, or with ``follow_pages`` all.

    ``unused`` leaves out those that a job may still need.
    """

    follow_pages: bool = False
    limit: int | None = None
    unused: bool = False


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """Everything ``stt tts`` lets a user choose.

    ``rate``, ``pitch`` and ``volume`` are as typed (``+30%``, ``high``, ``150``);
    each engine reads them. ``breaks``, ``phonemes`` and ``contour`` likewise.
    """

    voice: str | None = None
    speaker: str | None = None
    language: str | None = None
    gender: str | None = None
    rate: str | None = None
    pitch: str | None = None
    volume: str | None = None
    contour: str | None = None
    breaks: tuple[str, ...] = ()
    phonemes: tuple[str, ...] = ()
    audio_format: str | None = None
    params: Params = field(default_factory=dict)
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class SpeechText:
    """What is to be spoken: plain text, or an SSML document as it is."""

    text: str
    is_ssml: bool = False


@dataclass(frozen=True, slots=True)
class VoiceQuery:
    """Which voices to list; ``None`` means any."""

    language: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class PhraseOptions:
    """What the command line wants done with each final phrase."""

    intents: str | None = None
    intent_url: str | None = None
    command: str | None = None

    def __bool__(self) -> bool:
        return any((self.intents, self.intent_url, self.command))
