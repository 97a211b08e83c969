"""``stt session-id`` over a large SDK log, beside grep and ripgrep.

    python -m benchmarks.ids [--megabytes 1000] [--pairs 7] [--only sdk|json|color|line]

The log is made here: lines of the shapes that the native SDK writes, sessions of
some hundred kilobytes, every ID by chance. The same comes as JSON lines with
escapes, with colors, and as one single line. grep and rg print all matches of one
alternation of the same shapes, in the C locale, which is grep's fastest; all write
into a file, because GNU grep stops at its first match when it writes into nothing.
Goals: at most 1.0 of grep (JSON and colors: 2.0), at most 3 of ripgrep, 120 MB.
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.pairs import PAIRS, compare

_HEX = "[0-9A-Fa-f]{32}"
_GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_IS = "[\"']*[ \\t]*(:|=|%3[AaDd])[ \\t]*[\"']*"
_SESSION = [
    f"(priv)?([Ss]ession[ _]?([Ii]d|ID)|SESSION[ _]?ID){_IS}{_HEX}",
    f"name='SessionId'; value='{_HEX}",
    f"SESSION (STARTED|STOPPED):[ \\t]*{_HEX}",
    f"Session (Started|Stopped) \\(ID=[ \\t]*{_HEX}[ \\t]*\\)",
    f"privConnectionId{_IS}{_HEX}",
    f"(X-Connection(Id|id|ID)|x-connection(id|Id)|X-CONNECTIONID){_IS}[0-9A-Za-z_-]+",
    f'"Name" *: *"Connection" *, *"Id" *: *"{_HEX}',
    "/speech-to-text/session/[0-9A-Za-z_-]{8,64}",
    "(X-Scriptix|x-scriptix|X-Zoom|x-zoom)-[Ss]ession: *[0-9A-Za-z_-]{8,64}",
    f"/v1/sessions/{_HEX}/(recognize|observe_?[rR]esult)",
    "/speechtotext/(v[0-9]+\\.[0-9]+(-preview\\.[0-9]+)?/)?(transcriptions|models/base"
    f"|models|datasets|endpoints|evaluations|projects|webhooks)/{_GUID}",
    f"transcription with id [\"']?{_GUID}",
    f"[Tt]ranscription[ _]?(Id|id|ID){_IS}{_GUID}",
    f"/v1/(transcriptions|recognitions)/{_GUID}",
]
_REST = [
    f"/v1/files/{_GUID}",
    f"[Rr]equest[ _-]?([Ii]d|ID)({_IS}| is | )({_HEX}|{_GUID})",
    "([Gg]lobal-Transaction-I[Dd]|global-transaction-id|global_transaction_id)"
    f"{_IS}[0-9A-Za-z_-]{{8,64}}",
    f"(Tran-I[Dd]|tran-id|TRAN-ID){_IS}[0-9A-Za-z_-]{{8,64}}",
    f"[Ss]ervice(Tag|_tag| tag){_IS}{_HEX}",
    f"[?&](cid|deploymentId)={_GUID}",
]

_OTHERS = [
    f"x-amzn-[Rr]equest-?[Ii]d{_IS}{_GUID}",
    f"x-amz-request-id{_IS}[0-9A-Z]{{16}}",
    f"x-amz-id-2{_IS}[0-9A-Za-z+/=]{{20,180}}",
    "transcription-job/[0-9A-Za-z._-]+",
    "operations/[0-9]{10,20}",
    f"dg-request-id{_IS}{_GUID}",
    f"/v2/(transcript|pre-recorded|live|transcription)/{_GUID}",
    f"[Tt]ranscript[ _]?[Ii]d{_IS}{_GUID}",
    "req_[0-9A-Za-z]{16,64}",
    f"([Hh]istory[ _-]?[Ii]tem[ _-]?[Ii]d|request-id){_IS}[0-9A-Za-z]{{20}}",
    "conv_[0-9A-Za-z]{16,64}",
    "/(v2|speechtotext/v1)/jobs/[0-9A-Za-z]{8,16}",
    "G-[0-9a-f]{8}",
    f"([Cc]all|[Ss]tream|[Rr]ecording|[Tt]ranscript)[ _]?[Ss]id{_IS}"
    "(CA|MZ|RE|GT)[0-9a-f]{32}",
    f"[Cc]onversation[ _-]?[Ii]d{_IS}{_GUID}",
    "Call-ID: *[^ ]{6,128}",
    "traceparent: *[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
    f"[Cc]orrelation[ _-]?[Ii][Dd]{_IS}[0-9A-Za-z._-]{{8,128}}",
    "([Cc][Ff]-[Rr][Aa][Yy]|[Rr]ay [Ii][Dd]): *[0-9a-f]{16}",
    "([Rr]esult|[Dd]ataset|[Mm]odel|[Pp]roject|[Ee]valuation)[ _-]?[Ii][Dd]"
    f"{_IS}{_GUID}",
]

_TRACE = "SPX_DBG_TRACE_VERBOSE: "
_NAMES = (
    "SPEECH-RecoMode",
    "SPEECH-MaxBufferSizeMs",
    "SPEECH-SegmentationMaximumTimeMs",
    "AudioConfig_SampleRateForCapture",
    "AudioConfig_NumberOfChannelsForCapture",
    "IsKeywordAndSpeechRecognizer",
)


def main() -> None:
    """Make the logs, run everything in turn, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--only", choices=sorted(_VARIANTS), action="append")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for variant in given.only or _VARIANTS:
            log = Path(folder) / f"{variant}.log"
            make_log(log, given.megabytes * 1_000_000, _VARIANTS[variant])
            _compare(f"{variant}, {given.megabytes} MB", log, given.pairs)
            log.unlink()


def _compare(title: str, log: Path, pairs: int) -> None:
    stt = [str(Path(sys.executable).with_name("stt")), "session-id"]
    if not Path(stt[0]).exists():
        stt = [sys.executable, "-m", "stt_cli", "session-id"]
    for arguments, shapes in (
        ([], _SESSION),
        (["--kind", "all", "--json"], _SESSION + _REST + _OTHERS),
    ):
        ours = _into_file([*stt, *arguments, str(log)], str(log.parent))
        named = " ".join((title, *arguments))
        for name, command in _searches("|".join(shapes), log):
            theirs = _into_file(command, str(log.parent))
            compare(f"{named}, beside {name}", ours, theirs,
                    pairs=pairs, env={"LC_ALL": "C"})  # fmt: skip


def _searches(alternation: str, log: Path) -> Iterator[tuple[str, list[str]]]:
    if shutil.which("grep"):
        yield "grep -aoE", ["grep", "-aoE", alternation, str(log)]
    if shutil.which("rg"):
        yield "rg -ao", ["rg", "--no-config", "-ao", alternation, str(log)]


def _into_file(command: list[str], folder: str) -> list[str]:
    target = shlex.quote(str(Path(folder) / "found"))
    return ["sh", "-c", f"exec {shlex.join(command)} >{target}"]


def make_log(path: Path, size: int, write: Callable[[str], str] = str) -> None:
    """Write a log of about ``size`` bytes, many sessions, the same every time."""
    chance = random.Random(20)
    written = 0
    with path.open("wb") as file:
        while written < size:
            lines = "".join(write(f"{line}\n") for line in _session(chance))
            written += file.write(lines.encode())


def _as_json(line: str) -> str:
    entry = {"time": "2026-11-30T10:00:00.1Z", "log": f"\x1b[0;32m{line}\x1b[0m"}
    return json.dumps(entry) + "\n"


def _in_color(line: str) -> str:
    return f"\x1b[2m10:00:00\x1b[0m \x1b[32m{line.rstrip()}\x1b[0m\n"


def _without_end(line: str) -> str:
    return line.rstrip() + " "


_VARIANTS: dict[str, Callable[[str], str]] = {
    "sdk": str,
    "json": _as_json,
    "color": _in_color,
    "line": _without_end,
}


def _session(chance: random.Random) -> Iterator[str]:
    thread, milliseconds = chance.randrange(100_000, 999_999), 0
    session, turn = (f"{chance.getrandbits(128):032x}" for _ in range(2))
    this = f"0x{chance.getrandbits(46):x}"

    def line(place: str, text: str, level: str = _TRACE) -> str:
        return f"[{thread}]: {milliseconds}ms {level} {place} {text}"

    yield line("audio_stream_session.cpp:1599", f"[{this}]CSpxAudioStreamSession::"
               "FireSessionStartedEvent: Firing SessionStarted event: "
               f"SessionId: {session}")  # fmt: skip
    yield line("usp_connection.cpp:149", "CSpxUspConnection::SetConfiguration Set "
               f"UspConnection Configuration with SessionId: {session}")  # fmt: skip
    yield line("usp_connection.cpp:690", f"RequestId: '{turn}'", "SPX_TRACE_INFO: ")
    for chunk in range(500):
        milliseconds += chance.randrange(40)
        pointer = f"0x{chance.getrandbits(46):x}"
        name = chance.choice(_NAMES)
        yield line("named_properties.h:484", "ISpxNamedProperties::GetStringValue: "
                   f"this={pointer}; name='{name}'; value='{chunk}'")  # fmt: skip
        yield line("handle_table.h:115", "CSpxHandleTable::TrackHandle class="
                   f"CSpxAsyncOp<void>, h={pointer}, p={pointer}, tot=1")  # fmt: skip
        yield line("audio_stream_session.cpp:3753", f"[{this}]CSpxAudioStreamSession::"
                   "TryChangeState: recoKind/sessionState: 0/0 => 4/1")  # fmt: skip
        yield line("audio_stream_session.cpp:1946", "DispatchEvent task started...",
                   "SPX_DBG_TRACE_SCOPE_ENTER: ")  # fmt: skip
        if chunk % 10 == 0:
            yield line("usp_reco_engine_adapter.cpp:1490", "UspResponseMsg Path: "
                       "speech.hypothesis | msgBuffer: {\"Text\":\"and then\","
                       f"\"Offset\":{chunk}00000,\"Duration\":7700000}}")  # fmt: skip
    yield line("named_properties.h:484", "ISpxNamedProperties::GetStringValue: "
               f"this={this}; name='SessionId'; value='{session}'")  # fmt: skip
    yield line("audio_stream_session.cpp:1610", f"[{this}]CSpxAudioStreamSession::"
               "FireSessionStoppedEvent: Firing SessionStopped event: "
               f"SessionId: {session}")  # fmt: skip


if __name__ == "__main__":
    main()
