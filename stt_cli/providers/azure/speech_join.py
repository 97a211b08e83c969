"""Several answers as one piece of audio: one WAV header, the samples of all."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from stt_cli.audio.wav import WavHeaderReader
from stt_cli.core.errors import ProviderError

_OPEN = 0xFFFF_FFFF


def joined_wav(answers: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Yield WAV answers as one WAV, whose sizes are left open.

    Raises:
        AudioError: an answer is no WAV.
        ProviderError: an answer ends before its header says; cut-off speech
            would otherwise pass for whole.
    """
    for index, blocks in enumerate(answers):
        reader, head, left = WavHeaderReader(), bytearray(), None
        for block in blocks:
            if reader.header is None:
                head += block
                reader.receive(block)
                if reader.header is None:
                    continue
                if index == 0:
                    yield _with_open_sizes(bytes(head), reader.header.data_offset)
                left = reader.header.data_size
                block = reader.rest
            if left is not None:
                block = block[:left]
                left -= len(block)
            if block:
                yield block
        if reader.header is None:
            raise reader.end()
        if left and reader.header.size_is_firm:
            raise ProviderError(
                f"the audio ends {left:,} bytes before its header says",
                hint="try again; a proxy in between may have cut it",
                transient=True,
            )


def _with_open_sizes(head: bytes, data_offset: int) -> bytes:
    size = struct.pack("<I", _OPEN)
    return head[:4] + size + head[8 : data_offset - 4] + size
