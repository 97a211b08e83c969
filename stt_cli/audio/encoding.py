"""Speech that was made here, as FLAC, OGG, Opus or MP3: libsndfile writes them.

WAV and raw PCM need no encoder and are made as they come. The others' headers tell
the length, so they are written to a temporary file first: constant memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stt_cli.audio.conversion import convert
from stt_cli.core.errors import ConfigurationError, OutputError

_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Encoding:
    """How libsndfile writes a format. ``rates`` are those that it can have."""

    container: str
    codec: str
    format: str
    subtype: str
    content_type: str
    rates: tuple[int, ...] = ()

    def rate_for(self, rate: int) -> int:
        """Return the rate to write for audio of a rate, in hertz."""
        if not self.rates or rate in self.rates:
            return rate
        return min((one for one in self.rates if one >= rate), default=self.rates[-1])


_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
ENCODINGS = {
    "flac": Encoding("flac", "flac", "FLAC", "PCM_16", "audio/flac"),
    "ogg": Encoding("ogg", "vorbis", "OGG", "VORBIS", "audio/ogg"),
    "opus": Encoding("ogg", "opus", "OGG", "OPUS", "audio/ogg", _OPUS_RATES),
    "mp3": Encoding("mp3", "mp3", "MP3", "MPEG_LAYER_III", "audio/mpeg", _MP3_RATES),
}
"""The formats by the name that ``--audio-format`` and suffixes give them."""


def encoded(blocks: Iterable[bytes], rate: int, encoding: Encoding) -> Iterator[bytes]:
    """Yield 16-bit mono PCM as a file of that encoding, once all of it is there.

    Raises:
        ConfigurationError: the libsndfile here does not write it.
        OutputError: there is no room for the temporary file.
    """
    import numpy as np
    import soundfile

    if not soundfile.check_format(encoding.format, encoding.subtype):
        raise ConfigurationError(
            f"the installed libsndfile cannot write {encoding.codec}",
            hint="reinstall soundfile, or write WAV or FLAC",
        )
    target = encoding.rate_for(rate)
    try:
        with tempfile.TemporaryFile(prefix="stt-") as file:
            with soundfile.SoundFile(
                file,
                "w",
                samplerate=target,
                channels=1,
                format=encoding.format,
                subtype=encoding.subtype,
            ) as sound:
                for block in convert(blocks, "pcm_s16le", 1, rate, target):
                    sound.write(np.frombuffer(block, "<i2"))
            file.seek(0)
            while data := file.read(_READ_BYTES):
                yield data
    except OSError as fault:
        raise OutputError(
            f"cannot encode the audio: {fault.strerror or fault}",
            hint="free up space in the temporary folder, or set TMPDIR to a "
            "different one",
        ) from fault
