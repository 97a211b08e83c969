"""What sets the two emulated services apart: today's, and that of 2018."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stt_cli.protocols.azure_rest.languages_2018 import BING_LANGUAGES
from stt_cli.protocols.azure_rest.limits import AZURE_MOST_SECONDS, BING_MOST_SECONDS
from stt_cli.protocols.azure_tts.formats import AZURE_FORMATS, BING_FORMATS
from stt_cli.protocols.azure_tts.pieces import AZURE_LIMITS, BING_LIMITS, Limits
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices

_OF_2018 = {
    mode: frozenset(tag.lower() for tag in tags)
    for mode, tags in BING_LANGUAGES.items()
}
# The locales of real-time recognition today (Azure documentation, "Language and
# voice support"), as language and regions.
_LOCALES = """
af ZA|am ET|ar AE BH DZ EG IL IQ JO KW LB LY MA OM PS QA SA SY TN YE|as IN|az AZ|bg BG
bn IN|bs BA|ca ES|cs CZ|cy GB|da DK|de AT CH DE|el GR
en AU CA GB GH HK IE IN KE NG NZ PH SG TZ US ZA
es AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV US UY VE|et EE|eu ES|fa IR
fi FI|fil PH|fr BE CA CH FR|ga IE|gl ES|gu IN|he IL|hi IN|hr HR|hu HU|hy AM|id ID|is IS
it CH IT|ja JP|jv ID|ka GE|kk KZ|km KH|kn IN|ko KR|lo LA|lt LT|lv LV|mk MK|ml IN|mn MN
mr IN|ms MY|mt MT|my MM|nb NO|ne NP|nl BE NL|or IN|pa IN|pl PL|ps AF|pt BR PT|ro RO
ru RU|si LK|sk SK|sl SI|so SO|sq AL|sr RS|sv SE|sw KE TZ|ta IN|te IN|th TH|tr TR|uk UA
ur IN|uz UZ|vi VN|wuu CN|yue CN|zh CN HK TW|zu ZA
"""
_TODAY = frozenset(
    f"{language}-{region}".lower()
    for entry in _LOCALES.strip().replace("\n", "|").split("|")
    for language, *regions in [entry.split()]
    for region in regions
)
# The languages of text translation (Azure documentation, "Language and voice
# support", speech translation): a language, or one with its script or region.
_TARGETS = """
    af am ar as az bg bn bs ca cs cy da de el en es et fa fi fil fj fr fr-ca ga gu he hi
    hr ht hu hy id is it iu ja kk km kmr kn ko ku lo lt lv mg mi ml mr ms mt mww my nb
    ne nl or otq pa pl prs ps pt pt-pt ro ru sk sl sm sq sr-cyrl sr-latn sv sw ta te th
    ti tlh-latn to tr ty uk ur vi yua yue zh-hans zh-hant
"""
_TRANSLATED = frozenset(_TARGETS.split())
_SHORT_NAME = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)*-[A-Z]{2}-\w+(:\w+)?|.*\(.+, .+\)")


def is_translated_to(tag: str) -> bool:
    """Whether speech can be translated into a language: ``de``, and ``de-DE`` too."""
    folded = tag.casefold()
    return folded in _TRANSLATED or (
        folded in _TODAY and folded.partition("-")[0] in _TRANSLATED
    )


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
        knows_language: whether a mode has a language.
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
    knows_language: Callable[[str, str], bool]
    socket_takes_key: bool
    wrong_type: int
    most_seconds: float
    media_types: tuple[str, ...]
    realtime_paths: tuple[str, ...]
    needs_language: bool
    describes_device: bool
    speech: SpeechRules


TRANSLATION_PATH = "/speech/translation/cognitiveservices/v1"
"""Of translation alone, before today's universal path."""

_MODE_PATH = "/speech/recognition/{mode}/cognitiveservices/v1"

AZURE = ServiceRules(
    no_credentials=403,
    wrong_credentials=401,
    knows_language=lambda tag, _mode: tag.lower() in _TODAY,
    socket_takes_key=True,
    wrong_type=415,
    most_seconds=AZURE_MOST_SECONDS,
    media_types=("audio/ogg",),
    realtime_paths=(
        _MODE_PATH,
        f"/stt{_MODE_PATH}",
        "/stt/speech/universal/v2",
        "/speech/universal/v2",
        TRANSLATION_PATH,
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
    # Every page of 2018 has 403 for missing, wrong and expired credentials. Only the
    # table at the end of the WebSocket's has 401 for missing ones, against its text.
    no_credentials=403,
    wrong_credentials=403,
    knows_language=lambda tag, mode: tag.lower() in _OF_2018.get(mode, ()),
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
