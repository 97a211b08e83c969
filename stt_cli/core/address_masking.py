"""Addresses as they may be shown: without what gives access to something.

Stores sign addresses in their own ways (S3, GCS, OSS, CloudFront, Azure), and any
server may call a credential as it likes. So no list of bad names decides, but one
of harmless ones: every other value of a query is masked, and so are user names,
passwords and fragments. Nothing here is meant for addresses that are sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from stt_cli.core.secret import MASK

_HARMLESS = frozenset(
    # What is asked of the services themselves, as their references name it: the
    # support of a vendor wants to see it (Azure "Speech to text REST API" and the
    # WebSocket's query; IBM "Speech to Text", methods `recognize` and `createJob`;
    # Soniox and Scriptix, lists and streams).
    """
    api-version language lang lidenabled format profanity wordleveltimestamps
    initialsilencetimeoutms endsilencetimeoutms stableIntermediateresultcount
    storeaudio setfeature from to top skip filter voice deploymentid
    model timestamps word_confidence word_alternatives_threshold keywords_threshold
    profanity_filter smart_formatting smart_formatting_version speaker_labels
    inactivity_timeout max_alternatives interim_results events results_ttl
    redaction audio_metrics processing_metrics processing_metrics_interval
    split_transcript_at_phrase_end end_of_phrase_silence_time low_latency
    speech_detector_sensitivity background_audio_suppression base_model_version
    speech_begin_event accept sequence_id version
    limit offset page per_page size status type direct_download
    """
    # Of a signature: what it covers and until when, which is all that is needed to
    # see that it ran out (Azure "Create a service SAS"; AWS "Authenticating
    # requests: query parameters", version 4; Google "Signed URLs"; S3 version 2,
    # OSS and CloudFront: `Expires`).
    """
    sv ss srt sr sp spr st se x-amz-algorithm x-amz-date x-amz-expires
    x-amz-signedheaders x-goog-algorithm x-goog-date x-goog-expires
    x-goog-signedheaders expires
    """
    # Of a database (PostgreSQL, "Parameter Key Words").
    """
    host port sslmode connect_timeout target_session_attrs application_name
    """.lower().split()
)
# Support asks for IDs: shown where they look like one, and like nothing else.
_ID_NAME = re.compile(
    r"(?i)(?:x-)?(?:session|request|connection|transaction|transcription|client-?trace"
    r"|correlation|operation|job|file)[-_]?id"
)
_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}")
# Short words, numbers and times: nothing in which a second pair could hide.
_PLAIN = re.compile(r"(?i)(?:[\w.:,*/~-]|%2[0CF]|%3A|\+){1,64}")
_NAME = re.compile(r"[\w.$\[\]-]{1,48}")

# A quote ends an address where it was put around one, and is a part of it else.
_REST = r"(?:[^\s\"'<>`\\]|\\[^\s\"']|'(?=[\w%&=+/@-]))*"
_ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]+:(?:\\*/)+)({_REST})"
)
# A path alone, as request lines have it, and addresses without a scheme.
_BARE_QUERY = re.compile(rf"(?<=[^\s?\"'<>`])\?(?=[^\s\"'<>?]*=)({_REST})")
_BARE_PATH = re.compile(rf"(?<![\w.:/])(/[^\s?\"'<>`\\]*)\?({_REST})")
_BARE_PROXY = re.compile(
    r"(?<![^\s\"'<>(=,])[^\s/:@\"'<>]{1,200}:(?!/)[^\s@\"'<>]{1,200}@(?=[\w.-]+:\d+\b)"
)
_SCHEME = re.compile(r"(?s)([A-Za-z][A-Za-z0-9+.-]+:/+)?(.*)")
_BLANK = re.compile(r"\s")
_AUTHORITY = re.compile(r"(?:[^/?#\\]|\\(?!\\*/))*")
_LOCAL = re.compile(r"(?:localhost|[\d.]+|\[[^\]]*\])(?::\d*)?")
_ENCODED_ADDRESS = re.compile(r"(?i)(%3A%2F+%2F).*", re.DOTALL)
# What stands in a port's place is a password whose host was forgotten. A mark behind
# the port belongs to the sentence.
_NO_PORT = re.compile(r"\A([^/:\[\\]+:)(?!\d*(?:[/\\,]|[:;.)]*\Z))[^/]+")
_OPAQUE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[^\s./]{16,}")
_SHORTEST_PASSWORD = 6
_EXAMPLE = "user:password@"  # of our own hints
_IN_PATH = re.compile(r"(;[\w.-]+=)[^;/?#]*")


def mask_addresses(text: str) -> str:
    """Return a text whose addresses show neither user nor password, no fragment, and
    of their queries only what is known as harmless.
    """
    text = _ADDRESS.sub(lambda found: found[1] + _masked(found[2]), text)
    if "@" in text:
        text = _BARE_PROXY.sub(f"{MASK}@", text)
    if "?" in text:
        text = _BARE_QUERY.sub(lambda found: _masked("?" + found[1]), text)
        text = _BARE_PATH.sub(lambda found: found[1] + _masked("?" + found[2]), text)
    return text


def mask_address(text: str) -> str:
    """Return a text that should be an address, masked whatever is wrong with it.

    Where it has no scheme or a blank, all before the last ``@`` may be a password.
    """
    scheme, rest = _SCHEME.fullmatch(text.strip()).groups()  # type: ignore[union-attr]
    if scheme and not _BLANK.search(rest):
        return mask_addresses(text)
    before, at, rest = rest.rpartition("@")
    hidden = f"{MASK}@" if at and before + at != _EXAMPLE else before + at
    return f"{scheme or ''}{hidden}{_masked(rest)}"


def secrets_in(address: str, *, of_hook: bool = False) -> Iterator[str]:
    """Yield what a service may repeat of an address alone, as written and as meant.

    A short value, or one that reads like a word, may as well be something else. A web
    hook's path (``of_hook``) may be all that its caller is known by.
    """
    found = _ADDRESS.search(address)
    if not found or found[2].startswith(_EXAMPLE):
        return
    rest = found[2]
    user = _user_info(rest)
    name, colon, password = rest[: max(user - 1, 0)].partition(":")
    spoken = [password if colon else name]
    before, _, fragment = rest[user:].partition("#")
    query = before.partition("?")[2]
    if of_hook:
        segments = before.partition("?")[0].split("/")[1:]
        spoken += [segment for segment in segments if _OPAQUE.fullmatch(segment)]
    for part in [*query.split("&"), fragment]:
        if _pair(part) != part or part == fragment:
            value = part.partition("=")[2].rstrip("=") or part.rstrip("=")
            if _OPAQUE.fullmatch(value):
                spoken.append(value)
    for value in spoken:
        if len(value) >= _SHORTEST_PASSWORD:
            yield value
            yield unquote(value)


def _masked(rest: str) -> str:
    """Return what follows the slashes, masked."""
    user = _user_info(rest)
    rest, hash_sign, fragment = rest[user:].partition("#")
    before, mark, query = rest.partition("?")
    if not before.startswith(_EXAMPLE):
        before = _NO_PORT.sub(rf"\g<1>{MASK}", before)
    before = _IN_PATH.sub(
        rf"\g<1>{MASK}", _ENCODED_ADDRESS.sub(rf"\g<1>{MASK}", before)
    )
    return (
        (f"{MASK}@" if user else "")
        + before
        + mark
        + (_query(query) if query else "")
        + hash_sign
        + (MASK if fragment else "")
    )


def _user_info(rest: str) -> int:
    """Return how many characters are user and password, with the ``@``.

    Nobody has to encode what reads a password, so one may hold ``/``, ``?``, ``#``
    and ``@``: what should be a host and a port and is none is taken for a part.
    """
    if rest.startswith(_EXAMPLE):
        return 0
    end = 0
    while True:
        authority = _AUTHORITY.match(rest, end)
        text = authority[0] if authority else ""
        if "@" in text:
            end += text.rindex("@") + 1
            continue
        last = rest.rfind("@", end)
        is_host = ":" not in text or _LOCAL.fullmatch(text)
        if last < 0 or (is_host and not end):
            return end
        end = last + 1


def _query(query: str) -> str:
    return "&".join(_pair(part) for part in query.split("&"))


def _pair(part: str) -> str:
    name, sign, value = part.partition("=")
    if not sign or not value.strip("="):
        # A name alone may be the secret itself, padded with "=".
        return part if name.lower() in _HARMLESS or not name else MASK
    if name.lower() in _HARMLESS and _PLAIN.fullmatch(value):
        return part
    if _ID_NAME.fullmatch(name) and _ID.fullmatch(value):
        return part
    return f"{name if _NAME.fullmatch(name) else MASK}={MASK}"
