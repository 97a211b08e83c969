"""``--fallback local``: where a service fails, the local engine hears the input.

Only what is no fault of the user's falls back: a service that cannot be reached,
breaks off, asks to slow down or has no quota left. A wrong key or option stays
an error, since silence about it would last until somebody reads the results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import (
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import label
from stt_cli.core.options import RecognizeOptions, TextForm
from stt_cli.providers.registry import provider_spec
from stt_cli.providers.spec import Capability

if TYPE_CHECKING:
    from stt_cli.core.transcript import Transcript
    from stt_cli.providers.base import Provider, ProviderContext
    from stt_cli.providers.spec import ProviderSpec
    from stt_cli.workflows.recognize import (
        Input,
        Recognition,
        RecognitionRequest,
        RunEvent,
    )

_STDIN = "-"


@dataclass(frozen=True, slots=True)
class Fallback:
    """What takes over, and how it is to recognize."""

    provider: Provider
    options: RecognizeOptions

    def recognize(
        self, failed: Recognition, index: int, one: Input, transcript: Transcript
    ) -> Iterator[RunEvent]:
        """Recognize an input whose transcript failed; say so, and mark the result."""
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
            f"{transcript.input}: {error.message}{named}; falling back to "
            f"{self.provider.spec.name}",
            hint=error.hint,
        )


def open_fallback(
    request: RecognitionRequest,
    spec: ProviderSpec,
    options: RecognizeOptions,
    context_of: Callable[[ProviderSpec], ProviderContext],
) -> Fallback | None:
    """Return what takes over where the service fails, if that was asked for.

    Args:
        context_of: returns what a provider works with.

    Raises:
        UsageError: it could not take over: the audio is there only once, the
            language is not the engine's, or one request stands for all inputs.
    """
    from stt_cli.workflows.recognize import with_jobs

    if request.fallback is None or spec.is_local:
        return None
    if request.microphone or _STDIN in request.inputs.arguments:
        raise UsageError(
            f"--fallback {request.fallback} cannot be used with input that can be "
            "read only once",
            hint="save the recording to a file first",
        )
    if options.translate_to:
        raise UsageError(
            f"--fallback {request.fallback} cannot translate (--translate-to)",
            hint="remove one of them",
        )
    if request.after_phrase is not None and request.after_phrase.command:
        raise UsageError(
            f"--fallback {request.fallback} cannot be used with --exec: a phrase may "
            "be recognized twice",
            hint="remove one of them",
        )
    if options.together:
        raise UsageError(
            f"--fallback {request.fallback} cannot be used with --together",
            hint="remove one of them",
        )
    if request.inputs.manifest is not None:
        raise UsageError(
            f"--fallback {request.fallback} cannot be used with --manifest",
            hint="remove one of them",
        )
    local = provider_spec(str(request.fallback))
    ours = _options_of(options, local)
    _check_language(ours.language, local)
    return Fallback(
        local.open(context_of(local)),
        with_jobs(ours, request.jobs, local=True),
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


def _options_of(options: RecognizeOptions, local: ProviderSpec) -> RecognizeOptions:
    """Return those options that mean something to the local engine."""
    return RecognizeOptions(
        language=options.language or local.default_language,
        detailed=options.detailed and local.can(Capability.DETAILED),
        words=options.words,
        text_form=TextForm.DISPLAY,
        wake=options.wake,
        timeout=options.timeout,
    )


def _check_language(language: str | None, local: ProviderSpec) -> None:
    """Refuse now what the engine would refuse when it is needed."""
    own = local.default_language
    if language is None or own is None or _primary(language) == _primary(own):
        return
    raise UsageError(
        f"cannot fall back to {local.name}: it only recognizes {own}, not {language}",
        hint="remove --fallback",
    )


def _primary(tag: str) -> str:
    return tag.replace("_", "-").casefold().partition("-")[0]
