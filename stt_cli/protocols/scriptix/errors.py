"""What Scriptix' errors mean: by the HTTP status first, then ``error_code``.

``error`` is a word, an object or a sentence, and stands in failed sessions too:
that it is there says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

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
from stt_cli.protocols.json_fields import Fields, mapping, text

_SUPPORT = "contact Scriptix support with the session ID"
# What to do about a failed session, as the page on session status says: in this
# order, compared without case.
_REMEDIES = (
    ("format", "convert the recording to MP3 or WAV, and check that it plays"),
    ("too short", "the recording must be at least 1 second long"),
    (
        "language detection",
        "set the language with -l, or use a better recording",
    ),
    ("processing timeout", _SUPPORT),
)
_THREE_CAUSES = (
    "the ID may be wrong, or the session deleted or owned by a different "
    "organization or token"
)
_BATCH_TOKEN = "check SCRIPTIX_TOKEN; batch requests need a token of type Batch"
_MEANINGS: dict[int, tuple[type[SttError], str | None, bool]] = {
    400: (UsageError, None, False),
    401: (CredentialsError, _BATCH_TOKEN, False),
    402: (QuotaError, "the account has no subscription that covers this", False),
    403: (CredentialsError, _BATCH_TOKEN, False),
    404: (NotFoundError, _THREE_CAUSES, False),
    408: (ProviderError, None, True),
    409: (ProviderError, "`stt status ID` shows the state of the session", False),
    413: (AudioError, "the recording is too large; split it", False),
    415: (AudioError, "convert the recording to MP3 or WAV", False),
    422: (UsageError, None, False),
    429: (RateLimitedError, "a token allows 60 requests per minute", True),
}


def error_of(
    response: HttpResponse, *, session_id: str | None = None, now: float | None = None
) -> SttError:
    """Return the error that an answer is."""
    body = response.try_json()
    fields: Fields = body if isinstance(body, dict) else {}
    kind, hint, transient = _MEANINGS.get(
        response.status,
        (
            ProviderError,
            "contact Scriptix support with the session ID",
            response.status >= 500,
        ),
    )
    message = message_of(fields) or response.excerpt or response.reason or "no reason"
    return kind(
        f"Scriptix: {message.rstrip('. ')}",
        hint=hint,
        ids=Identifiers.of(
            session_id=session_id, request_id=response.header("x-request-id")
        ),
        provider_code=code_of(fields),
        http_status=response.status,
        retry_after=retry_after_seconds(response, now),
        transient=transient,
    )


def message_of(fields: Fields) -> str | None:
    """Return an error's words: ``message``, else those inside or of ``error``."""
    inner = fields.get("error")
    if isinstance(inner, Mapping):
        message = text(inner, "message")
        details = mapping(inner, "details")
        where, what = text(details, "field"), text(details, "issue")
        if where or what:
            extra = ": ".join(part for part in (where, what) if part)
            return f"{message} ({extra})" if message else extra
        return text(fields, "message") or message
    own = text(fields, "message") or text(fields, "error_message")
    return own or text(fields, "error") or text(fields, "err")


def code_of(fields: Fields) -> str | None:
    """Return the service's own code for an error, where it has one."""
    inner = fields.get("error")
    if isinstance(inner, Mapping):
        return text(inner, "code")
    coded = text(fields, "error_code")
    word = inner if isinstance(inner, str) and "_" in inner else None
    return coded or word


def remedy(message: str | None) -> str:
    """Return the advice for the ``error`` text of a failed session."""
    lowered = (message or "").lower()
    return next((advice for word, advice in _REMEDIES if word in lowered), _SUPPORT)


def failed_session(message: str | None, session_id: str) -> JobFailedError:
    """Return the error of a session that failed."""
    reason = (message or "no reason given").rstrip(". ")
    return JobFailedError(
        f"the session failed: {reason}",
        hint=remedy(message),
        ids=Identifiers.of(session_id=session_id),
    )
