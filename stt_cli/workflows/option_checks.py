"""What a user asked for, completed by the settings and checked before any audio."""

from __future__ import annotations

from dataclasses import replace

from stt_cli.core.errors import UsageError
from stt_cli.core.language_tags import with_languages
from stt_cli.core.options import RecognizeOptions, TextForm, Transport
from stt_cli.providers.registry import require_capability
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.settings import Settings


def settled_language(
    options: RecognizeOptions, spec: ProviderSpec, settings: Settings
) -> RecognizeOptions:
    """Return the options with what the settings or the provider say of the language.

    Raises:
        UsageError: the setting names ``auto`` among others.
    """
    if options.language is not None:
        return options
    setting = settings.value("language")
    if setting is not None:
        return with_languages(options, [setting.value])
    return replace(options, language=spec.language_for(options.model))


def check_options(spec: ProviderSpec, options: RecognizeOptions) -> None:
    """Raise ``UsageError`` for the first wish that the provider cannot fulfill."""
    spec.require(Capability.RECOGNIZE, "recognition")
    for capability, wished, wish in (
        (Capability.SPEAKERS, options.speakers, "speaker labels (--speakers)"),
        (
            Capability.MAX_SPEAKERS,
            options.max_speakers is not None,
            "a number of speakers (--max-speakers)",
        ),
        (
            Capability.CANDIDATES,
            bool(options.candidates),
            "several languages (-l repeated)",
        ),
        (
            Capability.DETECTS_LANGUAGE,
            options.detects_language and not options.candidates,
            "language detection (-l auto)",
        ),
        (Capability.DETAILED, options.detailed, "n-best results (--detailed)"),
        (Capability.INTERIM, options.interim is True, "partials (--interim)"),
        (Capability.PHRASES, bool(options.phrases), "phrase hints (--phrase)"),
        (Capability.PROFANITY, options.profanity is not None, "--profanity"),
        (Capability.MODES, options.mode is not None, "recognition modes (--mode)"),
        (Capability.MODEL_CHOICE, options.model is not None, "--model"),
        (
            Capability.TRANSLATES,
            bool(options.translate_to),
            "translations (--translate-to)",
        ),
        (Capability.PARAMS, bool(options.params), "parameters (--param)"),
        (
            Capability.TOGETHER,
            options.together,
            ("several inputs in one request (--together)"),
        ),
        (
            Capability.TURNS,
            options.turns is not None,
            "a number of turns (--turns)",
        ),
        (Capability.WAKE, options.wake is not None, "a wake phrase (--wake)"),
        (
            Capability.CLIENT_SESSION_ID,
            options.session_id is not None,
            "custom session IDs (--session-id)",
        ),
        (
            Capability.TEXT_FORMS,
            options.text_form in (TextForm.ITN, TextForm.MASKED_ITN),
            f"the {options.text_form} form (--text-form)",
        ),
    ):
        if wished:
            require_capability(spec, capability, wish)
    _check_transport(spec, options.transport)
    _check_mode(spec, options)


def check_cluster(spec: ProviderSpec, cluster: str | None) -> None:
    """Raise ``UsageError`` where ``--dask`` names a cluster that nobody would use."""
    if cluster is not None and not spec.can(Capability.CLUSTER):
        raise UsageError(
            f"{spec.name} does not support Dask clusters (--dask)",
            hint="remove --dask, or use -p local",
        )


def _check_transport(spec: ProviderSpec, transport: Transport) -> None:
    if transport is Transport.AUTO or str(transport) in spec.transports:
        return
    match spec.transports:
        case ():
            message = f"{spec.name} has no choice of transport"
        case (only,):
            message = f"{spec.name} always uses {only}"
        case several:
            raise UsageError(
                f"{spec.name} has no {transport} transport",
                hint=f"choose from {', '.join(several)}",
            )
    raise UsageError(message, hint="remove --transport")


def _check_mode(spec: ProviderSpec, options: RecognizeOptions) -> None:
    if options.mode is not None and spec.modes and str(options.mode) not in spec.modes:
        raise UsageError(
            f"{spec.name} has no {options.mode} mode",
            hint=f"choose from {', '.join(spec.modes)}",
        )
