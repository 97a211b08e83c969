"""``--fallback local``: where a service fails, the local engine hears the input.

Only what is no fault of the user's falls back: a service that cannot be reached,
breaks off, asks to slow down or has no quota left. A wrong key or option stays
an error, since silence about it would last until somebody reads the results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import (
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
)
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import label
from stt_cli.core.options import RecognizeOptions

if TYPE_CHECKING:
    from stt_cli.core.transcript import Transcript
    from stt_cli.providers.base import Provider
    from stt_cli.workflows.recognize import Input, Recognition, RunEvent


@dataclass(frozen=True, slots=True)
class Fallback:
    """What takes over, and how it is to recognise."""

    provider: Provider
    options: RecognizeOptions

    def recognize(
        self, failed: Recognition, index: int, one: Input, transcript: Transcript
    ) -> Iterator[RunEvent]:
        """Recognise an input whose transcript failed; say so, and mark the result."""
        from stt_cli.workflows.recognize import InputEvent

        if transcript.error is None:
            raise ValueError("this transcript did not fail")
        yield InputEvent(index, self._notice(transcript, transcript.error))
        instead = replace(
            failed,
            provider=self.provider,
            options=self.options,
            fallback=None,
            marks={"fallback": _what_failed(transcript, transcript.error)},
        )
        yield from instead.recognize(index, one)

    def _notice(self, transcript: Transcript, error: SttError) -> Notice:
        ids = ", ".join(f"{label(name)} {value}" for name, value in error.ids.items())
        named = f" ({ids})" if ids else ""
        return Notice(
            f"{transcript.input}: {error.message}{named}; "
            f"{self.provider.spec.name} recognises it instead",
            hint=error.hint,
        )


def falls_back(error: SttError | None) -> bool:
    """Whether a failure is one of transport or quota, which another engine mends."""
    if isinstance(error, ProviderError):
        return error.transient
    return isinstance(error, UnreachableError | QuotaError | RateLimitedError)


def _what_failed(transcript: Transcript, error: SttError) -> dict[str, Any]:
    return {
        "provider": transcript.provider,
        "transport": transcript.transport,
        "ids": transcript.ids.to_dict(),
        "error": error.to_dict(),
    }
