"""An hour of audio at ``--pace fast``, beside the plain websockets library.

    python -m benchmarks.stream [--seconds 3600] [--pairs 7]

Both send the same bytes in the same messages to a server that only acknowledges.
Goals: wall 1.3; peak memory that does not depend on the length, which a second
comparison, of our client with a tenth of the audio, shows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import PAIRS, compare, run_once
from benchmarks.servers import serving
from stt_cli.audio.wav import pcm_header

_THEIRS = """
import sys
from websockets.sync.client import connect
url, file = sys.argv[1:]
head = (b"Path: audio\\r\\nX-RequestId: " + b"0" * 32
        + b"\\r\\nX-Timestamp: 2026-11-20T14:03:05.123Z"
        + b"\\r\\nContent-Type: audio/x-wav\\r\\n")
head = len(head).to_bytes(2, "big") + head
with connect(url, compression=None) as socket, open(file, "rb") as audio:
    while block := audio.read(3200):
        socket.send(head + block)
    socket.send(head)
    for _ in range(3):
        socket.recv()
"""
_BYTES_A_SECOND = 32_000


def main() -> None:
    """Make the recordings, run both sides in turn, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving("benchmarks.acknowledging") as (port, _),
    ):
        long = _recording(Path(folder, "long.wav"), given.seconds)
        short = _recording(Path(folder, "short.wav"), given.seconds // 10)
        ours = [sys.executable, "-m", "stt_cli", "recognize", "-p", "azure", "-q"]
        ours += ["--endpoint", f"http://127.0.0.1:{port}", "--pace", "fast"]
        ours += ["--transport", "websocket"]
        theirs = [sys.executable, "-c", _THEIRS, f"ws://127.0.0.1:{port}/", long]
        compare(
            f"stream, {given.seconds} s of audio",
            [*ours, long],
            theirs,
            pairs=given.pairs,
        )
        less, more = (run_once([*ours, file]).memory for file in (short, long))
        print(f"peak memory of ours: {less:.0f} MB for a tenth, {more:.0f} MB for all")


def _recording(path: Path, seconds: int) -> str:
    second = bytes(range(256)) * (_BYTES_A_SECOND // 256)
    with path.open("wb") as file:
        file.write(pcm_header(16_000, seconds * _BYTES_A_SECOND))
        for _ in range(seconds):
            file.write(second)
    return str(path)


if __name__ == "__main__":
    main()
