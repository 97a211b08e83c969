"""A recording's channels, each as a recording of its own."""

from __future__ import annotations

from collections.abc import Sequence

from stt_cli.audio.file_source import FileSource
from stt_cli.audio.source import AudioSource
from stt_cli.audio.stream_source import StreamSource
from stt_cli.audio.web_source import WebSource


def channels_of(source: AudioSource) -> Sequence[AudioSource]:
    """Return one source a channel, in order; the source itself where it has one.

    A pipe is read to its end first, an address fetched: both are kept in a file.

    Raises:
        AudioError: it cannot be read, or not be decoded.
    """
    file = source
    if isinstance(file, StreamSource | WebSource):
        file = file.kept()
    if not isinstance(file, FileSource) or file.channels <= 1:
        return (file,)
    return [file.channel(index) for index in range(file.channels)]
