"""What else a log says that a support case asks for: endpoints, statuses, versions.

Each fact is noted with its line, so that it can be given to the session whose
lines stand around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stt_cli.ids.decoding import decoded
from stt_cli.ids.reading import canonical
from stt_cli.ids.times import time_in

_LONGEST_LINE = 16 << 10
_MOST_FACTS = 20_000

_WORTH_READING = re.compile(
    rb"(?i)[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-|wss?:|https?:|%3a%2f%2f|error|fail"
    rb"|cancel|exception|warn|fatal|refused|denied|timed? ?out|forbidden|unauthorized"
    rb"|quota|throttl|HTTP/|status|close|sdk|user-agent|platform|region"
)
_AN_ID = re.compile(
    r"(?<![0-9A-Za-z_-])(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-"
    r"[0-9A-Fa-f]{12})(?![0-9A-Za-z_-])"
)
_ADDRESS = re.compile(r"\b(?P<scheme>wss?|https?)://(?P<host>[0-9A-Za-z.-]+(?::\d+)?)"
                      r"(?P<path>/[0-9A-Za-z._~/-]*)?")  # fmt: skip
_SPEECH_HOST = re.compile(
    r"(?i)speech|stt|tts|cognitive|watson|soniox|scriptix|transcrib|deepgram|assemblyai"
    r"|openai|elevenlabs|speechmatics|rev\.ai|gladia|127\.0\.0\.1|localhost"
)
_SPEECH_PATH = re.compile(r"(?i)/(?:speech|stt|transcri|recogni|listen|tts|synthesize)")
_REGION = re.compile(
    r"(?i)//(?P<azure>[a-z0-9-]+)\.(?:stt|tts|s2s|api|convai|voice)\.(?:speech|cognitive)\."
    r"|//api\.(?P<watson>[a-z]{2}-[a-z]+)\.(?:speech|text)-to-"
    r"|//(?:api|stt-rt|tts-rt)\.(?P<soniox>eu|jp|in)\.soniox"
    r"|//[\w-]*transcribe[\w-]*\.(?P<aws>[a-z]{2}-[a-z]+-\d)\."
    r"|(?:SPEECH-Region|service_?region|\bregion)[\"']?(?:; value=|\s*[:=])\s*[\"']?"
    r"(?P<named>[a-z][a-z0-9-]{2,30})"
)
_STATUS = re.compile(
    r"(?i)HTTP/[0-9.]+\"?\s+(?P<line>[1-5]\d\d)\b"
    r"|\b(?:status(?:[ _-]?code)?|http(?:[ _-]?status)?(?:[ _-]?code)?)[\"']?\s*"
    r"[:=(]?\s*[\"']?(?P<named>[1-5]\d\d)\b"
    r"|\berror \((?P<sdk>[45]\d\d)\)"
)
_CLOSE = re.compile(
    r"(?i)(?:clos\w*|websocket|\bws\b|disconnect\w*|remote host)[^\n]{0,80}?"
    r"\b(?:code|error code|status)?[\"']?\s*[:=(]?\s*"
    r"(?P<code>1(?:00\d|01[0-5])|4\d{3})\b"
)
_ERROR = re.compile(
    r"(?i)\b(?:error|errors|fatal|cancel(?:l)?ed|exception|traceback|failed|failure"
    r"|refused|denied|timed? ?out|timeout|forbidden|unauthorized|quota|throttled)\b"
    r"|SPX_TRACE_ERROR|ErrorCode|ErrorDetails"
)
_NO_ERROR = re.compile(
    r"(?i)\b(?:no|0|without) errors?\b"
    r"|error(?:s|_?count)?[\"']?\s*[:=]\s*(?:0|null|none|false)\b"
    r"|SPX_(?:DBG_)?TRACE_(?:VERBOSE|SCOPE|FUNCTION)"
    r"|SPX_TRACE_INFO(?!.*(?:error|cancel|failed))"
)
_VERSION = re.compile(
    r"(?P<package>azure-cognitiveservices-speech|microsoft-cognitiveservices-speech-sdk"
    r"|Microsoft\.CognitiveServices\.Speech|SpeechSDK(?:-\w+)?|ibm-watson|watson-apis-[\w-]+?-sdk"
    r"|ibm-[\w]+-sdk(?:-core)?|soniox(?:-\w+)?|deepgram-sdk|assemblyai|boto3|botocore"
    r"|aws-sdk-[\w-]+|google-cloud-speech|openai(?:-python)?|websockets?|websocket-client"
    r"|node|Python|okhttp|stt|Speech SDK(?: for [\w#+.]{1,20})?)"
    r"(?:==|@|/|-|:? v(?:ersion:? )?|:? )(?P<version>v?\d+\.\d+[\w.-]*)"
)
_CONFIG_SDK = re.compile(
    r'"system"\s*:\s*\{[^{}]*"name"\s*:\s*"(?P<name>[^"]{1,40})"[^{}]*"version"\s*:\s*'
    r'"(?P<version>[^"]{1,40})"(?:[^{}]*"build"\s*:\s*"(?P<build>[^"]{1,60})")?'
)
_CONFIG_SDK_TURNED = re.compile(
    r'"system"\s*:\s*\{[^{}]*"version"\s*:\s*"(?P<version>[^"]{1,40})"[^{}]*"name"\s*:\s*'
    r'"(?P<name>[^"]{1,40})"(?:[^{}]*"build"\s*:\s*"(?P<build>[^"]{1,60})")?'
)
_CONFIG_OS = re.compile(
    r'"os"\s*:\s*\{[^{}]*"platform"\s*:\s*"(?P<platform>[^"]{1,40})"[^{}]*"name"\s*:\s*'
    r'"(?P<name>[^"]{1,60})"(?:[^{}]*"version"\s*:\s*"(?P<version>[^"]{1,60})")?'
)
_SYSTEM = re.compile(
    r"\b(?:Windows NT \d+\.\d+|Windows (?:10|11|Server \d{4})(?:\.0\.\d{4,5})?"
    r"|macOS \d+(?:\.\d+)*"
    r"|Mac OS X \d+[_.\d]*|Android \d+(?:\.\d+)*|iOS \d+(?:\.\d+)*|iPhone OS \d+[_\d]*"
    r"|Ubuntu \d+\.\d+|Debian(?: GNU/Linux)? \d+|Linux[ -]\d+\.\d+[\w.-]*)"
)
_THREAD = re.compile(r"^[\[(](?P<thread>[0-9]{1,10})[\])]:? ")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a line says.

    ``kind`` is endpoint, region, status, close (code of a WebSocket) or error.
    """

    kind: str
    value: str
    line: int


@dataclass(slots=True)
class Mentions:
    """Where one value was named: its lines, from first to last, and their times."""

    first: int
    last: int
    began: str | None = None
    ended: str | None = None
    lines: set[int] = field(default_factory=set)


@dataclass(slots=True)
class LogFacts:
    """Facts of one source, fed piece by piece."""

    facts: list[Fact] = field(default_factory=list)
    mentions: dict[str, Mentions] = field(default_factory=dict)
    threads: dict[int, str] = field(default_factory=dict)
    """Which thread wrote a line that a fact stands in."""

    versions: dict[str, None] = field(default_factory=dict)
    systems: dict[str, None] = field(default_factory=dict)
    began: str | None = None
    ended: str | None = None
    _line: int = 0
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(line)
        while len(self._rest) > _LONGEST_LINE:
            self._read(self._rest[:_LONGEST_LINE], self._line + 1)
            self._rest = self._rest[_LONGEST_LINE:]

    def end(self) -> None:
        """Take what has no line feed behind it."""
        if self._rest:
            self._take(self._rest)
            self._rest = b""

    def _take(self, raw: bytes) -> None:
        self._line += 1
        self._read(raw[:_LONGEST_LINE], self._line)

    def _read(self, raw: bytes, number: int) -> None:
        if _WORTH_READING.search(raw) is None or len(self.facts) > _MOST_FACTS:
            return
        text = decoded(raw.decode("utf-8", "replace"))
        time = time_in(text)
        if time is not None:
            self.began = self.began or time
            self.ended = time
        thread = _THREAD.match(text)
        before = len(self.facts)
        for match in _AN_ID.finditer(text):
            self._mention(canonical(match[0]), number, time)
        self._addresses(text, number)
        self._outcomes(text, number)
        self._versions(text)
        if thread and (len(self.facts) > before or _AN_ID.search(text)):
            self.threads[number] = thread["thread"]

    def _mention(self, identifier: str, number: int, time: str | None) -> None:
        known = self.mentions.setdefault(identifier, Mentions(number, number, time))
        known.last, known.ended = number, time or known.ended
        if len(known.lines) < _MOST_FACTS:
            known.lines.add(number)

    def _addresses(self, text: str, number: int) -> None:
        for match in _ADDRESS.finditer(text):
            if _SPEECH_HOST.search(match["host"]) or _SPEECH_PATH.match(
                match["path"] or ""
            ):
                place = f"{match['scheme']}://{match['host']}{match['path'] or ''}"
                place = _AN_ID.sub("…", place)
                self.facts.append(Fact("endpoint", place, number))
        for match in _REGION.finditer(text):
            value = next((v for v in match.groups() if v), None)
            if value:
                self.facts.append(Fact("region", value, number))

    def _outcomes(self, text: str, number: int) -> None:
        for match in _STATUS.finditer(text):
            value = next(v for v in match.groups() if v)
            self.facts.append(Fact("status", value, number))
        for match in _CLOSE.finditer(text):
            self.facts.append(Fact("close", match["code"], number))
        is_error = _ERROR.search(text) is not None and _NO_ERROR.search(text) is None
        if is_error:
            self.facts.append(Fact("error", text.strip(), number))

    def _versions(self, text: str) -> None:
        for match in _VERSION.finditer(text):
            self.versions[f"{match['package']} {match['version'].lstrip('v')}"] = None
        for match in (*_CONFIG_SDK.finditer(text), *_CONFIG_SDK_TURNED.finditer(text)):
            build = f" ({match['build']})" if match["build"] else ""
            self.versions[f"{match['name']} {match['version']}{build}"] = None
        for match in _CONFIG_OS.finditer(text):
            parts = (match["platform"], match["name"], match["version"])
            self.systems[" ".join(filter(None, parts))] = None
        for match in _SYSTEM.finditer(text):
            self.systems[match[0].replace("_", ".")] = None
