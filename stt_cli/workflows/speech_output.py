"""Where synthesised audio goes: a file, a stream, the loudspeaker, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import BinaryIO, Protocol

from stt_cli.audio.wav_sizes import WavSizes
from stt_cli.core.speech import SpeechFormat


class AudioOutput(Protocol):
    """Takes encoded audio in blocks of any length."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> None:
        """Take note that the audio is whole."""


OpenOutput = Callable[[SpeechFormat], AbstractContextManager[AudioOutput]]
"""Opens an output once the format is known; leaving early drops a partial file."""


@contextmanager
def to_file(path: str, *, force: bool) -> Iterator[AudioOutput]:
    """Write a file that is there whole or not at all, its WAV sizes correct."""
    from stt_cli.formats.files import whole_file

    with whole_file(path, force=force) as file:
        yield _FileOutput(file)


@contextmanager
def to_stream(stream: BinaryIO) -> Iterator[AudioOutput]:
    """Write to a stream that cannot go back, each block at once."""
    yield _StreamOutput(stream)


@contextmanager
def to_all(
    outputs: Sequence[OpenOutput], speech: SpeechFormat
) -> Iterator[AudioOutput]:
    """Write to several outputs."""
    with ExitStack() as stack:
        yield _AllOutputs([stack.enter_context(open_(speech)) for open_ in outputs])


class _FileOutput:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sizes = WavSizes()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._sizes.watch(data)

    def finish(self) -> None:
        if self._file.seekable():
            self._sizes.correct(self._file)


class _StreamOutput:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._stream.flush()

    def finish(self) -> None:
        self._stream.flush()


class _AllOutputs:
    def __init__(self, outputs: Sequence[AudioOutput]) -> None:
        self._outputs = outputs

    def write(self, data: bytes) -> None:
        for output in self._outputs:
            output.write(data)

    def finish(self) -> None:
        for output in self._outputs:
            output.finish()
