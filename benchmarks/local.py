"""``stt recognize`` of long recordings, and of a short one, beside faster-whisper.

    python -m benchmarks.local RECORDING... [--seconds 3600] [--pairs 7]

The recordings are joined and repeated until they are that long, half of it as one
file and half as several; both sides get the same WAV files and the same weights, in
int8. "Theirs" is faster-whisper (``pip install faster-whisper``) with its detector of
speech on, as many threads as cores, one file after the other. Then both recognize the
first recording alone, as whole processes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from benchmarks.pairs import PAIRS, compare
from stt_cli.audio.open import open_source
from stt_cli.audio.wav import pcm_header
from stt_cli.core.environment import Environment
from stt_cli.engines.whisper.catalog import BUNDLED
from stt_cli.engines.whisper.store import ModelStore

_THEIRS = """
import os, sys
from faster_whisper import WhisperModel
model = WhisperModel(
    sys.argv[1], device="cpu", compute_type="int8", cpu_threads=os.cpu_count()
)
for name in sys.argv[2:]:
    segments, _ = model.transcribe(name, language="en", vad_filter=True)
    for segment in segments:
        print(segment.start, segment.text)
"""
_FILES = 4  # the second half


def main() -> None:
    """Make the recordings, run both sides in turn, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = _make(given.recordings, given.seconds, Path(folder))
        weights = ModelStore(Environment.of_this_process()).find(BUNDLED)
        assert weights is not None
        theirs = [sys.executable, "-c", _THEIRS, str(weights.folder)]
        ours = [sys.executable, "-m", "stt_cli", "recognize", "-q"]
        short = given.recordings[0]
        compare(
            f"local, short: {Path(short).name}",
            [*ours, short],
            [*theirs, short],
            pairs=given.pairs,
        )
        compare(
            f"local, {given.seconds:.0f} s of audio in {len(files)} files",
            [*ours, *files],
            [*theirs, *files],
            pairs=given.pairs,
        )


def _make(recordings: Sequence[str], seconds: float, folder: Path) -> list[str]:
    """Write one file of half the length, and several that share the other half."""
    environment = Environment.of_this_process()
    spoken = [
        b"".join(open_source(name, environment, raw_rate=16_000).pcm()) + bytes(16_000)
        for name in recordings
    ]
    lengths = [seconds / 2] + [seconds / 2 / _FILES] * _FILES
    names = []
    for number, length in enumerate(lengths):
        pcm = bytearray()
        for one in islice(cycle(spoken), number, None):
            if len(pcm) >= length * 32_000:
                break
            pcm += one
        data = bytes(pcm[: round(length * 16_000) * 2])
        path = folder / f"{number}.wav"
        path.write_bytes(pcm_header(16_000, len(data)) + data)
        names.append(str(path))
    return names


if __name__ == "__main__":
    main()
