"""What may stand behind an option or an argument, for shell completion.

Each is given to Typer as ``autocompletion``. Only ``docs/generate.py`` asks: the
completion scripts hold the values, so that completing starts no Python.
"""

from __future__ import annotations

from collections.abc import Callable

Values = Callable[[], list[str]]


def of(*names: str) -> Values:
    """Return a source of values that are known beforehand."""
    return lambda: list(names)


def providers() -> list[str]:
    """Return the providers that come with stt."""
    from stt_cli.providers.registry import our_names

    return list(our_names())


def formats() -> list[str]:
    """Return the names that ``-f`` takes."""
    from stt_cli.formats.registry import SUFFIXES

    return [*SUFFIXES, "all"]


def languages() -> list[str]:
    """Return common language tags; services know more."""
    from stt_cli.providers.azure.languages import bing_languages

    return [language.tag for language in bing_languages()]


def recognized_languages() -> list[str]:
    """Return common language tags, and what detects the language."""
    return ["auto", *languages()]


def translation_languages() -> list[str]:
    """Return common languages to translate into; they need no region."""
    return list(dict.fromkeys(tag.partition("-")[0] for tag in languages()))


def caption_languages() -> list[str]:
    """Return what captions may be written in."""
    return ["original", *translation_languages()]


def local_models() -> list[str]:
    """Return the Whisper models that can be downloaded."""
    from stt_cli.providers.local.models import known_model_names

    return known_model_names()


def local_voices() -> list[str]:
    """Return the neural voices that can be downloaded."""
    from stt_cli.providers.local.voices import known_voice_names

    return known_voice_names()


def recognition_models() -> list[str]:
    """Return the models of this machine; services have their own."""
    return [*local_models(), "pocketsphinx"]


def settings() -> list[str]:
    """Return the names of all settings."""
    from stt_cli.workflows.configuration import all_names

    return [str(name) for name in all_names()]


def secrets() -> list[str]:
    """Return the settings of providers that are secrets, each name once."""
    from stt_cli.workflows.configuration import all_names

    return list(
        dict.fromkeys(
            name.setting for name in all_names() if name.secret and name.provider
        )
    )


def job_states() -> list[str]:
    """Return the states of jobs."""
    from stt_cli.core.job import JobState

    return [str(state) for state in JobState]


def id_kinds() -> list[str]:
    """Return the kinds of IDs that ``session-id`` finds."""
    from stt_cli.ids.finding import KINDS

    return [*KINDS, "all"]


def schemas() -> list[str]:
    """Return the names of the JSON Schemas."""
    from stt_cli.formats.schemas import schema_names

    return list(schema_names())


def audio_formats() -> list[str]:
    """Return the audio formats that local speech is written in."""
    from stt_cli.audio.encoding import ENCODINGS

    return ["wav", "raw", *ENCODINGS]


def faults() -> list[str]:
    """Return the faults that an emulator makes."""
    from stt_cli.emulator.faults import FAULTS

    return list(FAULTS)


def webhook_events() -> list[str]:
    """Return the events of transcription jobs; a service may have others."""
    moments = ("Creation", "Processing", "Completion", "Deletion")
    return [f"transcription{moment}" for moment in moments]


def genders() -> list[str]:
    """Return the genders of voices."""
    return ["female", "male", "neutral"]


def emulated() -> list[str]:
    """Return the services that there is an emulator for."""
    return ["azure", "bing", "watson", "soniox", "scriptix", "intent"]
