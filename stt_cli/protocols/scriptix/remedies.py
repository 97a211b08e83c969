"""What to do about a failed session, as the page on session status says."""

from __future__ import annotations

from stt_cli.core.errors import JobFailedError
from stt_cli.core.identifiers import Identifiers

_SUPPORT = "contact Scriptix support with the session ID"
# In this order, compared without case.
_REMEDIES = (
    ("format", "convert the recording to MP3 or WAV, and check that it plays"),
    ("too short", "the recording must be 1 second long at least"),
    (
        "language detection",
        "the sound is too poor to tell the language: name it with -l, "
        "or use a better recording",
    ),
    ("processing timeout", _SUPPORT),
)


def remedy(message: str | None) -> str:
    """Return the advice for the ``error`` text of a failed session."""
    lowered = (message or "").lower()
    return next((advice for word, advice in _REMEDIES if word in lowered), _SUPPORT)


def failed_session(message: str | None, session_id: str) -> JobFailedError:
    """Return the error of a session that failed."""
    told = (message or "no reason given").rstrip(". ")
    return JobFailedError(
        f"the session failed: {told}",
        hint=remedy(message),
        ids=Identifiers.of(session_id=session_id),
    )
