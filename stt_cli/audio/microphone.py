"""The microphone: recorded until the speaker has finished or somebody says so.

What was recorded is kept until the result is in, so that a failure loses nothing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import log10
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, BinaryIO

from stt_cli.audio.conversion import block_length, convert, regroup
from stt_cli.audio.devices import Device, choose_microphone, list_devices
from stt_cli.audio.portaudio import load_portaudio, quiet_libraries
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.voice_activity import (
    FRAME_BYTES,
    FRAME_SECONDS,
    IsVoice,
    webrtc_detector,
)
from stt_cli.audio.wav import pcm_header
from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice
from stt_cli.core.private_folder import make_private


class KeptRecording:
    """One WAV of 16-bit mono PCM that grows while it is recorded.

    The file is made with the first samples and readable by this user alone.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.path = path
        self._sample_rate = sample_rate
        self._file: BinaryIO | None = None
        self._size = 0

    def write(self, pcm: bytes) -> None:
        """Append samples; they are handed to the system before this returns.

        Raises:
            AudioError: the folder cannot be written, or the disk is full.
        """
        try:
            if self._file is None:
                self._file = self._create()
            self._file.write(pcm)
        except OSError as fault:
            raise AudioError(
                f"cannot save the recording in {self.path.parent}: "
                f"{(fault.strerror or str(fault)).lower()}",
                hint="free up disk space, or set STT_HOME to a different folder",
            ) from fault
        self._size += len(pcm)

    @property
    def exists(self) -> bool:
        """Whether there is anything to recognize again."""
        return self._size > 0 and self.path.exists()

    def close(self) -> None:
        """Put the sizes into the header."""
        if self._file is None:
            return
        with suppress(OSError), self._file as file:
            file.seek(0)
            file.write(pcm_header(self._sample_rate, self._size))
        self._file = None

    def discard(self) -> None:
        """Delete it: its result is in."""
        self.close()
        with suppress(OSError):
            self.path.unlink()

    def _create(self) -> BinaryIO:
        make_private(self.path.parent)
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(self.path, flags, 0o600), "r+b", buffering=0)
        file.write(pcm_header(self._sample_rate))
        return file


# As much voice as begins an utterance: a click is no speech.
_WINDOW_FRAMES = 10
_VOTES = 6


class EndOfSpeech:
    """Follows 16 kHz PCM and tells when ``silence`` seconds came after speech."""

    def __init__(self, silence: float, is_voice: IsVoice | None = None) -> None:
        self._is_voice = is_voice or webrtc_detector()
        self._wanted = max(1, round(silence / FRAME_SECONDS))
        self._votes: deque[bool] = deque(maxlen=_WINDOW_FRAMES)
        self._pending = bytearray()
        self._spoken = False
        self._quiet = 0

    def receive(self, block: bytes) -> bool:
        """Take the next PCM; return whether speech has ended by now."""
        self._pending += block
        while len(self._pending) >= FRAME_BYTES:
            voice = self._is_voice(bytes(self._pending[:FRAME_BYTES]))
            del self._pending[:FRAME_BYTES]
            self._votes.append(voice)
            self._spoken = self._spoken or sum(self._votes) >= _VOTES
            self._quiet = 0 if voice else self._quiet + 1
        return self._spoken and self._quiet >= self._wanted


_RATE = 16_000
_BLOCK_S = 0.03
_WAIT_S = 0.2  # how long a stop may go unnoticed
_DEAD_S = 5.0  # without a single sample the device is gone
_LOST = Notice(
    "some audio from the microphone was lost because this machine is too busy",
    "close other programs, or record to a file first",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop listening, besides ``stop()``: seconds in all, and seconds of
    silence behind speech.
    """

    seconds: float | None = None
    silence: float | None = None


class Microphone:
    """One recording from a microphone, an ``AudioSource`` that is read once.

    ``kept`` is the recording in the state folder: discard it when the result is
    in, show its path when there is none. ``listening`` says whether it may still
    record, ``level`` how loud it is, from 0 to 1.
    """

    name = "microphone"
    live = True
    path: Path | None = None
    url: str | None = None
    size: int | None = None
    duration: float | None = None
    encoding = AudioEncoding("wav", "pcm_s16le", _RATE, 1, "audio/wav")

    def __init__(
        self,
        environment: Environment,
        *,
        device: str | None = None,
        limits: Limits = Limits(),
    ) -> None:
        """Find the microphone.

        Raises:
            AudioError: PortAudio or the microphone is missing, or the name fits
                several.
        """
        self.device: Device = choose_microphone(device, list_devices())
        self._limits = limits
        self._stopped = threading.Event()
        self._notices: list[Notice] = []
        self._taken = False
        self.listening = True
        self.level = 0.0
        self.kept = KeptRecording(_place(environment), _RATE)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was amiss, known by now."""
        return tuple(self._notices)

    def stop(self) -> None:
        """End the recording; what was said until now is still heard. Any thread."""
        self.listening = False
        self._stopped.set()

    def check_decodable(self) -> None:
        """Do nothing: it is PCM."""

    def pcm(
        self, sample_rate: int = _RATE, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Record, and yield 16-bit mono PCM until a limit is reached or ``stop``."""
        blocks: Iterable[bytes] = self._recorded()
        if sample_rate != _RATE:
            blocks = convert(blocks, "pcm_s16le", 1, _RATE, sample_rate)
        yield from regroup(blocks, block_length(sample_rate, block_seconds))

    def original(self, block_bytes: int = 3_200) -> Iterator[bytes]:
        """Record, and yield a WAV stream."""
        yield pcm_header(_RATE)
        yield from regroup(self._recorded(), block_bytes)

    def _recorded(self) -> Iterator[bytes]:
        if self._taken:
            raise AudioError("the microphone can be read only once")
        self._taken = True
        ended = EndOfSpeech(self._limits.silence) if self._limits.silence else None
        left = None if self._limits.seconds is None else self._limits.seconds * _RATE
        try:
            for block in self._captured():
                if left is not None:
                    block = block[: max(0, round(left)) * 2]
                    left -= len(block) / 2
                if block:
                    self.level = _loudness(block)
                    self.kept.write(block)
                    yield block
                done = left is not None and left < 1
                if done or (ended and ended.receive(block)):
                    return
        finally:
            self.listening = False
            self.kept.close()

    def _captured(self) -> Iterator[bytes]:
        """Yield what the device records, at 16 kHz."""
        rate, channels = self._format()
        queue: SimpleQueue[bytes] = SimpleQueue()

        def take(data: Any, _frames: int, _time: Any, status: Any) -> None:
            if status.input_overflow and _LOST not in self._notices:
                self._notices.append(_LOST)
            queue.put(bytes(data))

        with self._open(rate, channels, take):
            yield from convert(self._drained(queue), "pcm_s16le", channels, rate, _RATE)

    def _drained(self, queue: SimpleQueue[bytes]) -> Iterator[bytes]:
        waited = 0.0
        while not self._stopped.is_set():
            try:
                block = queue.get(timeout=_WAIT_S)
            except Empty:
                waited += _WAIT_S
                if waited >= _DEAD_S:
                    raise AudioError(
                        f"no audio from the microphone {self.device.name}",
                        hint="check that it is connected and not in use by another "
                        "program",
                    ) from None
                continue
            waited = 0.0
            yield block
        while not queue.empty():  # what was said before the stop
            yield queue.get()

    def _format(self) -> tuple[int, int]:
        """Return rate and channels to record with: 16 kHz mono where that works."""
        sounddevice = load_portaudio()
        for rate, channels in (
            (_RATE, 1),
            (self.device.sample_rate, 1),
            (self.device.sample_rate, min(2, self.device.inputs)),
        ):
            try:
                with quiet_libraries():
                    sounddevice.check_input_settings(
                        self.device.index, channels, "int16", samplerate=rate
                    )
            except (sounddevice.PortAudioError, ValueError):
                continue
            return rate, channels
        return self.device.sample_rate, min(2, self.device.inputs)

    @contextmanager
    def _open(self, rate: int, channels: int, take: Any) -> Iterator[None]:
        sounddevice = load_portaudio()
        try:
            with quiet_libraries():
                stream = sounddevice.RawInputStream(
                    samplerate=rate,
                    blocksize=round(rate * _BLOCK_S),
                    device=self.device.index,
                    channels=channels,
                    dtype="int16",
                    callback=take,
                )
                stream.start()
        except sounddevice.PortAudioError as fault:
            raise AudioError(
                f"cannot open the microphone {self.device.name}: {fault}",
                hint="check that no other program is using it; `stt devices` lists "
                "other devices",
            ) from fault
        try:
            yield
        finally:
            with quiet_libraries():
                stream.abort()
                stream.close()


@contextmanager
def ctrl_c_stops(microphone: Microphone) -> Iterator[None]:
    """Let the first Ctrl-C end the recording and its result still come in.

    A second one interrupts as ever. Where Ctrl-C is ignored, as in a job that a
    script put into the background, it stays so.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        microphone.stop()

    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or before is signal.SIG_IGN:
        yield  # an embedder has its own way with signals
        return
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _loudness(block: bytes) -> float:
    """Return the peak of 16-bit PCM: 0 for -60 dB and less, 1 for full scale."""
    samples = memoryview(block).cast("h")
    peak = max(max(samples), -min(samples), 1) / 32_768
    return max(0.0, 1 + 20 * log10(peak) / 60)


def _place(environment: Environment) -> Path:
    moment = environment.now().astimezone().strftime("%Y%m%d-%H%M%S")
    name = f"microphone-{moment}-{environment.new_hex_id()[:6]}.wav"
    return environment.directories.state / "recordings" / name
