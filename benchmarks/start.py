"""Start-up: ``stt`` beside the fastest of its peers (``gtts-cli --version``).

The peers come from ``pip install gTTS edge-tts httpie``, into any environment
whose ``bin`` is on PATH. Goals: --version 0.5, --help 1.2, session-id --new 0.8.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.pairs import compare, run_once

PEERS = (["gtts-cli", "--version"], ["edge-tts", "--help"], ["http", "--version"])


def main() -> None:
    """Print the three rows beside the fastest peer that is installed."""
    peers = [peer for peer in PEERS if shutil.which(peer[0])]
    if not peers:
        sys.exit("install a peer first: pip install gTTS edge-tts httpie")
    fastest = min(peers, key=lambda peer: min(run_once(peer).wall for _ in range(3)))
    stt = str(Path(sys.executable).with_name("stt"))
    for arguments in (["--version"], ["--help"], ["session-id", "--new"]):
        title = f"stt {' '.join(arguments)} beside {' '.join(fastest)}"
        compare(title, [stt, *arguments], fastest, pairs=11)


if __name__ == "__main__":
    main()
