"""What Watson's failures mean: its own envelope, the gateway's, and two eras.

The service answers ``{"error", "code", "code_description"}``, session methods
add ``session_closed``; the gateway answers ``{"code", "error", "trace"}`` or,
in 2018, a ``description`` with a ``Tran-Id``. After minutes of work the status
line is 200 long before the outcome is known, so a 200 may carry an ``error``.
"""

from __future__ import annotations

import re

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    NotFoundError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UsageError,
)
from stt_cli.core.http_message import Headers, HttpResponse, retry_after_seconds
from stt_cli.core.identifiers import Identifiers
from stt_cli.protocols.json_fields import Fields, flag, integer, text

_TRAN_ID = re.compile(r"Tran-Id:\s*([\w-]+)")
_ABOUT_AUDIO = re.compile(
    r"(?i)transcode|needs to be at least|content.?type|data stream|audio|sampl"
)
_INACTIVE = re.compile(r"(?i)no speech detected|inactivity")
_TIMED_OUT = re.compile(r"(?i)session timed out|no data received")
_TOO_LONG = re.compile(r"(?i)payload exceeds|exceeds the .* limit")

_KEY_HINT = (
    "check SPEECH_TO_TEXT_APIKEY, and that SPEECH_TO_TEXT_URL is the URL of the "
    "same instance"
)


def ids_of_headers(headers: Headers) -> Identifiers:
    """Return the support IDs that an answer's headers carry."""
    known = {name.lower(): value for name, value in reversed(headers)}
    transaction = known.get("x-global-transaction-id")
    watson = _first_of_doubled(known.get("x-dp-watson-tran-id"))
    return Identifiers.of(
        request_id=_first_of_doubled(known.get("x-request-id")),
        transaction_id=transaction,
        # Two names for one value would be one more thing to paste.
        watson_transaction_id=None if watson == transaction else watson,
    )


def ids_of(response: HttpResponse) -> Identifiers:
    """Return every support ID of an answer, those in its body included.

    The gateway's ``trace`` keeps its own name: it is not the transaction ID
    that IBM's support looks up first.
    """
    fields = _fields(response)
    inside = _TRAN_ID.search(text(fields, "description") or "")
    return ids_of_headers(response.headers).merged(
        Identifiers.of(
            trace_id=text(fields, "trace"), gateway_id=inside[1] if inside else None
        )
    )


def error_of(response: HttpResponse, now: float | None = None) -> SttError | None:
    """Return the failure that an answer is, or ``None``; a 200 may be one."""
    fields = _fields(response)
    message = text(fields, "error")
    if response.is_success and message is None:
        return None
    status = integer(fields, "code") or response.status
    status = response.status if response.status >= 400 else status
    words = message or response.excerpt or response.reason or "no reason given"
    return failure(
        words,
        status,
        ids=ids_of(response),
        session_closed=flag(fields, "session_closed"),
        retry_after=retry_after_seconds(response, now),
        provider_code=text(fields, "code_description"),
    )


def failure(
    words: str,
    status: int | None = None,
    *,
    ids: Identifiers | None = None,
    session_closed: bool = False,
    retry_after: float | None = None,
    provider_code: str | None = None,
) -> SttError:
    """Return the error that the service's words and status mean.

    A WebSocket gives words alone; ``status`` is then ``None``.
    """
    kind, hint, transient = _meaning(words, status)
    return kind(
        f"Watson: {words.strip().rstrip('.')}",
        hint=hint,
        ids=ids,
        provider_code="session closed" if session_closed else provider_code,
        http_status=status,
        retry_after=retry_after,
        transient=transient and not session_closed,
    )


def lost_session(
    response: HttpResponse, session_id: str, cookie: str | None
) -> SttError | None:
    """Return what is wrong between a session and its cookie, else ``None``.

    The cookie ``SESSIONID`` begins with the session's own ID, so the two can be
    compared for the user (IBM's HTTP interface, 2018, "Cookies").
    """
    words = text(_fields(response), "error") or ""
    if response.status == 400 and "Cookie must be set" in words:
        reason = "the session cookie did not reach Watson"
        hint = "something between stt and the service drops the Cookie header"
    elif response.status == 404 and "Session does not exist" in words:
        if cookie is not None and not cookie.startswith(session_id):
            reason = "the session cookie belongs to a different session than the ID"
            hint = "a response for another session was received; start again"
        else:
            reason = "the session has expired"
            hint = "a session ends after 30 s without audio or results; start again"
    else:
        return None
    return NotFoundError(
        f"{reason}: {words.rstrip('.')}",
        hint=hint,
        ids=Identifiers.of(session_id=session_id).merged(ids_of(response)),
        provider_code=words,
        http_status=response.status,
    )


def _meaning(words: str, status: int | None) -> tuple[type[SttError], str | None, bool]:
    """Return the class, the hint, and whether to try again."""
    if _TIMED_OUT.search(words) or status == 408:
        hint = (
            "session timeout: no data for 30 s; audio must arrive about as fast as "
            "it is spoken"
        )
        return ProviderError, hint, True
    if _INACTIVE.search(words):
        hint = (
            "inactivity timeout: no speech in the audio; to disable it, use "
            "--param inactivity_timeout=-1 (IBM charges for silence)"
        )
        return AudioError, hint, False
    if _TOO_LONG.search(words) or status == 413:
        return AudioError, "the limit is 100 MB; use `stt batch submit`", False
    if status == 401 or status == 403:
        return CredentialsError, _KEY_HINT, False
    if status == 402:
        return QuotaError, "the plan is used up; check the IBM Cloud console", False
    if status == 404:
        listed = "batch list" if "job" in words.lower() else "models"
        hint = f"`stt {listed} -p watson` lists what exists"
        return NotFoundError, hint, False
    if status in (406, 415):
        return AudioError, "Watson does not support this format", False
    if status == 429:
        return RateLimitedError, "wait a moment, or send fewer at once (-j)", True
    if status == 503:
        return ProviderError, "the service or the session is busy", True
    if status is not None and status >= 500:
        return ProviderError, "send the transaction ID to IBM support", True
    if _ABOUT_AUDIO.search(words):
        return AudioError, "check that the recording plays, and its format", False
    if status == 400:
        return UsageError, None, False
    return ProviderError, None, False


def _fields(response: HttpResponse) -> Fields:
    body = response.try_json()  # leading blanks, sent while it works, do no harm
    return body if isinstance(body, dict) else {}


def _first_of_doubled(value: str | None) -> str | None:
    """The gateway has sent the same ID twice, with a comma between."""
    return value.partition(",")[0].strip() if value else None
