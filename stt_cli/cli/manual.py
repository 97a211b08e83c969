"""The manual page ``stt(1)`` in roff, written from a description.

The macros are those of man(7), so that groff, mandoc and a browser read it alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stt_cli.cli.description import Description, Parameter
from stt_cli.core.exit_status import ExitStatus

_CODES = {
    ExitStatus.OK: "Success.",
    ExitStatus.BUG: "Unexpected failure (a bug).",
    ExitStatus.USAGE: "Invalid command line or configuration.",
    ExitStatus.NOTHING_FOUND: "No speech was recognized, or no ID was found.",
    ExitStatus.CREDENTIALS: (
        "Credentials are missing, invalid or expired, or the quota is exhausted."
    ),
    ExitStatus.NOT_FOUND: "No such session, transcription, job, voice or model.",
    ExitStatus.JOB_FAILED: "The job failed at the provider.",
    ExitStatus.OUT_OF_TIME: "Timed out before there was a result.",
    ExitStatus.UNREACHABLE: (
        "The provider was unreachable or the connection was lost, after all retries."
    ),
    ExitStatus.RATE_LIMITED: "Rate-limited by the provider, after all retries.",
    ExitStatus.AUDIO: "The audio cannot be read, or the provider does not accept it.",
    ExitStatus.SCORE: "A word error rate is above --fail-above.",
    ExitStatus.HUNG_UP: "The terminal was closed; partial results were printed.",
    ExitStatus.INTERRUPTED: "Interrupted by Ctrl-C; partial results were printed.",
    ExitStatus.TERMINATED: "Ended by SIGTERM; partial results were printed.",
}
_ENVIRONMENT = (
    ("STT_PROVIDER", "Provider to use without -p."),
    ("STT_PROFILE", "Config file profile to use."),
    (
        "STT_HOME",
        "Folder for config, state and cache files, instead of the usual ones.",
    ),
    ("STT_LEDGER", "off disables the ledger; postgresql://… is a shared one."),
    ("STT_<PROVIDER>_ENDPOINT", "Base URL of the provider, like --endpoint."),
    ("STT_INTENT_KEY", "The key of the service that --intent-url names."),
    ("STT_PAGER, PAGER", "Pager for long help and lists; empty or cat disables it."),
    ("NO_COLOR, FORCE_COLOR, TERM, COLUMNS", "Honored as usual."),
)
_FILES = (
    ("~/.config/stt/config.toml", "Settings; `stt config path` prints the location."),
    ("~/.local/state/stt/ledger.sqlite", "Ledger of past operations and their IDs."),
)


def manual(stt: Description) -> str:
    """Return the page."""
    return "\n".join(_page(stt)) + "\n"


def _page(stt: Description) -> Iterator[str]:
    yield '.\\" Made by `python docs/generate.py`; do not edit.'
    yield '.TH STT 1 "" "stt" "User Commands"'
    yield ".SH NAME"
    yield f"stt \\- {_text(stt.summary[0].lower() + stt.summary[1:].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield ".B stt"
    yield ".I COMMAND"
    yield "[options] [arguments]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(stt.text)
    yield ".SH OPTIONS"
    yield from _parameters(stt.options)
    yield ".SH COMMANDS"
    for command in stt.children:
        for one in command.walk():
            yield from _command(one)
    yield ".SH EXIT STATUS"
    for code, meaning in _CODES.items():
        yield from _entry(f"\\fB{int(code)}\\fR", meaning)
    yield ".SH ENVIRONMENT"
    for name, meaning in (*_ENVIRONMENT, *_credentials()):
        yield from _entry(f"\\fB{_text(name)}\\fR", meaning)
    yield ".SH FILES"
    for name, meaning in _FILES:
        yield from _entry(f"\\fI{_text(name)}\\fR", meaning)
    yield ".SH EXAMPLES"
    for command in stt.children:
        for one in command.walk():
            for example in one.examples[:2]:
                yield ".PP"
                yield ".EX"
                yield _text(example)
                yield ".EE"


def _command(command: Description) -> Iterator[str]:
    name = " ".join(("stt", *command.path))
    arguments = " ".join(argument.metavar or "" for argument in command.arguments)
    yield f'.SS "{_text(name)}"'
    yield ".PP"
    yield f"\\fB{_text(name)}\\fR [options] \\fI{_text(arguments)}\\fR"
    yield from _paragraphs(command.text)
    yield from _parameters(command.arguments)
    yield from _parameters(command.options)


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    for one in parameters:
        if one.flags == ("-h", "--help"):
            continue
        names = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in one.flags)
        value = f"\\fI{_text(one.metavar)}\\fR" if one.metavar else ""
        yield from _entry(" ".join(filter(None, (names, value))), one.help)


def _credentials() -> Iterator[tuple[str, str]]:
    from stt_cli.providers.registry import our_names, provider_spec

    for name in our_names():
        for setting in provider_spec(name).settings:
            if setting.variables:
                meaning = f"{name}: {setting.help}".rstrip(".") + "."
                yield ", ".join(setting.variables), meaning


def _entry(head: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield head
    yield _text(text) or "\\&"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield ".PP"
        yield _text(" ".join(paragraph.split()))


_WIDE = {"…": "\\[u2026]", "–": "\\[en]", "·": "\\[pc]"}


def _text(text: str) -> str:
    """Return text that roff prints as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = "".join(
        _WIDE.get(c) or (c if ord(c) < 128 else f"\\[u{ord(c):04X}]") for c in escaped
    )
    return re.sub(r"^([.'])", r"\\&\1", escaped)
