"""What the services' HTTP refusals mean, with what to do and the IDs of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    NotFoundError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UsageError,
)
from stt_cli.core.http_message import HttpResponse, retry_after_seconds, text_excerpt
from stt_cli.core.identifiers import Identifiers

_ID_HEADERS = {
    "apim-request-id": "apim_request_id",
    "x-requestid": "request_id",
    "x-ms-request-id": "ms_request_id",
    "x-connectionid": "session_id",
}
_QUOTA_WORDS = ("quota", "out of call volume", "quotaviolation")
_AUDIO_WORDS = ("audio", "recording", "codec", "wav", "riff")
_DEEPEST = 8  # inner errors; the services nest two or three


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An error body: the outer code, the innermost one, and the plainest words."""

    code: str | None = None
    inner_code: str | None = None
    message: str | None = None
    target: str | None = None

    @property
    def codes(self) -> str | None:
        """Both codes as one word, ``InvalidRequest/InvalidLocale``."""
        known = dict.fromkeys(code for code in (self.code, self.inner_code) if code)
        return "/".join(known) or None


def ids_of(response: HttpResponse) -> Identifiers:
    """Return the IDs that an answer's headers give: support asks for them."""
    found = {
        _ID_HEADERS[name.lower()]: value
        for name, value in response.headers
        if name.lower() in _ID_HEADERS
    }
    return Identifiers.from_mapping(dict(found))


def parse_error(body: Any) -> ServiceError:
    """Read either error envelope: the gateway's, or the API's with inner errors."""
    error = body if isinstance(body, dict) else {}
    if isinstance(error.get("error"), dict):
        error = error["error"]  # the gateway wraps it
    inner: dict[str, Any] = error
    for _ in range(_DEEPEST):
        deeper = inner.get("innerError") or inner.get("innererror")
        if not isinstance(deeper, dict):
            break
        inner = deeper
    messages = (inner.get("message"), error.get("message"), error.get("Message"))
    message = next((text for text in messages if isinstance(text, str) and text), None)
    return ServiceError(
        code=_text(error.get("code")),
        inner_code=_text(inner.get("code")),
        message=text_excerpt(message) if message else None,
        target=_text(inner.get("target")),
    )


def refusal(
    response: HttpResponse,
    title: str,
    *,
    credentials_hint: str,
    short_audio: bool = False,
    not_found: str | None = None,
) -> SttError:
    """Return the error for an answer that is no 2xx.

    Args:
        title: what the service is called in messages.
        credentials_hint: what to check when the credentials are refused.
        short_audio: whether the request carried the audio itself.
        not_found: what to do about HTTP 404 where no job can be meant.
    """
    parsed = parse_error(response.try_json())
    words = parsed.message or response.excerpt
    said = f": {words}" if words else ""
    status = response.status
    where = f" (HTTP {status})"

    def made(kind: type[SttError], message: str, hint: str, again: bool) -> SttError:
        return kind(
            f"{message}{where}{said}",
            hint=hint,
            ids=ids_of(response),
            provider_code=parsed.codes,
            http_status=status,
            retry_after=retry_after_seconds(response),
            transient=again,
        )

    about = f"{parsed.codes or ''} {words}".lower()
    if status in (401, 403):
        if any(word in about for word in _QUOTA_WORDS):
            hint = "the quota is used up; both keys of a resource share it"
            return made(QuotaError, f"the {title} quota is used up", hint, False)
        message = f"{title} rejected the credentials"
        return made(CredentialsError, message, credentials_hint, False)
    if status == 400 and short_audio:
        hint = (
            "the language may not be supported in this mode, or the audio may "
            "be invalid: check -l and --mode, and use speech in 16 kHz mono PCM"
        )
        kind = AudioError if any(word in about for word in _AUDIO_WORDS) else UsageError
        return made(kind, f"{title} rejected the audio or the language", hint, False)
    if status == 408:
        hint = "the recording may be empty, or the connection too slow"
        return made(AudioError, f"{title} timed out waiting for audio", hint, True)
    if status in (413, 415):
        hint = "convert the recording to 16 kHz mono WAV, within the size limits"
        return made(AudioError, f"{title} does not accept this audio", hint, False)
    if status in (400, 405, 409, 422):
        target = f" The field is {parsed.target}." if parsed.target else ""
        hint = f"check the options and --param.{target}"
        return made(UsageError, f"{title} rejected the request", hint, False)
    if status == 404:
        if short_audio:
            hint = "check --endpoint, the region and --mode"
            return made(ConfigurationError, f"not found at {title}", hint, False)
        gone = (
            "the ID or region may be wrong, or the resource deleted; `stt batch "
            "list` lists jobs"
        )
        hint = not_found or gone
        return made(NotFoundError, f"not found at {title}", hint, False)
    if status == 429:
        hint = "wait, or send fewer requests at once (-j)"
        return made(RateLimitedError, f"rate-limited by {title}", hint, True)
    hint = "try again later" if status >= 500 else "check --endpoint"
    return made(ProviderError, f"{title} failed", hint, status >= 500)


def _text(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
