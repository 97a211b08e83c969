"""What Soniox's errors mean: decided by ``error_type`` and the HTTP status.

The body's own ``status_code`` is never believed: the reference has carried 400
in the bodies of 404 and 409 answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    JobFailedError,
    NotFoundError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UsageError,
)
from stt_cli.core.http_message import HttpResponse, retry_after_seconds
from stt_cli.core.identifiers import Identifiers
from stt_cli.protocols.json_fields import Fields, integer, objects, text

SUPPORT_ADDRESS = "support@soniox.com"

_NOT_FOUND = frozenset({"transcription_not_found", "file_not_found"})
_BALANCE = frozenset(
    {
        "organization_balance_exhausted",
        "organization_monthly_budget_exhausted",
        "project_monthly_budget_exhausted",
    }
)
_KEY_HINT = (
    "check SONIOX_API_KEY; a key only works in its own region (us, eu, jp, in): "
    "for Europe, run `stt config set soniox.region eu`"
)
_CAP_HINT = (
    "delete old jobs with `stt batch delete ID`; `stt batch list -p soniox --all` "
    "lists them"
)
# One error type stands for limits that pass and caps that do not, and only its
# words tell them apart; both kinds of words are those of the page on limits.
_CAP = re.compile(
    r"(?i)\b(storage|stored|disk|GB|total|number of (files|transcriptions)"
    r"|(file|transcription)s? (count|limit)|too many (files|transcriptions)"
    r"|maximum number|uploaded files)\b"
)
_PASSING = re.compile(
    r"(?i)\b(rate|requests?|per (second|minute)|concurren\w*|pending|slow down"
    r"|streams?)\b"
)
_ABOUT_AUDIO = re.compile(
    r"(?i)\b(decod\w+|no audio|audio (data|format|file|channels)|too much audio"
    r"|sample rate)\b"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One error as Soniox tells it, whichever shape it came in."""

    status: int | None
    error_type: str | None
    message: str
    request_id: str | None = None
    details: tuple[tuple[str, str], ...] = ()  # location and message
    retry_after: float | None = None

    @property
    def described(self) -> str:
        """The message and what is wrong where, as one sentence."""
        named = [f"{where}: {what}" for where, what in self.details]
        return ": ".join([self.message.rstrip(". "), "; ".join(named)]).rstrip(": .")


def read_failure(response: HttpResponse, now: float | None = None) -> Failure:
    """Read a REST error; both envelopes and a proxy's own page are understood."""
    body = response.try_json()
    fields: Fields = body if isinstance(body, dict) else {}
    message = text(fields, "message") or text(fields, "error_message")
    details = tuple(
        (text(item, "location") or "request", text(item, "message") or "is wrong")
        for item in objects(fields, "validation_errors")
    )
    return Failure(
        status=response.status,
        error_type=text(fields, "error_type"),
        message=message or response.excerpt or response.reason or "no reason given",
        request_id=text(fields, "request_id") or response.header("x-request-id"),
        details=details,
        retry_after=retry_after_seconds(response, now),
    )


def failure_of_frame(fields: Fields) -> Failure | None:
    """Read an error frame of the sockets and of speech synthesis.

    The older shape has only code and message. A null code is no error.
    """
    code, message = integer(fields, "error_code"), text(fields, "error_message")
    if code is None and message is None:
        return None
    return Failure(
        status=code,
        error_type=text(fields, "error_type"),
        message=message or "no reason given",
        request_id=text(fields, "request_id"),
    )


def error_of(failure: Failure, doing: str = "") -> SttError:
    """Return the error that a failure is.

    Args:
        doing: what was asked for, put before the message.
    """
    message = (
        f"{doing}: {failure.described}" if doing else f"Soniox: {failure.described}"
    )
    kind, hint, transient = _meaning(failure)
    return kind(
        message,
        hint=hint,
        ids=Identifiers.of(request_id=failure.request_id),
        provider_code=failure.error_type,
        http_status=failure.status,
        retry_after=failure.retry_after,
        transient=transient,
    )


def lacks_model(error: SttError) -> bool:
    """Whether the service has no such model, or none for this kind of work."""
    return isinstance(error, NotFoundError) and error.http_status == 400


def job_error(error_type: str | None, message: str | None) -> JobFailedError:
    """Return the error of a transcription whose status is ``error``."""
    hint = "send the transcription ID to " + SUPPORT_ADDRESS
    if error_type == "invalid_audio_file":
        hint = "convert it to WAV, FLAC or MP3, and check that it plays"
    elif error_type == "transcription_output_too_long":
        hint = "split the recording and submit its parts"
    elif (error_type or "").startswith("file_download"):
        hint = "the URL must return the audio without a login"
    elif error_type in _BALANCE:
        hint = "add funds or raise the budget in the Soniox Console"
    reason = (message or "no reason given").rstrip(". ")
    return JobFailedError(
        f"the transcription failed: {reason}", hint=hint, provider_code=error_type
    )


def _meaning(failure: Failure) -> tuple[type[SttError], str | None, bool]:
    """Return the class, the hint, and whether to try again."""
    name, status = failure.error_type or "", failure.status or 0
    if name in _NOT_FOUND or status == 404:
        hint = "it was deleted, or belongs to a different project"
        return NotFoundError, hint, False
    if name == "unauthenticated" or status == 401:
        return CredentialsError, _KEY_HINT, False
    if name in _BALANCE or status == 402:
        return QuotaError, "add funds or raise the budget in the Soniox Console", False
    if name in ("permission_denied", "temp_api_key_session_expired") or status == 403:
        return (
            CredentialsError,
            "the key lacks this permission, or has expired",
            False,
        )
    if name == "transcription_invalid_state" or status == 409:
        hint = "`stt status ID` shows its state; `stt poll ID` waits for it"
        return ProviderError, hint, False
    if name == "max_duration_reached" or status == 413:
        return AudioError, "the limit is 300 minutes; split the recording", False
    if (
        name in ("limit_exceeded", "max_concurrent_connections_reached")
        or status == 429
    ):
        return _limit(failure)
    if name == "request_timeout" or status == 408:
        return ProviderError, "audio must arrive about as fast as it is spoken", True
    if status >= 500 or name in ("internal_error", "service_unavailable"):
        hint = f"send the request ID to {SUPPORT_ADDRESS}"
        return ProviderError, hint, True
    if name == "model_not_available" or _names_the_model(failure):
        return NotFoundError, "`stt models -p soniox` lists them", False
    if name == "invalid_cursor":
        return ProviderError, "list them again from the start", False
    if status == 400 or name == "invalid_request":
        about_audio = _ABOUT_AUDIO.search(failure.described) or any(
            where.startswith("file") for where, _what in failure.details
        )
        return (AudioError if about_audio else UsageError), None, False
    return ProviderError, None, False


def _limit(failure: Failure) -> tuple[type[SttError], str, bool]:
    described = failure.described
    passes = failure.retry_after is not None or _PASSING.search(described)
    if _CAP.search(described) and not passes:
        return QuotaError, _CAP_HINT, False
    return RateLimitedError, "wait a moment, or send fewer at once (-j)", True


def _names_the_model(failure: Failure) -> bool:
    return any(where.endswith(".model") for where, _what in failure.details)
