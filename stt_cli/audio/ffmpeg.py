"""Decoding by ffmpeg, where it is installed: a child process that streams.

It may read the one file it is given and nothing else: no network, no playlist that
names other files, no options hidden in a name. It ends with us, however we end,
and one that says nothing for half a minute is ended by us.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from stt_cli.audio.faults import no_audio
from stt_cli.audio.wav import WavHeader, WavHeaderReader
from stt_cli.core.errors import AudioError, ConfigurationError

VARIABLE = "STT_FFMPEG"
"""Names the program to use; empty, none is used."""

STALL_S = 30.0
"""How long it may be silent while audio is waited for."""

CANNOT_DECODE = "ffmpeg cannot decode it"
"""How the error begins where the bytes are to blame."""

_READ_BYTES = 65_536
_KEPT_LINES = 40
_LONGEST_LINE = 500
_LARGEST_BLOCK = 512 << 20  # of memory, that a hostile file may ask for

# Demuxers that read one file. Those of playlists and lists (hls, concat, dash, …),
# which open what a file names, are not among them.
_DEMUXERS = (
    "aa,aac,ac3,adp,aiff,amr,amrnb,amrwb,ape,asf,ast,au,avi,bink,caf,dsf,dts,dtshd,dv,"
    "eac3,flac,flv,g722,g723_1,g726,g726le,g729,gsm,gxf,ilbc,iff,ircam,ivf,kux,live_flv,"
    "loas,m4v,matroska,webm,mlp,mmf,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,"
    "mpegtsraw,mpegvideo,mtv,mv,mxf,nistsphere,nsv,nut,ogg,oma,paf,pva,pvf,qcp,rm,"
    "rso,sbc,sds,shn,smk,sol,sox,swf,tak,truehd,tta,voc,vqf,w64,wav,wsd,wtv,wv,wve,xa,"
    "xwma"
)

# The child must end when we do, even when we are killed: a shell holds a pipe whose
# other end is ours, and ends the session when that closes, the child's own children
# too. Its status is the child's.
_WITH_US = """\
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
(exec >&- 2>&-; read -r _ <&3; kill -s KILL -- -$$) 2>/dev/null &
watcher=$!
exec >&- 3<&-
wait $child
status=$?
kill $watcher 2>/dev/null
exit $status"""

_DURATION = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_STREAM = re.compile(r"^\[info\]   Stream #0:\d+[^:]*: Audio: (\w+)")
_FAULT = re.compile(r"^(?:\[[^\]]+ @ \w+\] )?\[(?:error|fatal|panic)\] (.*)")
# Signals; a shell adds 128 to them. ffmpeg's own statuses are above 128 too.
_CRASHES = (4, 6, 7, 8, 9, 11)
_NO_SOUND = "matches no streams"
_GENERAL = ("Error opening input", "Error opening output", "Error splitting")
_UNKNOWN = "Invalid data found when processing input"


@dataclass(slots=True)
class Report:
    """What ffmpeg said. ``codec`` is its name of the first sound track's codec."""

    codec: str | None = None
    tracks: int = 0
    duration: float | None = None
    faults: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))
    input_is_described: bool = False

    def add(self, line: str) -> None:
        """Take the next line of its standard error."""
        if line.startswith("[info] Output #"):
            self.input_is_described = True
        elif self.duration is None and (found := _DURATION.match(line)):
            hours, minutes, seconds = found.groups()
            self.duration = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        elif not self.input_is_described and (found := _STREAM.match(line)):
            self.tracks += 1
            self.codec = self.codec or found[1]
        elif found := _FAULT.match(line):
            self.faults.append(found[1][:_LONGEST_LINE])

    @property
    def reason(self) -> str | None:
        """The first thing that it complained about, rather than what came of it."""
        for fault in self.faults:
            if not (fault.startswith(_GENERAL) or _UNKNOWN in fault):
                return fault.rstrip(".")
        return "unknown format" if self.faults else None


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """The program, by its path. ``stall`` is in seconds."""

    program: str
    stall: float = STALL_S

    def arguments(self, path: Path, *, seconds: float | None = None) -> list[str]:
        """Return the command line that decodes a file to a WAV on standard output."""
        limit = [] if seconds is None else ["-t", str(seconds)]
        return [
            self.program,
            *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"),
            *("-max_alloc", str(_LARGEST_BLOCK)),
            *("-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXERS),
            *("-i", f"file:{path.absolute()}"),
            *("-map", "0:a:0", *limit),
            *("-c:a", "pcm_s16le", "-f", "wav", "pipe:1"),
        ]


FindFfmpeg = Callable[[], Ffmpeg | None]
"""Looks for ffmpeg; called only when a recording needs it."""


def find_ffmpeg(variables: Mapping[str, str]) -> Ffmpeg | None:
    """Return ffmpeg as the user named it, from the PATH, or from the extra ``media``.

    Raises:
        ConfigurationError: the user named one that is not there.
    """
    named = variables.get(VARIABLE)
    if named is not None:
        found = shutil.which(named, path=variables.get("PATH", "")) if named else None
        if named and found is None:
            raise ConfigurationError(
                f"{VARIABLE} is set to {named}, which is not a program",
                hint="set it to the path of ffmpeg, or unset it",
            )
        return Ffmpeg(found) if found else None
    found = shutil.which("ffmpeg", path=variables.get("PATH", ""))
    if found is None:
        found = _of_the_extra()
    return Ffmpeg(found) if found else None


def _of_the_extra() -> str | None:
    try:
        import imageio_ffmpeg
    except ImportError:
        return None
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return None


def check(ffmpeg: Ffmpeg, path: Path) -> WavHeader:
    """Decode a moment of a file, and return the header of what comes out.

    Raises:
        AudioError: ffmpeg cannot decode it.
    """
    with Decoding(ffmpeg, path, seconds=0.1) as decoding:
        begun = decoding.header()
        if begun is None:
            raise decoding.fault() or no_audio()
        return begun[0]


class Decoding:
    """One run of ffmpeg over one file. A context: leaving it ends the process."""

    def __init__(
        self, ffmpeg: Ffmpeg, path: Path, *, seconds: float | None = None
    ) -> None:
        self.report = Report()
        self._ffmpeg = ffmpeg
        self._arguments = ffmpeg.arguments(path, seconds=seconds)
        self._waiting_since: float | None = None
        self._hung = False
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._listener = threading.Thread(
            target=self._listen, name="ffmpeg-messages", daemon=True
        )
        self._watcher = threading.Thread(
            target=self._watch, name="ffmpeg-watch", daemon=True
        )

    def __enter__(self) -> Decoding:
        """Start it.

        Raises:
            AudioError: the system cannot run the program.
        """
        supervised = os.name == "posix"
        command = ["/bin/sh", "-c", _WITH_US, "sh"] if supervised else []
        try:
            self._process = subprocess.Popen(
                [*command, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=supervised,
            )
        except OSError as fault:
            raise _not_runnable(self._ffmpeg.program, fault.strerror) from fault
        self._listener.start()
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        assert process is not None
        self._ended.set()
        if process.poll() is None:
            self._kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        self._listener.join(timeout=5.0)
        self._watcher.join(timeout=5.0)

    def header(self) -> tuple[WavHeader, bytes] | None:
        """Return the header of what it decodes, and the first samples behind it.

        ``None`` if it ended without a word of audio; ``fault`` tells why then.
        """
        reader = WavHeaderReader()
        while reader.header is None:
            block = self._read()
            if not block:
                return None
            reader.receive(block)
        return reader.header, reader.rest

    def blocks(self) -> Iterator[bytes]:
        """Yield the samples as they come."""
        while block := self._read():
            yield block

    def fault(self) -> AudioError | None:
        """Wait for its end and return what went wrong, if anything did."""
        process = self._process
        assert process is not None
        if self._hung:
            return AudioError(
                f"ffmpeg produced no audio for {self._ffmpeg.stall:.0f} s and was "
                "stopped",
                hint="try running `ffmpeg -i FILE recording.wav` yourself",
            )
        status = process.wait()
        self._listener.join(timeout=5.0)
        if status == 0:
            return None
        return self._explained(status)

    def _explained(self, status: int) -> AudioError:
        faults = self.report.faults
        if any(_NO_SOUND in fault for fault in faults):
            return no_audio()
        if status in (126, 127) and not faults:
            return _not_runnable(self._ffmpeg.program, None)
        signal = -status if status < 0 else status - 128
        if signal in _CRASHES and not faults:
            return AudioError(
                f"ffmpeg crashed (signal {signal})",
                hint="the recording may be damaged, or ffmpeg too old",
            )
        reason = self.report.reason or f"exit status {status}"
        return AudioError(
            f"{CANNOT_DECODE}: {reason}",
            hint="check that the file is complete",
        )

    def _read(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        self._waiting_since = time.monotonic()
        try:
            return self._process.stdout.read1(_READ_BYTES)  # type: ignore[attr-defined,no-any-return]
        finally:
            self._waiting_since = None

    def _listen(self) -> None:
        """Read its messages, so that it never waits for us to."""
        assert self._process is not None
        stream: IO[bytes] | None = self._process.stderr
        assert stream is not None
        with stream:
            while line := stream.readline(_READ_BYTES):
                self.report.add(line.decode("utf-8", "replace").rstrip())

    def _watch(self) -> None:
        """End it when it hangs."""
        while not self._ended.wait(min(1.0, self._ffmpeg.stall / 4)):
            since = self._waiting_since
            if since is not None and time.monotonic() - since > self._ffmpeg.stall:
                self._hung = True
                self._kill()
                return

    def _kill(self) -> None:
        process = self._process
        assert process is not None
        if sys.platform == "win32":
            process.kill()
            return
        import signal

        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _not_runnable(program: str, reason: str | None) -> AudioError:
    detail = f": {reason.lower()}" if reason else ""
    return AudioError(
        f"cannot run ffmpeg ({program}){detail}",
        hint=f"reinstall ffmpeg, or set {VARIABLE} to a different one",
    )
