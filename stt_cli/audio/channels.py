"""A recording's channels, each as a recording of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from stt_cli.audio.file_source import FileSource
from stt_cli.audio.source import AudioSource
from stt_cli.audio.web_source import WebSource
from stt_cli.core.errors import AudioError

_LONGEST_TO_HEAR_S = 1_200.0  # a second of work


def warn_of_mixed_channels(source: AudioSource) -> None:
    """Let a recording that a service took as it is have its notices, too.

    Only of several channels something may be amiss that the service does not tell:
    that it mixed two people who speak at once.
    """
    if not isinstance(source, FileSource) or source.was_heard:
        return
    with suppress(AudioError):
        length = source.duration
        if source.encoding.channels > 1 and length and length <= _LONGEST_TO_HEAR_S:
            for _ in source.pcm():
                pass


def channels_of(source: AudioSource) -> Sequence[AudioSource]:
    """Return one source a channel, in order; the source itself where it has one.

    A pipe is read to its end first, an address fetched: both are kept in a file.

    Raises:
        AudioError: it cannot be read, or not be decoded.
    """
    file = source
    from stt_cli.audio.stream_source import StreamSource

    if isinstance(file, StreamSource | WebSource):
        file = file.kept()
    if not isinstance(file, FileSource) or file.channels <= 1:
        return (file,)
    return [file.channel(index) for index in range(file.channels)]
