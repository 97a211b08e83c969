"""From the service's last word to the text on our standard output.

    python -m benchmarks.latency [--runs 15]

The server answers the end of the audio at once and notes when it did; both clocks
are the machine's monotonic one. Goal: at most 5 ms at the median.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.servers import serving
from stt_cli.audio.wav import pcm_header

_SECOND = 32_000


def main() -> None:
    """Recognize a second of audio again and again, print the delays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving("benchmarks.acknowledging") as (port, moments),
    ):
        file = Path(folder, "second.wav")
        file.write_bytes(pcm_header(16_000, _SECOND) + bytes(_SECOND))
        command = [sys.executable, "-m", "stt_cli", "recognize", str(file), "-q"]
        command += ["-p", "azure", "--endpoint", f"http://127.0.0.1:{port}"]
        command += ["--transport", "websocket"]
        delays = []
        for _ in range(given.runs):
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                assert process.stdout.readline().strip() == b"Done."
                printed = time.monotonic_ns()
            answered = int(moments.readline())
            delays.append((printed - answered) / 1e6)
        delays.sort()
        print(
            f"latency: median {statistics.median(delays):.2f} ms, "
            f"fastest {delays[0]:.2f}, slowest {delays[-1]:.2f} (goal 5)"
        )


if __name__ == "__main__":
    main()
