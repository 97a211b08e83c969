"""One short file, whole process, beside Microsoft's Python SDK.

    python -m benchmarks.one_shot RECORDING.wav [--transport auto] [--pairs 7]

Both recognize the same file against the same emulator. Goals: wall 1.0, CPU 1.0,
peak memory 1.3.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.pairs import PAIRS, compare
from benchmarks.servers import serving

_THEIRS = """
import sys
import azure.cognitiveservices.speech as sdk
host, file = sys.argv[1:]
config = sdk.SpeechConfig(subscription="0" * 32, host=host)
audio = sdk.audio.AudioConfig(filename=file)
print(sdk.SpeechRecognizer(config, audio_config=audio).recognize_once().text)
"""


def main() -> None:
    """Run both sides in turn, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording")
    parser.add_argument("--transport", default="auto")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args()
    emulator = ("stt_cli", "emulate", "azure", "--transcript", "What's the weather?")
    with serving(*emulator) as (base_url, _):
        ours = [sys.executable, "-m", "stt_cli", "recognize", given.recording]
        ours += ["-p", "azure", "--endpoint", base_url, "--transport", given.transport]
        host = base_url.replace("http", "ws")
        compare(
            f"one-shot, --transport {given.transport}",
            [*ours, "--mode", "interactive", "-q"],
            [sys.executable, "-c", _THEIRS, host, given.recording],
            pairs=given.pairs,
        )


if __name__ == "__main__":
    main()
