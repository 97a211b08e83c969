"""Which languages a recording is in: as named, as set, or as the provider has it."""

from __future__ import annotations

from dataclasses import replace

from stt_cli.core.language_tags import with_languages
from stt_cli.core.options import RecognizeOptions
from stt_cli.providers.spec import ProviderSpec
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
