"""What the service's refusals and broken connections mean, with what to do.

Sources: the 2018 document's tables of HTTP statuses and close codes, and close
codes of today's service as its users report them.
"""

from __future__ import annotations

from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.http_message import retry_after_seconds
from stt_cli.net.websocket import ConnectionBroken
from stt_cli.net.websocket_handshake import HandshakeRejected

_TRANSIENT_STATUSES = (408, 500, 502, 503, 504)
_TRANSIENT_CLOSES = (None, 1000, 1001, 1005, 1006, 1011, 1012, 1013)
_AUDIO_WORDS = ("audio", "riff", "codec", "wav", "sample")


def rejected(refusal: HandshakeRejected, title: str, credentials_hint: str) -> SttError:
    """Return the error for an upgrade that was answered with another status."""
    status = refusal.status
    response = refusal.response
    words = response.excerpt
    said = f": {words}" if words else ""
    if status in (401, 403):
        return CredentialsError(
            f"{title} rejected the credentials (HTTP {status}){said}",
            hint=credentials_hint,
            http_status=status,
        )
    if status == 400:
        return UsageError(
            f"{title} rejected the request (HTTP 400){said}",
            hint="check --language, --mode, --param and the session ID",
            http_status=status,
        )
    if status == 404:
        return ConfigurationError(
            f"not found at {title} (HTTP 404){said}",
            hint="check --endpoint, the region and --model",
            http_status=status,
        )
    if status == 429:
        return RateLimitedError(
            f"rate-limited by {title} (HTTP 429){said}",
            hint="wait, or send fewer recordings at once (-j)",
            http_status=status,
            retry_after=retry_after_seconds(response),
            transient=True,
        )
    return ProviderError(
        f"{title} returned HTTP {status} to the WebSocket handshake{said}",
        hint="try again later" if status >= 500 else "check --endpoint",
        http_status=status,
        retry_after=retry_after_seconds(response),
        transient=status in _TRANSIENT_STATUSES,
    )


def broken(end: ConnectionBroken, title: str, trail: str = "") -> SttError:
    """Return the error for a connection that ended in the middle of a turn.

    Args:
        trail: the last messages before it, as ``ClientTurn`` keeps them.
    """
    code, reason = end.code, end.reason
    said = f": {reason}" if reason else ""
    after = f" (after {trail})" if trail else ""
    close = f"code {code}{said}" if code is not None else f"no reason given{said}"
    message = f"{title} closed the connection with {close}{after}"
    provider_code = None if code is None else str(code)
    if code == 1007 and "quota" in reason.lower():
        return QuotaError(
            message,
            hint="the quota is used up; both keys of a resource share it",
            provider_code=provider_code,
        )
    if code == 1007 and any(word in reason.lower() for word in _AUDIO_WORDS):
        return AudioError(
            message,
            hint="the service could not read the audio; convert it to WAV PCM",
            provider_code=provider_code,
        )
    if code in (1013, 4429):
        return RateLimitedError(
            message,
            hint="wait, or send fewer recordings at once (-j)",
            provider_code=provider_code,
            transient=True,
        )
    if code in (1002, 1003, 1007):
        return ProviderError(
            message,
            hint="the service rejected the request; check --language, --mode and "
            "--param",
            provider_code=provider_code,
        )
    return UnreachableError(
        message,
        hint="try again; the network or the service failed",
        provider_code=provider_code,
        transient=code in _TRANSIENT_CLOSES,
    )


def against_protocol(what: str, title: str, trail: str) -> SttError:
    """Return the error for an answer that makes no sense."""
    after = f" (after {trail})" if trail else ""
    return ProviderError(
        f"unexpected message from {title}: {what}{after}",
        hint="check that --endpoint is a speech service",
        transient=True,
    )


def silent(seconds: float, title: str, trail: str) -> SttError:
    """Return the error for a service that stopped answering."""
    after = f" after {trail}" if trail else ""
    return UnreachableError(
        f"no response from {title} for {seconds:.0f} s{after}",
        hint="try again; `stt doctor` checks the connection to the service",
    )


def phrase_failed(status: str, title: str) -> SttError:
    """Return the error for a phrase with a RecognitionStatus of failure."""
    known = status.lower()
    if known == "forbidden":
        return QuotaError(
            f"the {title} quota is used up",
            hint="the free quota is used up",
            provider_code=status,
        )
    if known == "toomanyrequests":
        return RateLimitedError(
            f"rate-limited by {title}",
            hint="wait, or send fewer recordings at once (-j)",
            provider_code=status,
            transient=True,
        )
    if known == "badrequest":
        return UsageError(
            f"{title} rejected the request's parameters",
            hint="check --language, --mode and --param",
            provider_code=status,
        )
    return ProviderError(
        f"{title} failed to recognize ({status})",
        hint="try again; if it keeps failing, send the session ID to support",
        provider_code=status,
        transient=known == "error",
    )
