"""Live recognition: how soon a phrase is final, and what listening to silence costs.

    python -m benchmarks.live RECORDING... [--silence 20]

Each recording is fed to ``stt recognize -`` as fast as it is spoken. A phrase's delay
is counted from the end of its last word, as its own time says, to the moment when its
line comes out: the pause that ends it (0.3 s) is part of it. Then so many seconds of
a quiet room (noise at -60 dB) are fed, and the processor time is told that they take
once the model is loaded.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment

_BLOCK_S = 0.1
_COMMAND = (
    *(sys.executable, "-m", "stt_cli", "recognize", "-", "--raw-rate", "16000"),
    *("-f", "jsonl", "--interim", "-q", "--allow-empty"),
)


def spoken(path: str) -> bytes:
    """Return a recording as 16 kHz PCM, with a second of silence behind it."""
    source = open_source(path, Environment.of_this_process(), raw_rate=16_000)
    return b"".join(source.pcm()) + bytes(32_000)


def fed(pcm: bytes) -> Iterator[tuple[float, dict[str, object]]]:
    """Feed PCM in real time; yield each event with the seconds since it began."""
    process = subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin = process.stdin
    began = time.perf_counter()

    def feed() -> None:
        size = int(_BLOCK_S * 32_000)
        for number, at in enumerate(range(0, len(pcm), size)):
            pause = began + number * _BLOCK_S - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            stdin.write(pcm[at : at + size])
            stdin.flush()
        stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    for line in process.stdout:
        # A block is there once it has been spoken: the clock is one block ahead.
        yield time.perf_counter() - began + _BLOCK_S, json.loads(line)
    feeder.join()
    process.wait()


def delays(pcm: bytes) -> tuple[list[float], int]:
    """Return how late each phrase came, and how many partials there were."""
    late, partials = [], 0
    for now, event in fed(pcm):
        if event["type"] == "partial":
            partials += 1
        elif event["type"] == "phrase":
            segment = event["segment"]
            assert isinstance(segment, dict)
            late.append(now - segment["end"])
    return late, partials


def cpu_of_silence(seconds: float) -> float:
    """Return the share of a core that listening to a quiet room takes."""
    noise = np.random.default_rng(0).standard_normal(int((seconds + 6) * 16_000)) * 33
    pcm = noise.astype("<i2").tobytes()
    process = subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    used = []
    for at in range(0, len(pcm), 3_200):
        process.stdin.write(pcm[at : at + 3_200])
        process.stdin.flush()
        time.sleep(_BLOCK_S)
        used.append(_cpu_seconds(process.pid))
    process.stdin.close()
    process.wait()
    loaded = int(5 / _BLOCK_S)
    return (used[-1] - used[loaded]) / ((len(used) - loaded) * _BLOCK_S)


def _cpu_seconds(pid: int) -> float:
    # Fields 14 and 15 of proc(5), in ticks of 10 ms; the name may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Print the delays' median and 95 %, and what silence costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--silence", type=float, default=20.0)
    given = parser.parse_args()
    late: list[float] = []
    for name in given.recordings:
        own, partials = delays(spoken(name))
        print(f"{name}: {len(own)} phrases, {partials} partials, {max(own):.2f} s")
        late += own
    late.sort()
    print(
        f"end of speech to final phrase: median {statistics.median(late):.2f} s, "
        f"95 % {late[min(len(late) - 1, int(0.95 * len(late)))]:.2f} s"
    )
    print(f"a quiet room: {cpu_of_silence(given.silence):.1%} of a core")


if __name__ == "__main__":
    main()
