"""What ``--fallback local`` needs before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.options import RecognizeOptions, TextForm
from stt_cli.providers.base import Capability
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.fallback import Fallback
from stt_cli.workflows.recognize import with_jobs

if TYPE_CHECKING:
    from stt_cli.commands.recognition_request import Request
    from stt_cli.commands.run import Run
    from stt_cli.providers.base import ProviderSpec

_STDIN = "-"


def open_fallback(
    request: Request, spec: ProviderSpec, options: RecognizeOptions, run: Run
) -> Fallback | None:
    """Return what takes over where the service fails, if that was asked for.

    Raises:
        UsageError: it could not take over: the audio is there only once, the
            language is not the engine's, or one request stands for all inputs.
    """
    if request.fallback is None or spec.is_local:
        return None
    if request.microphone or _STDIN in request.arguments:
        raise UsageError(
            f"--fallback {request.fallback} needs recordings that can be read again",
            hint="record into a file first, and name that",
        )
    if options.together:
        raise UsageError(
            f"--fallback {request.fallback} takes inputs one by one, not --together",
            hint="leave out one of the two",
        )
    local = provider_spec(str(request.fallback))
    wishes = _wishes(options, local)
    _check_language(wishes.language, local)
    return Fallback(
        local.open(run.context(local, None, False)),
        with_jobs(wishes, request.jobs, local=True),
    )


def _wishes(options: RecognizeOptions, local: ProviderSpec) -> RecognizeOptions:
    """Return what the local engine can do of the wishes; the rest is the service's."""
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
        f"{local.name} recognises {own} only, not {language}: it cannot take over",
        hint="leave out --fallback",
    )


def _primary(tag: str) -> str:
    return tag.replace("_", "-").casefold().partition("-")[0]
