"""Every command's name, module and one-line summary, for help without loading.

``stt --help`` and completion read this table alone; a command's module is
imported when the command is called. A test holds the summaries against the
modules' own help.
"""

from __future__ import annotations

from typing import NamedTuple


class CommandEntry(NamedTuple):
    """One row: ``module`` has an ``app``, a Typer with the command or group."""

    name: str
    module: str
    panel: str
    summary: str


ALIASES = {
    "recognise": "recognize",
    "transcribe": "recognize",
    "say": "tts",
    "speak": "tts",
    "jobs": "status",
}
"""What people try first, and the command that it runs."""

TRANSCRIBE = "Transcribe and speak"
JOBS = "Jobs at a service"
SUPPORT = "Support and history"
SETUP = "Set up and find out"

COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry(
        "recognize",
        "stt_cli.commands.recognize",
        TRANSCRIBE,
        "Transcribe files, folders, stdin, URLs or the microphone.",
    ),
    CommandEntry(
        "convert",
        "stt_cli.commands.convert",
        TRANSCRIBE,
        "Write saved results in another format, without recognizing again.",
    ),
    CommandEntry(
        "score",
        "stt_cli.commands.score",
        TRANSCRIBE,
        "Score results against a reference: word and character error rates.",
    ),
    CommandEntry(
        "compare",
        "stt_cli.commands.compare",
        TRANSCRIBE,
        "Recognize the same recordings with several providers, side by side.",
    ),
    CommandEntry(
        "tts",
        "stt_cli.commands.tts",
        TRANSCRIBE,
        "Speak text or SSML into a file, stdout or the loudspeaker.",
    ),
    CommandEntry(
        "voices",
        "stt_cli.commands.voices",
        TRANSCRIBE,
        "List the voices that `stt tts --voice` takes.",
    ),
    CommandEntry(
        "batch",
        "stt_cli.commands.batch",
        JOBS,
        "Submit recordings as jobs, list them, fetch transcripts, delete.",
    ),
    CommandEntry(
        "status",
        "stt_cli.commands.status",
        JOBS,
        "Look once at a job or session; with no ID, at the open ones.",
    ),
    CommandEntry(
        "poll",
        "stt_cli.commands.poll",
        JOBS,
        "Wait until jobs are done, then print or save their transcripts.",
    ),
    CommandEntry(
        "session-id",
        "stt_cli.commands.session_id",
        SUPPORT,
        "Find session IDs and other support IDs in whatever holds them.",
    ),
    CommandEntry(
        "webhooks",
        "stt_cli.commands.webhooks",
        JOBS,
        "Register, list, try and remove a service's web hooks.",
    ),
    CommandEntry(
        "history",
        "stt_cli.commands.history",
        SUPPORT,
        "Show what was sent, when, with which IDs; newest first.",
    ),
    CommandEntry(
        "support",
        "stt_cli.commands.support",
        SUPPORT,
        "Write the report that a vendor's support asks for, ready to paste.",
    ),
    CommandEntry(
        "doctor",
        "stt_cli.commands.doctor",
        SETUP,
        "Examine this installation, and with -p a service: what works and why not.",
    ),
    CommandEntry(
        "providers",
        "stt_cli.commands.providers",
        SETUP,
        "Show what each provider can do, and what it still needs.",
    ),
    CommandEntry(
        "devices",
        "stt_cli.commands.devices",
        SETUP,
        "List microphones and loudspeakers, for `--device`.",
    ),
    CommandEntry(
        "models",
        "stt_cli.commands.models",
        SETUP,
        "List a provider's recognition models; download and remove those of this "
        "machine.",
    ),
    CommandEntry(
        "languages",
        "stt_cli.commands.languages",
        SETUP,
        "List the languages that a provider recognizes, for `-l`.",
    ),
    CommandEntry(
        "init",
        "stt_cli.commands.init",
        SETUP,
        "Set up stt by questions: provider, key, language, model, completion.",
    ),
    CommandEntry(
        "config",
        "stt_cli.commands.config",
        SETUP,
        "Read and change settings; each shows where it comes from.",
    ),
    CommandEntry(
        "auth",
        "stt_cli.commands.auth",
        SETUP,
        "Keep keys and tokens in the system's keyring.",
    ),
    CommandEntry(
        "emulate",
        "stt_cli.commands.emulate",
        SETUP,
        "Serve a provider's wire protocol on this machine, for tests and CI.",
    ),
    CommandEntry(
        "schema",
        "stt_cli.commands.schema",
        SETUP,
        "Print the JSON Schema of what stt prints, or list the schemas.",
    ),
    CommandEntry(
        "completion",
        "stt_cli.commands.completion",
        SETUP,
        "Print a completion script for bash, zsh, fish or PowerShell.",
    ),
)
