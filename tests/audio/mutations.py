"""Reads mutated recordings, as a process of its own whose memory can be measured.

``python -m tests.audio.mutations SEED COUNT`` prints what it saw as JSON; anything
on standard error is a fault.
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import soundfile

from stt_cli.audio.file_source import FileSource
from stt_cli.core.errors import AudioError
from tests.audio.tones import tone

SECONDS = 0.3
KINDS: dict[str, dict[str, str]] = {
    "flac": {"format": "FLAC"},
    "vorbis": {"format": "OGG", "subtype": "VORBIS"},
    "opus": {"format": "OGG", "subtype": "OPUS"},
    "mp3": {"format": "MP3"},
    "aiff": {"format": "AIFF"},
    "aiff24": {"format": "AIFF", "subtype": "PCM_24"},
    "aifc": {"format": "AIFF", "subtype": "ULAW"},
    "aiff-float": {"format": "AIFF", "subtype": "FLOAT"},
    "aiff-ima": {"format": "AIFF", "subtype": "IMA_ADPCM"},
    "au": {"format": "AU", "subtype": "ULAW"},
    "au-double": {"format": "AU", "subtype": "DOUBLE"},
    "adpcm": {"format": "WAV", "subtype": "MS_ADPCM"},
    "gsm": {"format": "WAV", "subtype": "GSM610"},
    "caf": {"format": "CAF"},
    "alac": {"format": "CAF", "subtype": "ALAC_16"},
    "alac24": {"format": "CAF", "subtype": "ALAC_24"},
    "w64": {"format": "W64"},
    "rf64": {"format": "RF64"},
    "wav-float": {"format": "WAV", "subtype": "FLOAT"},
    "wav-double": {"format": "WAV", "subtype": "DOUBLE"},
    "rifx": {"format": "WAV", "endian": "BIG"},
    "nist": {"format": "NIST"},
    "voc": {"format": "VOC"},
}
# libsndfile writes more, and does not read back what it wrote.
ONE_CHANNEL = frozenset({"gsm", "nist", "voc"})


def whole(kind: str, channels: int) -> bytes:
    """Return a good recording."""
    buffer = io.BytesIO()
    samples = np.array(tone(SECONDS), np.float32)
    soundfile.write(
        buffer, np.stack([samples] * channels, axis=1), 16_000, **KINDS[kind]
    )
    return buffer.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a recording that is no longer good, most often in its header."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        header = chance.random() < 0.8
        at = chance.randrange(min(len(changed), 120) if header else len(changed))
        width = chance.choice([1, 1, 2, 4])
        most = b"\x7f" + b"\xff" * (width - 1)
        changed[at : at + width] = chance.choice(
            [bytes(width), b"\xff" * width, most, chance.randbytes(width)]
        )
    if chance.random() < 0.1:
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


def read(path: Path) -> float:
    """Return how many seconds are promised or heard, whichever is more."""
    source = FileSource(path)
    promised = source.duration or 0.0
    return max(promised, sum(len(block) for block in source.pcm()) / 32_000)


def main(seed: int, count: int) -> None:
    """Read so many recordings and print what became of them."""
    warnings.simplefilter("error")
    chance = random.Random(seed)
    refused, longest = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(whole("flac", 1))
        read(path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(count):
            kind = chance.choice(list(KINDS))
            channels = 1 if kind in ONE_CHANNEL else chance.choice([1, 2])
            path.write_bytes(mutated(whole(kind, channels), chance))
            try:
                longest = max(longest, read(path))
            except AudioError:
                refused += 1
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"refused": refused, "longest": longest, "kb": after - before}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
