"""What a user reads is natural American English, in one voice.

Every string of the program that can reach a screen is read out of its source, with
the documents beside it. A phrase that was taken out once may not come back.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.main import get_command

from stt_cli.app import app
from stt_cli.cli.command_table import COMMANDS
from stt_cli.core import errors

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "stt_cli").rglob("*.py"))
SCHEMAS = sorted((ROOT / "stt_cli/formats/schemas").glob("*.json"))
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        ROOT / "docs/stt.1",
        ROOT / "action.yml",
    ]
)

AVOID = {
    r"(?<!here )\b(?:is|are|was|were) no (?!longer|more\b)": "is not a, unknown",
    r"^there (?:is|are) no\b": "no ... found, or unknown ...",
    r"\bparted by\b": "separated by",
    r"\b(?:a|one|two|the next) looks?\b(?! at)": "a status check",
    r"\b(?:looks?|looked|looking) (?:once|again)\b": "check",
    r"\bgo(?:es|ing)? on (?:with|over|as)\b": "continue",
    r"\b(?:is|are|was|were) told\b": "is shown, is reported",
    r"\b(?<!cannot )tells? (?!apart|which|whether|you)": "shows, says",
    r"\bstands? (?:in|for|there|beside|behind|at|as)\b": "is in, means",
    r"\bno format is known\b": "unknown format",
    r"\b(?:how )?many at a time\b": "maximum number to ... at once",
    r"\b(?:do|does) not go (?:into|together)\b": "cannot be used together",
    r"\bexclude each other\b": "cannot be used together",
    r"\bis gone\b": "was removed, was lost",
    r"\btime ran out\b": "timed out",
    r"\bleave (?:it |them |out|[-\w]+ out)\b(?!to)": "remove, omit",
    r"\bfor instance\b": "for example",
    r"\b(?:one|ID|IDs|names?|object|transcript|recording|line|core|words|rows?) an? "
    r"(?:line|minute|second|caption|core|request|job|file)\b": "one per line",
    r"\bwhether \w+ .{0,60}\bis not known\b": "cannot tell whether",
    r"\basks? to slow down\b": "rate-limited by",
    r"\b(?:say|says|said) nothing\b": "no response from",
    r"\b(?:broke|broken|breaks|break) off\b": "lost the connection, was interrupted",
    r"\b(?:hung|hangs) up\b": "closed the connection",
    r"\b(?:choose|use|name|to) another (?:-|\w+ (?:-|by))": "a different",
    r"\b(?:another|other) base address\b": "base URL",
    r"\bbase address\b": "base URL",
    r"\bin clear text\b": "unencrypted",
    r"\bweb hooks?\b(?! id`)": "webhook",
    r"\b(?:may|shall) (?:be|stand|have) (?:given|it) by\b": "",
    r"\bshall\b": "should, will",
    r"\bbelongs? into\b": "belongs in",
    r"\b(?:anew|whilst|amongst|upon|thereof|therein|amid)\b": "again, while, on",
    r"\bloudspeakers?\b": "speakers",
    r"\bmails?\b(?![-.])(?!\|)(?!>)": "emails",
    r"\bwishe?s?\b": "options",
    r"^(?:it|this) is (?:empty|no\b)": "the recording is empty, is not a",
    r"(?<!as soon )(?<!fast )\bas it is\b(?! gen)": "as is",
    r"\bby itself\b": "separately, automatically",
    r"\bmake room\b": "free up disk space",
    r"\bis already there\b|\bare already there\b": "already exists",
    r"\bunder way\b": "in progress",
    r"\bitself failed\b": "internal error",
    r"\b(?:did|does|do) not answer\b": "did not respond",
    r"\ban answer\b(?! that is)|\bthe answer (?:is|of|to|has)\b": "a response",
    r"\btakes? no (?!value|time)": "does not support",
    r"\bknows? (?:no|only|English)\b": "does not support, only supports",
    r"\b(?:is|are) heard (?:as|to|in)\b": "is recognized",
    r"\bcopied whole\b": "is complete",
    r"\bcut off\b": "truncated, interrupted",
    r"\bgive (?!up\b|it access)": "use, pass, set",
    r"\bon request\b": "",
    r"\bkept aside\b": "set aside",
    r"\bwhatever (?:holds|wrote|looks)\b": "anything that",
    r"\bso many\b": "the maximum",
    r"\blast but\b": "",
    r"\d %": "10%, without a space",
    r"\.\.\.(?!\S)(?=[\w ]*$)": "…",
}
"""What may not come back, as patterns, and what is said instead."""

BRITISH = re.compile(
    r"\b(?:recognis|normalis|organis|synchronis|initialis|serialis|summaris|minimis"
    r"|optimis|authoris|customis|categoris|utilis|colour|behaviour|favour|honour"
    r"|neighbour|licence|centre|catalogue|grey|travelled|labelled|cancelling|whilst"
    r"|modelled|signalled|ageing|artefact|defence|programme\b|towards|afterwards)",
    re.IGNORECASE,
)

QUOTED = {
    # A label in the logs of others.
    "web hook id",
    "Azure web hook",
}
"""Strings that repeat someone else's words, and so are not ours to change."""

PROPER = frozenset(
    {
        *("Amazon", "AssemblyAI", "Azure", "Bing", "Bits"),
        *("CTranslate2", "Ctrl", "Dask", "Deepgram", "ElevenLabs"),
        *("Enter", "FLAC", "GUID", "Gladia", "LLM", "MAI", "Google"),
        *("Genesys", "HF_HUB_OFFLINE", "HTTP", "IBM", "IDs"),
        *("IPA", "JSON", "NTP", "OGG", "OpenAI"),
        *("Opus", "PortAudio", "PostgreSQL", "REST", "Rev"),
        *("SDKs", "SHA", "SSML", "STT_LEDGER", "Scriptix"),
        *("Soniox", "Speechmatics", "TLS", "TSV", "Twilio"),
        *("URL", "UTF", "WAV", "Watson", "WebSocket"),
        *("Whisper", "X"),
    }
)
"""Words that keep their capital at the start of an error or a hint."""


class Text(NamedTuple):
    """A string and where it stands; what a program puts into it is ``{}``."""

    place: str
    words: str


def _flat(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}"
            for part in node.values
        )
    return None


def _literals(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every string below a node that is neither a docstring nor an annotation."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    words = _flat(node)
    if words is not None:
        yield getattr(node, "lineno", 0), words
    for child in ast.iter_child_nodes(node):
        if words is None or isinstance(child, ast.FormattedValue):
            yield from _literals(child)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def program() -> tuple[Text, ...]:
    """Return what the program can say: strings of more than one word, and help."""
    found = [
        Text(f"{_name(path)}:{line}", words)
        for path in SOURCES
        for line, words in _literals(tree_of(path))
        if " " in words.strip() and re.search("[a-z]{2}", words)
    ]
    return tuple(found) + tuple(_help()) + tuple(_schemas())


def _commands() -> Iterator[tuple[str, Any]]:
    yield "stt", get_command(app)
    for entry in COMMANDS:
        command = get_command(importlib.import_module(entry.module).app)
        yield f"stt {entry.name}", command
        for name, child in getattr(command, "commands", {}).items():
            yield f"stt {entry.name} {name}", child


def _help() -> Iterator[Text]:
    for path, command in _commands():
        yield Text(f"`{path} --help`", " ".join((command.help or "").split()))


def _schemas() -> Iterator[Text]:
    for path in SCHEMAS:
        for words in _descriptions(json.loads(path.read_text(encoding="utf-8"))):
            yield Text(_name(path), words)


def _descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "description" and isinstance(inner, str):
                yield inner
            else:
                yield from _descriptions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _descriptions(inner)


@cache
def documents() -> tuple[Text, ...]:
    """Return the paragraphs of the documents, without what they show as code."""
    return tuple(text for path in DOCUMENTS for text in _paragraphs(path))


def _paragraphs(path: Path) -> Iterator[Text]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".1":
        text = text.replace("\\-", "-").replace("\\&", "").replace(".PP", "\n")
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    line = 1
    for part in text.split("\n\n"):
        if part.strip():
            yield Text(f"{_name(path)}:{line}", " ".join(part.split()))
        line += part.count("\n") + 2


def _findings(texts: tuple[Text, ...], pattern: str) -> list[str]:
    known = re.compile(pattern, re.IGNORECASE)
    return [
        f"{text.place}: {text.words[:160]!r}"
        for text in texts
        if text.words not in QUOTED and known.search(text.words)
    ]


@pytest.mark.parametrize("pattern", AVOID)
def test_the_program_does_not_say_it_so_again(pattern: str) -> None:
    found = _findings(program(), pattern)
    assert not found, f"say {AVOID[pattern]!r}:\n" + "\n".join(found)


@pytest.mark.parametrize("pattern", AVOID)
def test_the_documents_do_not_say_it_so_again(pattern: str) -> None:
    found = _findings(documents(), pattern)
    assert not found, f"say {AVOID[pattern]!r}:\n" + "\n".join(found)


def test_spelling_is_american() -> None:
    found = _findings((*program(), *documents()), BRITISH.pattern)
    assert not found, "\n".join(found)


def test_options_are_explained_in_one_way() -> None:
    odd = [
        f"{path}: {parameter.help!r}"
        for path, command in _commands()
        for parameter in command.params
        if not getattr(parameter, "hidden", False)
        and not re.fullmatch(
            r"[A-Z].*[^.]\.( \[env: .+\])?", parameter.help or "", re.DOTALL
        )
    ]
    assert not odd, "a capital first, a period last:\n" + "\n".join(odd)


def test_commands_are_explained_in_one_way() -> None:
    odd = [
        f"{path}: {command.help!r}"
        for path, command in _commands()
        if not re.match(r"[A-Z][a-z]+,? [^\n]+\.(?:\n\n|$)", command.help or "")
    ]
    assert not odd, "one sentence on the first line:\n" + "\n".join(odd)


def _is_error(name: str) -> bool:
    kind = getattr(errors, name, None)
    return isinstance(kind, type) and issubclass(kind, errors.SttError)


def _said(path: Path) -> Iterator[Text]:
    """Yield the messages and hints of errors and notices that are written out."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if not (_is_error(name) or name in ("Notice", "notice", "warning")):
            continue
        parts = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "hint")]
        for part in parts:
            for said in (
                (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
            ):
                words = _flat(said)
                if words is not None:
                    yield Text(f"{_name(path)}:{said.lineno}", words)


def test_errors_and_hints_are_written_in_one_way() -> None:
    odd = []
    for path in SOURCES:
        for place, words in _said(path):
            first = re.match(r"[A-Za-z_]+\d?", words)
            capital = first is not None and first[0][0].isupper()
            if (
                (capital and first is not None and first[0] not in PROPER)
                or words.endswith((".", "!"))
                or "  " in words
                or words.lower().startswith(("please", "sorry", "such as"))
            ):
                odd.append(f"{place}: {words!r}")
    assert not odd, "no capital first, no period last:\n" + "\n".join(odd)


def test_every_string_that_others_wrote_is_still_somewhere() -> None:
    assert {text.words for text in program()} >= QUOTED
