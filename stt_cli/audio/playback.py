"""The loudspeaker: speech is heard while it is still being made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from stt_cli.audio.conversion import convert
from stt_cli.audio.portaudio import load_portaudio, quiet_libraries
from stt_cli.audio.wav import SAMPLE_BYTES, WavHeader, WavHeaderReader
from stt_cli.core.errors import AudioError
from stt_cli.core.speech import SpeechFormat

_WRITE_S = 0.05  # how long one write may keep Ctrl-C waiting
_OF_FILES = ("mp3", "ogg", "flac")  # what libsndfile decodes, once it is whole


class Player(Protocol):
    """Takes encoded audio in blocks of any length."""

    def write(self, data: bytes) -> None:
        """Play, or keep to play, the next bytes."""

    def finish(self) -> None:
        """Return once everything was heard."""


@contextmanager
def loudspeaker(speech: SpeechFormat) -> Iterator[Player]:
    """Open the loudspeaker for audio of that format; leaving early silences it.

    Raises:
        AudioError: the format cannot be played here, or PortAudio or an output
            device is missing.
    """
    if speech.container in ("wav", "raw") and _is_decodable(speech):
        stream = _Stream()
        with stream:
            yield _player(speech, stream)
    elif speech.container in _OF_FILES:
        with tempfile.TemporaryDirectory() as folder, _Stream() as stream:
            yield _FilePlayer(stream, Path(folder) / f"speech.{speech.suffix}")
    else:
        raise AudioError(
            f"cannot play {speech.codec} in {speech.container}",
            hint="choose a different --audio-format, or write a file with -o",
        )


def _player(speech: SpeechFormat, stream: _Stream) -> Player:
    if speech.container == "wav":
        return _WavPlayer(stream)
    return _SamplePlayer(stream, speech.codec, speech.channels, speech.sample_rate)


def _is_decodable(speech: SpeechFormat) -> bool:
    return speech.codec in SAMPLE_BYTES


class _Stream:
    """PortAudio's output stream, opened when the first sample is known."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._block = 0

    def __enter__(self) -> _Stream:
        load_portaudio()  # what is missing is told before anything is sent
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if self._stream is None:
            return
        if kind is None:
            self._stream.stop()  # waits for what is still in the device
        else:
            self._stream.abort()
        self._stream.close()

    def write(self, samples: bytes, rate: int) -> None:
        """Play 16-bit mono samples; waits while the device has enough."""
        if self._stream is None:
            self._stream = _open(rate)
            self._block = int(rate * _WRITE_S) * 2
        for start in range(0, len(samples), self._block):
            self._stream.write(samples[start : start + self._block])


class _SamplePlayer:
    """Bare samples of one codec."""

    def __init__(self, stream: _Stream, codec: str, channels: int, rate: int) -> None:
        self._stream = stream
        self._codec, self._channels, self._rate = codec, channels, rate
        self._frame_bytes = SAMPLE_BYTES[codec] * channels
        self._carried = b""

    def write(self, data: bytes) -> None:
        data = self._carried + data
        whole = len(data) - len(data) % self._frame_bytes
        self._carried = data[whole:]
        frames = [data[:whole]]
        for block in convert(
            frames, self._codec, self._channels, self._rate, self._rate
        ):
            self._stream.write(block, self._rate)

    def finish(self) -> None:
        """Nothing is kept back."""


class _WavPlayer:
    """Samples behind a header, which says what they are."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._reader = WavHeaderReader()
        self._samples: _SamplePlayer | None = None

    def write(self, data: bytes) -> None:
        if self._samples is not None:
            self._samples.write(data)
            return
        self._reader.receive(data)
        if self._reader.header is not None:
            self._samples = self._player_for(self._reader.header)
            self._samples.write(self._reader.rest)

    def finish(self) -> None:
        if self._samples is None:
            raise self._reader.end()

    def _player_for(self, header: WavHeader) -> _SamplePlayer:
        if not header.is_decodable:
            raise AudioError(f"cannot play {header.codec} in WAV")
        return _SamplePlayer(
            self._stream, header.codec, header.channels, header.sample_rate
        )


class _FilePlayer:
    """Compressed audio, kept in a file and decoded once it is whole."""

    def __init__(self, stream: _Stream, path: Path) -> None:
        self._stream = stream
        self._path = path
        path.touch()

    def write(self, data: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(data)

    def finish(self) -> None:
        from stt_cli.audio.file_source import FileSource

        source = FileSource(self._path)
        rate = source.encoding.sample_rate or 16_000
        for block in source.pcm(rate):
            self._stream.write(block, rate)


def _open(rate: int) -> Any:
    sounddevice = load_portaudio()
    try:
        with quiet_libraries():
            stream = sounddevice.RawOutputStream(
                samplerate=rate, channels=1, dtype="int16"
            )
            stream.start()
    except sounddevice.PortAudioError as fault:
        raise AudioError(
            f"cannot play audio: {fault}",
            hint="`stt devices` lists audio devices; -o FILE does not need one",
        ) from fault
    return stream
