"""``stt recognize`` of long recordings beside pocketsphinx in a single process.

    python -m benchmarks.local RECORDING... [--seconds 3600] [--pairs 7]

The recordings are joined and repeated until they are that long, half of it as one
file and half as several; both sides get the same WAV files. "Theirs" decodes the
utterances that pocketsphinx's own segmenter finds, one after the other, with one
decoder.
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

_THEIRS = """
import sys, wave
from pocketsphinx import Decoder, Segmenter
decoder = Decoder(loglevel="FATAL")
for name in sys.argv[1:]:
    with wave.open(name) as file:
        for segment in Segmenter().segment(file.getfp()):
            decoder.start_utt()
            decoder.process_raw(segment.pcm, full_utt=True)
            decoder.end_utt()
            print(segment.start_time, decoder.hyp() and decoder.hyp().hypstr)
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
        compare(
            f"local, {given.seconds:.0f} s of audio in {len(files)} files",
            [sys.executable, "-m", "stt_cli", "recognize", *files, "-q"],
            [sys.executable, "-c", _THEIRS, *files],
            pairs=given.pairs,
        )


def _make(recordings: Sequence[str], seconds: float, folder: Path) -> list[str]:
    """Write one file of half the length, and several that share the other half."""
    world = Environment.of_this_process()
    spoken = [
        b"".join(open_source(name, world, raw_rate=16_000).pcm()) + bytes(16_000)
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
