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
JOBS = "Manage jobs"
SUPPORT = "Find IDs and get support"
SETUP = "Configure and inspect"

COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry(
        "recognize",
        "stt_cli.commands.recognize",
        TRANSCRIBE,
        "Transcribe files, folders, URLs, stdin or the microphone.",
    ),
    CommandEntry(
        "convert",
        "stt_cli.commands.convert",
        TRANSCRIBE,
        "Convert saved results to another format.",
    ),
    CommandEntry(
        "score",
        "stt_cli.commands.score",
        TRANSCRIBE,
        "Compute word and character error rates against a reference.",
    ),
    CommandEntry(
        "compare",
        "stt_cli.commands.compare",
        TRANSCRIBE,
        "Compare providers side by side on the same recordings.",
    ),
    CommandEntry(
        "tts",
        "stt_cli.commands.tts",
        TRANSCRIBE,
        "Speak text or SSML to a file, stdout or the speakers.",
    ),
    CommandEntry(
        "voices",
        "stt_cli.commands.voices",
        TRANSCRIBE,
        "List, download, verify and remove voices for `stt tts --voice`.",
    ),
    CommandEntry(
        "batch",
        "stt_cli.commands.batch",
        JOBS,
        "Submit, list and delete transcription jobs, and fetch their results.",
    ),
    CommandEntry(
        "status",
        "stt_cli.commands.status",
        JOBS,
        "Show the status of jobs or sessions.",
    ),
    CommandEntry(
        "poll",
        "stt_cli.commands.poll",
        JOBS,
        "Wait for jobs to finish, then print or save their transcripts.",
    ),
    CommandEntry(
        "usage",
        "stt_cli.commands.usage",
        JOBS,
        "Show usage and cost at a service, by model.",
    ),
    CommandEntry(
        "session-id",
        "stt_cli.commands.session_id",
        SUPPORT,
        "Find session IDs and other support IDs in logs, archives and emails.",
    ),
    CommandEntry(
        "webhooks",
        "stt_cli.commands.webhooks",
        JOBS,
        "Create, list, test and delete a service's webhooks.",
    ),
    CommandEntry(
        "history",
        "stt_cli.commands.history",
        SUPPORT,
        "Show past operations and their IDs, newest first.",
    ),
    CommandEntry(
        "support",
        "stt_cli.commands.support",
        SUPPORT,
        "Write a report for a vendor's support team, ready to paste.",
    ),
    CommandEntry(
        "doctor",
        "stt_cli.commands.doctor",
        SETUP,
        "Check this installation and, with -p, a provider.",
    ),
    CommandEntry(
        "providers",
        "stt_cli.commands.providers",
        SETUP,
        "Show what each provider can do and what it still needs.",
    ),
    CommandEntry(
        "devices",
        "stt_cli.commands.devices",
        SETUP,
        "List audio devices for `--device`.",
    ),
    CommandEntry(
        "models",
        "stt_cli.commands.models",
        SETUP,
        "List, download, verify and remove recognition models.",
    ),
    CommandEntry(
        "languages",
        "stt_cli.commands.languages",
        SETUP,
        "List the languages that a provider recognizes.",
    ),
    CommandEntry(
        "init",
        "stt_cli.commands.init",
        SETUP,
        "Set up stt interactively.",
    ),
    CommandEntry(
        "config",
        "stt_cli.commands.config",
        SETUP,
        "Read and change settings.",
    ),
    CommandEntry(
        "auth",
        "stt_cli.commands.auth",
        SETUP,
        "Keep keys and tokens in the system keyring.",
    ),
    CommandEntry(
        "emulate",
        "stt_cli.commands.emulate",
        SETUP,
        "Run a local emulator of a service, for tests and CI.",
    ),
    CommandEntry(
        "schema",
        "stt_cli.commands.schema",
        SETUP,
        "Print the JSON Schemas of the output.",
    ),
    CommandEntry(
        "completion",
        "stt_cli.commands.completion",
        SETUP,
        "Print a shell completion script.",
    ),
)
