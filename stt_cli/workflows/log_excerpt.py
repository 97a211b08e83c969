"""The lines of a log that name an operation, without what was said in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import one_line
from stt_cli.formats.support_report import LogExcerpt
from stt_cli.ids.encoding import Utf8Source
from stt_cli.ids.scan import BLOCK
from stt_cli.workflows.material import STDIN, STDIN_NAME, Piece, pieces

_MOST_LINES = 200
_LONGEST_LINE = 1_000
_LONGEST_MASKED = 10_000
_LONGEST_READ = 1 << 20
_SHORTEST_ID = 6  # a shorter one would be found in any line

# Recognized words stand in quoted strings, in our own log as in an SDK's. They
# are kept only under a name that is known to hold none. A string may be cut off.
_QUOTED = r"""(?:"(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\])*(?:'|$))"""
_NAMED = re.compile(
    rf"""(?P<key>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')(?P<is>\s*:\s*)(?P<value>{_QUOTED})"""
)
_NAMED_INSIDE = re.compile(  # JSON within a string of JSON
    r"""(?P<key>\\"[^"\\]*\\")(?P<is>\s*:\s*)(?P<value>\\"(?:\\\\\\"|\\\\.|(?!\\").)*)"""
)
_LISTED = re.compile(rf"(?<=[\[,])\s*{_QUOTED}(?=\s*(?:[\],]|$))")
_LISTED_INSIDE = re.compile(
    r"""(?<=[\[,])\s*\\"(?:\\\\\\"|\\\\.|(?!\\").)*(?=\\"\s*[\],]|$)"""
)
_IN_XML = re.compile(r"(<[\w:]+[^<>]*>)[^<>]+(?=<|$)")
_TELLING = re.compile(
    r"(?:^|[_. -]|(?<=[a-z])(?=[A-Z]))"
    r"(?i:ids?|guid|time|timestamp|date|status|code|error|message|reason|type|version"
    r"|path|url|uri|self|host|region|locale|language|tag|trace|state|event|model)$"
    r"|(?i:(?:session|connection|request|trace|transaction|job)id)$"
)
_KEYED = re.compile(
    r"(?i)(\b[\w.-]*(?:key|token|secret|password)\b\\*['\"]?\s*[=:]\s*\\*['\"]?)"
    r"[^\s'\",;&\\]+"
)
_SAID = re.compile(
    r"(?i)\b((?:display_?)?text|transcript|transcription text|lexical|itn|utterance"
    r"|recogni[sz](?:ed|ing)|hypothesis|phrase)(\s*[=:]\s*)(?![{\[\s]).+$"
)


def log_excerpt(name: str, ids: Sequence[str], environment: Environment) -> LogExcerpt:
    """Return the lines of a log that name one of ``ids``; ``-`` is stdin.

    Archives, folders and UTF-16 are read, too. Secrets are masked, and whatever
    looks like recognized text; at most 200 lines are kept, the first ones.

    Raises:
        UsageError: the log cannot be read.
    """
    wanted = _spellings(ids)
    clean = environment.redactor.clean
    kept: list[str] = []
    count = 0
    for line in _lines(name, environment):
        if wanted is None or not wanted.search(line):
            continue
        count += 1
        if count <= _MOST_LINES:
            text = clean(line.decode("utf-8", "replace"))[:_LONGEST_MASKED]
            text = without_speech(text)
            kept.append(one_line(text)[:_LONGEST_LINE])
    shown = STDIN_NAME if name == STDIN else Path(name).name
    return LogExcerpt(shown, tuple(kept), count - len(kept))


def without_speech(line: str) -> str:
    """Return a log's line with every text masked that may have been spoken."""
    line = _KEYED.sub(r"\1***", line)
    line = _NAMED.sub(_judged, line)
    line = _NAMED_INSIDE.sub(_judged, line)
    line = _LISTED.sub('"…"', line)
    line = _LISTED_INSIDE.sub(r'\\"…', line)
    line = _IN_XML.sub(r"\1…", line)
    return _SAID.sub(r"\1\2…", line)


def _judged(match: re.Match[str]) -> str:
    name, value = match["key"].strip("\\\"'"), match["value"]
    is_document = "{" in value or "[" in value
    if _TELLING.search(name) and not is_document:
        return match[0]
    quote = value[: value.index(value.lstrip("\\")[0]) + 1]
    end = quote if value.endswith(quote) and len(value) > len(quote) else ""
    return f"{match['key']}{match['is']}{quote}…{end}"


def _spellings(ids: Sequence[str]) -> re.Pattern[bytes] | None:
    """Return what finds the IDs; a GUID is found with and without its dashes."""
    patterns = []
    for one in ids:
        bare = one.replace("-", "")
        if len(one) < _SHORTEST_ID:
            continue
        is_guid = re.fullmatch("[0-9A-Fa-f]{32}", bare)
        patterns.append("-?".join(bare) if is_guid else re.escape(one))
    if not patterns:
        return None
    return re.compile("|".join(patterns).encode(), re.IGNORECASE)


def _lines(name: str, environment: Environment) -> Iterator[bytes]:
    for piece in pieces(name, environment):
        if isinstance(piece, Piece):
            yield from _lines_of(piece.source)


def _lines_of(source: Utf8Source) -> Iterator[bytes]:
    """Yield lines; one that has no end within a megabyte is cut into several."""
    buffer, rest = bytearray(BLOCK), b""
    while True:
        with memoryview(buffer) as view:
            count = source.read_into(view)
        if not count:
            break
        *whole, rest = (rest + bytes(buffer[:count])).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST_READ:
            yield rest
            rest = b""
    if rest:
        yield rest
