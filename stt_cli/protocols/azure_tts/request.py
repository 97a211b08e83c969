"""Synthesis requests and answers of both services, as data."""

from __future__ import annotations

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import (
    ConfigurationError,
    CredentialsError,
    NotFoundError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UsageError,
)
from stt_cli.core.http_message import HttpRequest, HttpResponse, retry_after_seconds
from stt_cli.core.identifiers import Identifiers
from stt_cli.protocols.azure_rest.errors import ids_of, parse_error

BING_PATH = "/synthesize"
AZURE_PATH = "/cognitiveservices/v1"
VOICES_PATH = "/cognitiveservices/voices/list"
SSML_TYPE = "application/ssml+xml"
LONGEST_USER_AGENT = 254
"""Characters: the service refuses 255 and more (2018 document)."""

APP_ID = "9c55f7ad1d0d4c0f9c1be6a3f4f9b6d2"
"""Names this program to Bing Speech, as X-Search-AppId; no secret."""

_QUOTA_WORDS = ("quota", "out of call volume", "exceeded")


def synthesis_request(
    url: str,
    document: str,
    audio_format: str,
    *,
    user_agent: str,
    session_id: str,
    client_id: str | None = None,
) -> HttpRequest:
    """Return the request that speaks one SSML document.

    Args:
        client_id: names the installation to the service of 2018; today's has no
            such header.
    """
    headers = [
        ("Content-Type", SSML_TYPE),
        ("X-Microsoft-OutputFormat", audio_format),
        ("User-Agent", user_agent[:LONGEST_USER_AGENT]),
        ("X-ConnectionId", session_id),
    ]
    if client_id is not None:
        headers += [("X-Search-AppId", APP_ID), ("X-Search-ClientID", client_id)]
    return HttpRequest("POST", url, tuple(headers), document.encode())


def synthesis_refusal(
    response: HttpResponse, title: str, *, credentials_hint: str, limit: str
) -> SttError:
    """Return the error for an answer that is no 2xx, in the service's own words.

    An empty body leaves the words to the HTTP reason phrase, where the service of
    2018 puts them (``XML parser error``).

    Args:
        limit: what may be too large, in words.
    """
    status = response.status
    parsed = parse_error(response.try_json())
    words = parsed.message or response.excerpt or response.reason.strip()
    said = f": {words}" if words else ""
    about = f"{parsed.codes or ''} {words}".lower()

    def made(kind: type[SttError], message: str, hint: str, again: bool) -> SttError:
        return kind(
            f"{message} (HTTP {status}){said}",
            hint=hint,
            ids=ids_of(response),
            provider_code=parsed.codes,
            http_status=status,
            retry_after=retry_after_seconds(response),
            transient=again,
        )

    if status in (401, 403):
        if any(word in about for word in _QUOTA_WORDS):
            hint = "the quota is used up; both keys of a resource share it"
            return made(QuotaError, f"the {title} quota is used up", hint, False)
        message = f"{title} rejected the credentials"
        return made(CredentialsError, message, credentials_hint, False)
    if status == 400:
        if "voice" in about:
            hint = "`stt voices` lists this service's voices"
            return made(NotFoundError, f"unknown {title} voice", hint, False)
        hint = "check the SSML, --voice, --audio-format and --language"
        return made(UsageError, f"{title} rejected the SSML", hint, False)
    if status == 404:
        hint = "check --endpoint and the region"
        return made(ConfigurationError, f"not found at {title}", hint, False)
    if status == 413:
        return made(UsageError, f"too long for {title}", f"the limit is {limit}", False)
    if status == 415:
        hint = "please report this bug"
        return made(
            ProviderError, f"{title} does not accept SSML at this endpoint", hint, False
        )
    if status == 429:
        hint = "wait, or send fewer requests at once"
        return made(RateLimitedError, f"rate-limited by {title}", hint, True)
    again = status in (408, 500, 502, 503, 504)
    hint = "try again later" if again else "check --endpoint"
    return made(ProviderError, f"{title} failed", hint, again)


def read_voices(response: HttpResponse) -> list[Voice]:
    """Return today's voices list. Raises ``ProviderError`` for something else."""
    rows = response.json()
    if not isinstance(rows, list):
        raise ProviderError(
            "the list of voices is not a JSON array", hint="check --endpoint"
        )
    found = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("ShortName"), str):
            continue
        details = {
            name: value
            for name, value in row.items()
            if name not in ("ShortName", "Locale", "DisplayName", "Gender")
        }
        found.append(
            Voice(
                id=row["ShortName"],
                language=str(row.get("Locale") or ""),
                name=str(row.get("DisplayName") or "") or None,
                gender=str(row.get("Gender") or "").lower() or None,
                details=details,
            )
        )
    return found


def answer_ids(response: HttpResponse) -> Identifiers:
    """Return the IDs that an answer gives."""
    return ids_of(response)
