"""Uploads: ``stt batch submit`` beside ``curl -T``, to a server that discards.

    python -m benchmarks.upload [ROUTE...] [--megabytes 2000] [--pairs 7]

A sparse recording takes no room on the disk and is gone at the end. Everything that
a submission does is in the time: the start of the process, the ledger, the
fingerprint of the recording, the requests around the upload. Goals: wall 1.5 of
curl's, 80 MB of memory.
"""

from __future__ import annotations

import argparse
import struct
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import PAIRS, compare
from benchmarks.servers import serving

ROUTES = {
    "watson": ("watson",),
    "soniox": ("soniox",),
    "scriptix-blob": ("scriptix", "-l", "en"),
    "scriptix-tus": ("scriptix", "-l", "en", "--param", "upload=tus"),
    "scriptix-multipart": ("scriptix", "-l", "en", "--param", "upload=multipart"),
    "scriptix-legacy": ("scriptix", "-l", "en", "--param", "upload=legacy"),
    "azure": ("azure",),
}
KEYS = {
    "SONIOX_API_KEY": "made-up",
    "SCRIPTIX_TOKEN": "made-up",
    "SPEECH_TO_TEXT_AUTH_TYPE": "noAuth",
    "AZURE_SPEECH_KEY": "made-up",
}
_MOST_FOR_AZURE = 499  # MB that its fast transcription takes
_RATE = 16_000


def main() -> None:
    """Print a row for each route."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("routes", nargs="*", metavar="ROUTE", help=", ".join(ROUTES))
    parser.add_argument("--megabytes", type=int, default=2_000)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="stt-upload-") as folder,
        serving("benchmarks.discarding") as (url, _),
    ):
        path = Path(folder) / "recording.wav"
        for route in chosen.routes or ROUTES:
            most = _MOST_FOR_AZURE if route == "azure" else chosen.megabytes
            write_sparse_wav(path, min(chosen.megabytes, most) * 1_000_000)
            submit = [sys.executable, "-m", "stt_cli", "batch", "submit", str(path)]
            compare(
                f"{route}, {path.stat().st_size // 1_000_000} MB, beside curl -T",
                # The same recording again is a submission again.
                [*submit, "--force", "-p", *ROUTES[route], "--endpoint", url],
                ["curl", "-s", "-f", "-T", str(path), f"{url}/blob/1"],
                pairs=chosen.pairs,
                env={**KEYS, "STT_HOME": folder},
            )


def write_sparse_wav(path: Path, size: int) -> None:
    """Write a WAV of so many bytes, silence, that takes no room on the disk."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, _RATE, 2 * _RATE, 2, 16)
    head = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + form
    with path.open("wb") as file:
        file.write(head + b"data" + struct.pack("<I", size - 44))
        file.truncate(size)


if __name__ == "__main__":
    main()
